// Tensors, variables, random numbers, devices and compiled functions.
import { tidu } from "../packages.js";
import { make, on, type Rows } from "../row.js";

const { tensor, Variable, Generator, compile, WasmDevice } = tidu;

const a = () =>
  tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
const row = () => tensor([[1, 2, 3]]);
const method = (name: string, ...args: (() => unknown)[]): Rows => ({
  [`Tensor.${name}`]: on(a, () => args.map((arg) => arg())),
});
const value = (v: unknown) => () => v;
const both = (name: string) => method(name, row);
const windowOptions = () => ({ stride: [1], padding: [0], dilation: [1] });

const wholes = () => tensor(Int32Array.of(0, 1, 1));
const truth = () => tensor([true, false, true]);
const vector = () => tensor([1, 2, 3]);
const same = (...names: string[]): Rows => Object.fromEntries(names.map((name) => [name, make(() => [a()])]));
const FUNCTIONS: Rows = {
  ...same("round", "ceil", "trunc", "rsqrt", "reciprocal", "tan", "atan", "log2", "isNaN", "isFinite", "unique"),
  clip: make(() => [a(), 2, 4]),
  mod: make(() => [a(), 2]),
  atan2: make(() => [a(), 2]),
  ne: make(() => [a(), 2]),
  and: make(() => [truth(), truth()]),
  or: make(() => [truth(), truth()]),
  xor: make(() => [truth(), truth()]),
  maskedFill: make(() => [vector(), truth(), 0]),
  variance: make(() => [a(), [0, 1], { correction: 1, keep: true }]),
  std: make(() => [a(), 1, { correction: 1, keep: true }]),
  norm: make(() => [a(), 1, { order: 2, keep: true }]),
  prod: make(() => [a(), 1, true]),
  argmin: make(() => [a(), 1]),
  logsumexp: make(() => [a(), 1, true]),
  any: make(() => [a(), 1, true]),
  all: make(() => [a(), 1, true]),
  cumsum: make(() => [a(), 1]),
  cumprod: make(() => [a(), 1]),
  argsort: make(() => [a(), 1, true]),
  sort: make(() => [a(), 1, true]),
  topk: make(() => [a(), 2, 1, true]),
  bincount: make(() => [wholes(), 2]),
  stack: make(() => [[a(), a()], 1]),
  split: make(() => [a(), [1, 2], 1]),
  chunk: make(() => [a(), 2, 1]),
  tile: make(() => [a(), [2, 1]]),
  roll: make(() => [a(), [1], [1]]),
  at: make(() => [a(), -1, [0, 2]]),
  meshgrid: make(() => [[vector(), vector()], "ij"]),
  takeAlongAxis: make(() => [vector(), wholes(), 0]),
  scatter: make(() => [vector(), wholes(), vector(), 0]),
  scatterAdd: make(() => [vector(), wholes(), vector(), 0]),
  eye: make(() => [2, 3]),
  tril: make(() => [a(), 0]),
  triu: make(() => [a(), 0]),
  linspace: make(() => [0, 1, 3]),
  oneHot: make(() => [wholes(), 2]),
  einsum: make(() => ["ij,kj->ik", a(), a()]),
  dot: make(() => [vector(), vector()]),
  outer: make(() => [vector(), vector()]),
  pad: make(() => [
    a(),
    [
      [0, 1],
      [1, 0],
    ],
    { mode: "constant", value: 2 },
  ]),
  interpolate: make(() => [a().reshape([1, 1, 2, 3]), { size: [3, 4], mode: "bilinear", alignCorners: true }]),
  "interpolate (by scale)": make(() => [a().reshape([1, 1, 2, 3]), { scale: [2, 1.5] }]),
};

