// What callers do later with lists and records that they passed changes nothing, and a tensor's shape cannot be changed.
import {
  arange,
  compile,
  full,
  Generator,
  init,
  loss,
  nn,
  ones,
  optim,
  overlapAdd,
  pad,
  roll,
  scatterAdd,
  type Tensor,
  tensor,
  tile,
  Variable,
  variance,
  windows,
  zeros,
} from "tidu";
import { dataset } from "tidu/data";
import { describe, expect, test } from "vitest";

const image = () => arange(72).reshape([1, 2, 6, 6]).sin();
const grid = () => arange(6).reshape([2, 3]);

/** Two compiled steps of an optimizer on w², from w = (1, 2). */
async function train(optimizer: optim.Optimizer): Promise<Tensor> {
  const w = new Variable(tensor([1, 2]));
  const step = compile(() => optimizer.minimize(w.square().sum(), [w]));
  await step();
  await step();
  return w;
}

/** What is passed, and what is made of it; a function is called after the change, and makes the tensor. */
type Case = [name: string, given: unknown[], make: (...given: never[]) => Tensor | (() => Tensor | Promise<Tensor>)];

const CASES: Case[] = [
  ["tensor", [[2, 2]], (shape: number[]) => tensor([1, 2, 3, 4], shape)],
  ["tensor of lists", [[[1, 2], [3]].slice(0, 1)], (values: number[][]) => tensor(values)],
  ["full", [[2, 3]], (shape: number[]) => full(shape, 3)],
  ["zeros", [[2, 3]], (shape: number[]) => zeros(shape)],
  ["ones", [[2, 3]], (shape: number[]) => ones(shape).add(1)],
  ["Generator.uniform", [[2, 3]], (shape: number[]) => new Generator(1).uniform(shape)],
  ["Generator.normal", [[2, 3]], (shape: number[]) => new Generator(1).normal(shape)],
  ["Parameter", [[2, 3]], (shape: number[]) => new nn.Parameter(shape, init.constant(2))],
  ["Variable", [[2, 3]], (shape: number[]) => new Variable(ones(shape))],
  ["reshape", [[3, 2]], (shape: number[]) => grid().reshape(shape)],
  ["broadcastTo", [[2, 3]], (shape: number[]) => arange(3).broadcastTo(shape)],
  ["permute", [[1, 0]], (axes: number[]) => grid().permute(axes)],
  ["flip", [[0]], (axes: number[]) => grid().flip(axes)],
  ["sum", [[0]], (axes: number[]) => grid().sum(axes)],
  ["variance", [[0], { correction: 0 }], (axes: number[], options: object) => variance(grid(), axes, options)],
  ["tile", [[2, 3]], (times: number[]) => tile(grid(), times)],
  [
    "roll",
    [
      [3, 2],
      [0, 1],
    ],
    (shift: number[], axes: number[]) => roll(grid(), shift, axes),
  ],
  [
    "pad",
    [
      [
        [1, 0],
        [0, 2],
      ],
    ],
    (widths: [number, number][]) => grid().pad(widths),
  ],
  [
    "pad with",
    [
      [
        [3, 0],
        [0, 2],
      ],
      { value: 3 },
    ],
    (w: [number, number][], how: object) => pad(grid(), w, how),
  ],
  [
    "windows",
    [[3], { stride: [2], padding: [3], dilation: [2] }],
    (kernel: number[], how: { stride: number[]; padding: number[]; dilation: number[] }) =>
      windows(arange(12), kernel, how),
  ],
  [
    "overlapAdd",
    [[6], [2], { stride: [2], padding: [0], dilation: [1] }],
    (shape: number[], kernel: number[], how: { stride: number[]; padding: number[]; dilation: number[] }) =>
      overlapAdd(ones([3, 2]), shape, kernel, how),
  ],
  ["scatterAdd", [[2]], (shape: number[]) => scatterAdd(zeros(shape), tensor(Int32Array.of(0, 0)), ones([2]))],
  ["dataset", [[3]], (shape: number[]) => dataset(Float32Array.of(1, 2, 3), shape, Int32Array.of(0)).inputs],
  [
    "crossEntropy",
    [{ weight: [1, 2, 3], reduction: "sum" }],
    (options: object) => loss.crossEntropy(grid(), tensor(Int32Array.of(0, 1)), options),
  ],
  [
    "conv2d",
    [[3, 3], { stride: [2, 2], padding: [1, 0], bias: false, init: init.constant(1) }],
    (kernel: [number, number], how: object) => {
      const layer = nn.conv2d(2, 2, kernel, how);
      return () => layer.forward(image());
    },
  ],
  [
    "maxPool2d",
    [[3, 3], { stride: [2, 2], padding: [1, 0] }],
    (kernel: [number, number], how: object) => {
      const layer = nn.maxPool2d(kernel, how);
      return () => layer.forward(image());
    },
  ],
  [
    "layerNorm",
    [[6, 6]],
    (shape: number[]) => {
      const layer = nn.layerNorm(shape);
      return () => layer.forward(image());
    },
  ],
  [
    "upsample",
    [{ scale: [2, 3] }],
    (options: { scale: number[] }) => {
      const layer = nn.upsample(options);
      return () => layer.forward(image());
    },
  ],
  ...(["sgd", "rmsprop"] as const).map(
    (name): Case => [
      name,
      [{ lr: 0.25, momentum: 0.5, weightDecay: 0.25, clipNorm: 1 }],
      (options: { lr: number }) => {
        const optimizer = optim[name](options);
        return () => train(optimizer);
      },
    ],
  ),
  ...(["adam", "adamw", "lion", "nadam"] as const).map(
    (name): Case => [
      name,
      [{ lr: 0.25, betas: [0.5, 0.75], weightDecay: 0.25 }],
      (options: { lr: number }) => {
        const optimizer = optim[name](options);
        return () => train(optimizer);
      },
    ],
  ),
];

