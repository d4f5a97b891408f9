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

export const TENSOR: Rows = {
  tensor: make(() => [[1, 2, 3], [3], "f32"]),
  full: make(() => [[2, 3], 1]),
  zeros: make(() => [[2, 3]]),
  ones: make(() => [[2, 3]]),
  arange: make(() => [3]),
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
