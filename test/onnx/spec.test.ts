// What ONNX's specification says where ONNX Runtime does otherwise, or approximates.
import { describe, expect, it, test } from "vitest";
import { importOnnx } from "../../packages/onnx/src/index.js";
import type { TensorToWrite } from "../../packages/onnx/src/proto/schema.js";
import { tensor } from "../../packages/tidu/src/index.js";
import { onOneThread } from "./support/device.js";
import { floats, int, ints, model, node, string, whole } from "./support/graph.js";

onOneThread();

const ML = [{ domain: "ai.onnx.ml", version: 3 }];
type Nodes = Parameters<typeof model>[0]["nodes"];

/** What a graph makes of samples. */
async function resultOf(nodes: Nodes, x: number[][], initializers: TensorToWrite[] = [], opset = 17) {
  const input = ["n", ...tensor(x).shape.slice(1)];
  const net = await importOnnx(model({ nodes, initializers, input, opset, imports: ML }));
  const y = await net.predict(tensor(x));
  return { shape: y.shape, values: await y.array() };
}

const machine = (post: string) => ({
  ...node("SVMClassifier", ["x"], ["label", "y"], {
    kernel_type: string("LINEAR"),
    support_vectors: floats([1, 0, 0, 1]),
    coefficients: floats([1, -1]),
    vectors_per_class: ints([1, 1]),
    classlabels_ints: ints([0, 1]),
    rho: floats([0.25]),
    post_transform: string(post),
  }),
  domain: "ai.onnx.ml",
});

describe("post_transform", () => {
  const linear = (op: string, attributes: Parameters<typeof node>[3]) => ({
    ...node(op, ["x"], ["y"], { post_transform: string("PROBIT"), ...attributes }),
    domain: "ai.onnx.ml",
  });
  // By tables of the normal distribution.
  const QUANTILES = [
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.1, -1.2815515655446004],
    [0.999, 3.090232306167813],
    [1e-4, -3.719016485455709],
  ];

  it("PROBIT is the normal distribution's quantile", async () => {
    const node = linear("LinearRegressor", { coefficients: floats([1]), targets: int(1) });
    const { values } = await resultOf([node], QUANTILES.map(([p]) => [p])); // biome-ignore format: one line
    (values as number[][]).forEach(([x], i) => void expect(Math.abs(x - QUANTILES[i][1])).toBeLessThan(2e-4 * 3));
    const { values: beyond } = await resultOf([node], [[-0.1], [1.5]]);
    expect(beyond).toEqual([[Number.NaN], [Number.NaN]]);
  });

  it("of a regressor is applied", async () => {
    const regressor = linear("SVMRegressor", {
      kernel_type: string("LINEAR"),
      coefficients: floats([1, 2]),
      rho: floats([0.5]),
      kernel_params: floats([0, 0, 0]),
      post_transform: string("LOGISTIC"),
    });
    const { values } = await resultOf([regressor], [[1, -2]]);
    expect((values as number[][])[0][0]).toBeCloseTo(1 / (1 + Math.exp(2.5)), 6);
  });

  it("of a classifier is applied to its scores", async () => {
    // The only decision is x₀ - x₁ + 0.25, whose negative stands first.
    const s = 2 - 0.5 + 0.25;
    const x = [[2, 0.5]];
    const softmax = 1 / (1 + Math.exp(-2 * s));
    const logistic = 1 / (1 + Math.exp(-s));
    for (const [post, want] of [
      ["NONE", [-s, s]],
      ["SOFTMAX", [1 - softmax, softmax]],
      ["SOFTMAX_ZERO", [1 - softmax, softmax]],
      ["LOGISTIC", [1 - logistic, logistic]],
    ] as const) {
      const [found] = (await resultOf([machine(post)], x)).values as number[][];
      found.forEach((v, i) => void expect(v, post).toBeCloseTo(want[i], 6));
    }
  });
});

test("Squeeze removes no axis where its list of axes is empty, and all of size 1 without a list", async () => {
  const x = [[[1, 2]]]; // biome-ignore format: one line
  const squeeze = (inputs: string[], attributes = {}) => [node("Squeeze", inputs, ["y"], attributes)];
  const input = x as unknown as number[][];
  expect((await resultOf(squeeze(["x", "none"]), input, [whole("none", [])])).shape).toEqual([1, 1, 2]);
  expect((await resultOf(squeeze(["x"], { axes: ints([]) }), input, [], 11)).shape).toEqual([1, 1, 2]);
  expect((await resultOf(squeeze(["x"]), input)).shape).toEqual([2]);
});

describe("NonZero", () => {
  const add = (n: string) => [node("Cast", [n], ["f"], { to: int(1) }), node("Add", ["x", "f"], ["y"])];
  const zeros = [[0, 0, 0], [0, 0, 0]]; // biome-ignore format: a table

  it("gives the places of a constant, axis by axis", async () => {
    const constant = whole("c", [0, 7, 0, -1, 0, 2], [2, 3]);
    const { values } = await resultOf([node("NonZero", ["c"], ["p"]), ...add("p")], zeros, [constant]);
    expect(values).toEqual([[0, 1, 1], [1, 0, 2]]); // biome-ignore format: a table
  });

  it("of what the shape decides", async () => {
    const nodes = [node("Shape", ["x"], ["s"]), node("NonZero", ["s"], ["p"]), ...add("p")];
    expect((await resultOf(nodes, [[5, 5]])).values).toEqual([[5, 6]]);
  });

  it("is refused of what the network computes", async () => {
    await expect(resultOf([node("NonZero", ["x"], ["p"]), ...add("p")], zeros)).rejects.toThrow(
      /NonZero.*has an input that the network computes and that decides the size of its result; it must be a constant/,
    );
  });
});