/** Changes every number inside. */
function spoil(given: unknown): void {
  if (typeof given !== "object" || given === null) return;
  for (const [key, value] of Object.entries(given)) {
    if (typeof value === "number") Object.assign(given, { [key]: value === 1 ? 2 : 1 });
    else spoil(value);
  }
}
const copyOf = (given: unknown): unknown => {
  if (Array.isArray(given)) return given.map(copyOf);
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, copyOf(value)]));
};

describe("what is passed may be changed afterwards", () => {
  test.each(CASES)("%s", async (_, given, make) => {
    const outcome = async (change: (passed: unknown[]) => void) => {
      const passed = given.map(copyOf);
      const made = make(...(passed as never[]));
      change(passed);
      const y = typeof made === "function" ? await made() : made;
      return [y.shape, await y.data()];
    };
    expect(await outcome((passed) => passed.forEach(spoil))).toEqual(await outcome(() => {}));
  });
});

test("an optimizer's options cannot be changed either", () => {
  const { options } = optim.adam({ lr: 0.1, betas: [0.5, 0.9] });
  expect(() => Object.assign(options, { lr: 1 })).toThrow(TypeError);
  expect(() => Object.assign(options.betas as readonly number[], { 0: 1 })).toThrow(TypeError);
});

test.each([
  ["a tensor", tensor([1, 2])],
  ["a result", tensor([1, 2]).add(1)],
  ["a view", grid().permute([1, 0])],
  ["a variable", new Variable(tensor([1, 2]))],
  ["a parameter", nn.linear(2, 3).weight],
])("the shape of %s cannot be changed", (_, x) => {
  const before = [...x.shape];
  expect(() => Object.assign(x.shape, { 0: 9 })).toThrow(TypeError);
  expect(x.shape).toEqual(before);
});

test("a list that contains itself is an error", () => {
  const [one, two]: unknown[][] = [[], []];
  one.push(two);
  two.push(one);
  expect(() => tensor(one as number[])).toThrow("tensor: values is a list that contains itself; give lists of numbers");
});

test("an array whose buffer is gone is an error", () => {
  const values = Float32Array.of(1, 2);
  structuredClone(values.buffer, { transfer: [values.buffer] });
  expect(() => tensor(values)).toThrow(/^tensor: values is Float32Array\(0\); it must be a typed array with elements/);
  expect(() => tensor(values, [2])).toThrow(/^tensor: values is Float32Array\(0\)/);
});