export const TENSOR: Rows = {
  tensor: make(() => [[1, 2, 3], [3], "f32"]),
  full: make(() => [[2, 3], 1]),
  zeros: make(() => [[2, 3]]),
  ones: make(() => [[2, 3]]),
  arange: make(() => [0, 3, 1]),
  ...FUNCTIONS,
  concat: make(() => [[a(), row()], 0]),
  ...both("add"),
  ...both("sub"),
  ...both("mul"),
  ...both("div"),
  ...both("pow"),
  ...both("maximum"),
  ...both("minimum"),
  ...both("lt"),
  ...both("le"),
  ...both("gt"),
  ...both("ge"),
  ...both("eq"),
  ...method("data", value("f32")),
  "Tensor.where": on(
    () => a().gt(2),
    () => [row(), 0],
  ),
  ...method("softmax", value(1)),
  ...method("logSoftmax", value(1)),
  ...method("sum", value([0]), value(true)),
  ...method("mean", value(0), value(true)),
  ...method("max", value([0, 1]), value(true)),
  ...method("min", value(1), value(true)),
  ...method("argmax", value(1)),
  ...method(
    "pipe",
    value((x: InstanceType<typeof tidu.Tensor>) => x.add(1)),
  ),
  ...method("to", value("i32")),
  ...method("matmul", () => tensor([[1], [2], [3]])),
  ...method("transpose", value(0), value(1)),
  ...method("permute", value([1, 0])),
  ...method("reshape", value([3, -1])),
  ...method("flatten", value(0)),
  "Tensor.broadcastTo": on(row, () => [[2, 3]]),
  ...method("slice", value(1), value(0), value(2), value(1)),
  ...method(
    "pad",
    value([
      [1, 0],
      [0, 2],
    ]),
  ),
  ...method("flip", value([0])),
  ...method("unsqueeze", value(1)),
  "Tensor.squeeze": on(row, () => [0]),
  ...method("gather", () => tensor(Int32Array.of(0, 1)), value(0)),
  windows: make(() => [row(), [2], windowOptions()]),
  overlapAdd: make(() => [
    tensor([
      [
        [1, 2],
        [3, 4],
      ],
    ]),
    [1, 3],
    [2],
    windowOptions(),
  ]),
  windowCount: make(() => [5, 3, 1, 0, 1]),
  "new Variable": make(
    () => [tensor([1, 2]), "weight"],
    (v: InstanceType<typeof Variable>) => v.add(1).data(),
  ),
  "Variable.assign": () => {
    const self = new Variable(tensor([1, 2]));
    return { self, args: [tensor([3, 4])], use: () => self.data() };
  },
  "Variable.trainable=": on(
    () => new Variable(tensor([1, 2])),
    () => [false],
  ),
  grad: () => {
    const v = new Variable(tensor([1, 2]));
    return { args: [v.square().sum(), [v]] };
  },
  scan: make(() => [
    // States and sequences may be lists and records, too: the body takes any.
    (s: InstanceType<typeof tidu.Tensor>, x: InstanceType<typeof tidu.Tensor>) => [s, x],
    tensor([1, 2]),
    tensor([
      [1, 2],
      [3, 4],
    ]),
    { reverse: true, length: 2 },
  ]),
  recompute: make(() => [() => tensor([1]).add(1)]),
  compile: make(
    () => [(x: InstanceType<typeof tidu.Tensor>) => x.add(1)],
    (f: (x: unknown) => unknown) => f(tensor([1])),
  ),
  "compile()": on(
    () => compile((x, y) => x.add(y)),
    () => [tensor([1, 2]), 3],
  ),
  "compile().prepare": on(
    () => compile((x, y) => x.add(y)),
    () => [tensor([1, 2]), 3],
  ),
  "new Generator": make(
    () => [3],
    (g: InstanceType<typeof Generator>) => g.uniform([2]).data(),
  ),
  "Generator.uniform": on(
    () => new Generator(3),
    () => [[2, 4], { paired: true }],
  ),
  "Generator.normal": on(
    () => new Generator(3),
    () => [[2, 4]],
  ),
  manualSeed: make(
    () => [3],
    () => tidu.nn.linear(2, 1).weight.data(),
  ),
  withGenerator: make(() => [new Generator(3), () => tidu.nn.linear(2, 1).weight]),
  setDevice: make(
    () => [undefined],
    () => tensor([1]).add(1).data(),
  ),
  "new WasmDevice": make(
    () => [{ threads: 1, memoryLimit: 2 ** 31, portable: true, observe: () => {} }],
    (device: InstanceType<typeof WasmDevice>) => device.close(),
  ),
};
