// Helpers for tests of ONNX operators as other exporters write them.
import type { GraphOptions } from "./graph.js";
import { constant, float, int, ints, model, node, string, weights, whole } from "./graph.js";

/** A graph that other exporters write, and the shape of one sample of its input. */
export interface RowCase {
  readonly name: string;
  readonly input: readonly number[];
  readonly dtype?: "i32";
  readonly model: Uint8Array;
  /** Numbers of samples to try; default 1 and 3. */
  readonly samples?: readonly number[];
}

export type Parts = Omit<GraphOptions, "input" | "nodes"> & Pick<RowCase, "dtype" | "samples">;

/** One node from "x" and the initializers in their order to "y", or several nodes. */
export function on(
  input: readonly number[],
  nodes: GraphOptions["nodes"],
  { dtype, samples, ...parts }: Parts = {},
): RowCase {
  const name = `${nodes.map((n) => n.op_type).join(" ")} of [${input}], opset ${parts.opset ?? 17}`;
  const inputType = dtype === undefined ? undefined : 6;
  return { name, input, dtype, samples, model: model({ ...parts, nodes, inputType, input: ["n", ...input] }) };
}

export const one = (
  op: string,
  input: readonly number[],
  attributes: Parameters<typeof node>[3] = {},
  parts: Parts = {},
) => {
  const names = parts.initializers?.map((t) => t.name ?? "") ?? [];
  return on(input, [node(op, ["x", ...names], ["y"], attributes)], parts);
};

export const image = [4, 7, 6];
const filters = { initializers: [weights("w", [6, 4, 3, 2]), weights("b", [6])] };
const same = (upper: string) => ({ auto_pad: string(`SAME_${upper}`), strides: ints([2, 3]) });
const shapes = (...values: number[]) => [whole("s", values)];
export const scalar = (name: string, value: number) => weights(name, [], [value]);
/** Numbers from 0.5 to 1.5, where every function is defined. */
export const positive = (op: string): RowCase =>
  on([5], [node("Sigmoid", ["x"], ["p"]), node("Add", ["p", "half"], ["q"]), node(op, ["q"], ["y"])], {
    initializers: [scalar("half", 0.5)],
  });
const choice = (op: string): RowCase =>
  on([5], [node(op, ["x", "v"], ["c"]), node("Where", ["c", "x", "v"], ["y"])], { initializers: [weights("v", [5])] });
/** Sizes worked out in the graph: flattens with the batch's own size, as older PyTorch does. */
const computedShape = (mid: readonly GraphOptions["nodes"][number][]): GraphOptions["nodes"] => [
  node("Shape", ["x"], ["shape"]),
  constant(whole("zero", [0], [])),
  node("Gather", ["shape", "zero"], ["size"], { axis: int(0) }),
  ...mid,
  node("Reshape", ["x", "to"], ["y"]),
];

/** At least one graph for every type of node that is read. */
export const ROW_CASES: readonly RowCase[] = [
  // Convolutions and pools.
  one("Conv", image, {}, filters),
  one("Conv", image, { kernel_shape: ints([3, 2]), pads: ints([1, 0, 2, 1]), dilations: ints([2, 1]) }, filters),
  one("Conv", image, same("UPPER"), filters),
  one("Conv", image, same("LOWER"), filters),
  one("Conv", image, { auto_pad: string("VALID"), group: int(2) }, { initializers: [weights("w", [2, 2, 3, 3])] }),
  one("Conv", [4, 9], { pads: ints([1, 2]), strides: ints([2]) }, { initializers: [weights("w", [6, 4, 3])] }),
  one(
    "ConvTranspose",
    image,
    { strides: ints([2, 2]), pads: ints([1, 0, 1, 0]), output_padding: ints([1, 0]) },
    { initializers: [weights("w", [4, 3, 3, 2]), weights("b", [3])] },
  ),
  one("MaxPool", image, { kernel_shape: ints([3, 2]) }),
  one("MaxPool", image, { kernel_shape: ints([2, 2]), strides: ints([2, 2]), ceil_mode: int(1) }),
  one("MaxPool", image, { kernel_shape: ints([3, 3]), strides: ints([2, 2]), pads: ints([0, 1, 1, 0]) }),
  one("MaxPool", image, { kernel_shape: ints([3, 3]), ...same("UPPER") }),
  one("MaxPool", [4, 9], { kernel_shape: ints([3]), strides: ints([2]), pads: ints([1, 1]) }),
  one("AveragePool", image, { kernel_shape: ints([3, 2]), strides: ints([2, 1]), pads: ints([1, 0, 1, 0]) }),
  one("AveragePool", image, { kernel_shape: ints([3, 3]), pads: ints([0, 1, 1, 0]) }),
  one("AveragePool", image, { kernel_shape: ints([3, 3]), pads: ints([0, 1, 1, 0]), count_include_pad: int(1) }),
  one("AveragePool", image, { kernel_shape: ints([2, 4]), strides: ints([2, 4]), ceil_mode: int(1) }),
  one("AveragePool", image, { kernel_shape: ints([3, 3]), ...same("LOWER") }),
  one("AveragePool", [4, 9], { kernel_shape: ints([2]), strides: ints([2]) }),
  one("GlobalAveragePool", image),
  one("GlobalAveragePool", [4, 9]),
  one("GlobalMaxPool", image),
  // Products.
  one("Gemm", [5], { transB: int(1) }, { initializers: [weights("w", [3, 5]), weights("b", [3])] }),
  one("Gemm", [5], {}, { initializers: [weights("w", [5, 3]), weights("b", [1, 3])] }),
  one("Gemm", [5], { alpha: float(0.5), beta: float(2) }, { initializers: [weights("w", [5, 3]), weights("b", [3])] }),
  one("Gemm", [5], {}, { initializers: [weights("w", [5, 3]), weights("b", [1])] }),
  one("MatMul", [5], {}, { initializers: [weights("w", [5, 3])] }),
  one("MatMul", [2, 5], {}, { initializers: [weights("w", [5, 3])] }),
  on([2, 5], [node("Transpose", ["x"], ["t"], { perm: ints([0, 2, 1]) }), node("MatMul", ["x", "t"], ["y"])]),
  one("Einsum", [2, 5], { equation: string("nij, kj -> nki") }, { initializers: [weights("w", [3, 5])] }),
  // Normalizations.
  one(
    "BatchNormalization",
    image,
    { epsilon: float(0.01), momentum: float(0.8) },
    { initializers: [weights("s", [4]), weights("b", [4]), weights("m", [4]), weights("v", [4], [1, 2, 0.5, 3])] },
  ),
  one("LayerNormalization", [3, 5], { axis: int(-1) }, { initializers: [weights("s", [5]), weights("b", [5])] }),
  one("LayerNormalization", [3, 5], { axis: int(1) }, { initializers: [weights("s", [3, 5])] }),
  one("InstanceNormalization", image, {}, { initializers: [weights("s", [4]), weights("b", [4])] }),
  // Activations.
  ...["Relu", "Sigmoid", "Tanh", "Softplus", "HardSwish", "Softsign", "Selu", "HardSigmoid", "Elu", "LeakyRelu"].map(
    (op) => one(op, image),
  ),
  one("Elu", image, { alpha: float(0.3) }),
  one("LeakyRelu", image, { alpha: float(0.3) }),
  one("HardSigmoid", image, { alpha: float(0.5), beta: float(0.1) }),
  one("PRelu", image, {}, { initializers: [weights("slope", [4, 1, 1])] }),
  one("Mish", image, {}, { opset: 18 }),
  one("Gelu", image, {}, { opset: 20 }),
  one("Gelu", image, { approximate: string("tanh") }, { opset: 20 }),
  one("Softmax", [3, 5], { axis: int(1) }),
  one("Softmax", [3, 5], {}, { opset: 11 }),
  one("LogSoftmax", [3, 5]),
  one("LogSoftmax", [3, 5], { axis: int(1) }, { opset: 9 }),
  one("Dropout", [5], { ratio: float(0.3) }, { opset: 10 }),
  one("Dropout", [5], {}, { initializers: [scalar("ratio", 0.3)] }),
  one("Clip", [5], { min: float(-0.5), max: float(0.25) }, { opset: 9 }),
  one("Clip", [5], {}, { initializers: [scalar("low", -0.5), scalar("high", 0.25)] }),
  on([5], [node("Clip", ["x", "", "high"], ["y"])], { initializers: [scalar("high", 0.25)] }),
  // Element by element.
  ...["Add", "Sub", "Mul", "Div", "Max", "Min", "Sum"].map((op) =>
    one(op, [3, 5], {}, { initializers: [weights("v", [5])] }),
  ),
  one("Max", [5], {}, { initializers: [weights("v", [5]), weights("u", [5])] }),
  one("Pow", [5], {}, { initializers: [scalar("two", 2)] }),
  ...["Neg", "Abs", "Sign", "Exp", "Sin", "Cos", "Erf", "Floor", "Ceil"].map((op) => one(op, [5])),
  on([5], [node("Identity", ["x"], ["same"]), node("Exp", ["same"], ["y"])]),
  ...["Log", "Sqrt", "Reciprocal"].map(positive),
  ...["Less", "LessOrEqual", "Greater", "GreaterOrEqual"].map(choice),
  on(
    [5],
    [
      node("Floor", ["x"], ["f"]),
      node("Equal", ["f", "v"], ["e"]),
      node("Not", ["e"], ["c"]),
      node("Cast", ["c"], ["y"], { to: int(1) }),
    ],
    {
      initializers: [weights("v", [5], [0, -1, 0, -1, 0])],
    },
  ),
  on([5], [node("Cast", ["x"], ["i"], { to: int(7) }), node("Cast", ["i"], ["y"], { to: int(1) })]),
  on([5], [node("Cast", ["x"], ["b"], { to: int(9) }), node("Cast", ["b"], ["y"], { to: int(1) })]),
  // Movement.
  one("Reshape", [4, 6], {}, { initializers: shapes(0, 2, -1, 3) }),
  on([4, 6], [constant(whole("s", [-1, 24])), node("Reshape", ["x", "s"], ["y"])]),
  on(
    [4, 6],
    computedShape([
      constant(whole("rest", [-1])),
      node("Unsqueeze", ["size", "axes"], ["row"]),
      node("Concat", ["row", "rest"], ["to"], { axis: int(0) }),
    ]),
    { initializers: [whole("axes", [0])] },
  ),
  // A quarter of the samples' numbers, cut toward zero, and the rest.
  on(
    [4, 6],
    computedShape([
      constant(whole("seven", [7], [])),
      constant(whole("two", [2], [])),
      constant(whole("axes", [0])),
      node("Div", ["seven", "two"], ["three"]),
      node("Mul", ["size", "three"], ["tripled"]),
      node("Unsqueeze", ["tripled", "axes"], ["row"]),
      constant(whole("rest", [-1])),
      node("Concat", ["row", "rest"], ["to"], { axis: int(0) }),
    ]),
  ),
  one("Flatten", image),
  one("Flatten", image, { axis: int(2) }),
  one("Flatten", image, { axis: int(-1) }),
  one("Transpose", [2, 3], { perm: ints([0, 2, 1]) }),
  one("Transpose", [2, 3]),
  one("Squeeze", [1, 3, 1], {}, { initializers: shapes(1, -1) }),
  one("Squeeze", [1, 3, 1], { axes: ints([1]) }, { opset: 11 }),
  one("Unsqueeze", [3], {}, { initializers: shapes(0, -1) }),
  one("Unsqueeze", [3], { axes: ints([1, 3]) }, { opset: 11 }),
  on([3, 2], [node("Neg", ["x"], ["m"]), node("Concat", ["x", "m", "x"], ["y"], { axis: int(-1) })]),
  one("Expand", [1, 3], {}, { initializers: shapes(2, 1, 4, 1) }),
  one(
    "Slice",
    [5, 6],
    {},
    { initializers: [whole("from", [1, -3]), whole("to", [2 ** 40, 6]), whole("axes", [1, 2])] },
  ),
  on([5, 6], [node("Slice", ["x", "from", "to", "axes", "steps"], ["y"])], {
    initializers: [
      whole("from", [-1, 1]),
      whole("to", [-(2 ** 40), 6]),
      whole("axes", [1, 2]),
      whole("steps", [-2, 3]),
    ],
  }),
  one("Slice", [5, 6], { starts: ints([1]), ends: ints([-1]), axes: ints([2]) }, { opset: 9 }),
  on([6], [node("Split", ["x"], ["a", "b"], { axis: int(1) }), node("Mul", ["a", "b"], ["y"])]),
  on([6], [node("Split", ["x", "sizes"], ["a", "b"], { axis: int(-1) }), node("Exp", ["b"], ["y"])], {
    initializers: [whole("sizes", [2, 4])],
  }),
  on([6], [node("Split", ["x"], ["a", "b"], { axis: int(1), split: ints([5, 1]) }), node("Exp", ["a"], ["y"])], {
    opset: 11,
  }),
  one("Gather", [5], { axis: int(1) }, { initializers: [whole("rows", [3, 0, -1])] }),
  on([3], [node("Gather", ["table", "x"], ["y"])], { dtype: "i32", initializers: [weights("table", [4, 5])] }),
  on([3], [node("Cast", ["x"], ["rows"], { to: int(7) }), node("Gather", ["table", "rows"], ["y"], { axis: int(1) })], {
    dtype: "i32",
    initializers: [weights("table", [5, 4])],
  }),
  one("Pad", [2, 3], {}, { initializers: [whole("widths", [0, 1, 0, 0, 0, 2]), scalar("value", 0.5)] }),
  one("Pad", [2, 3], { pads: ints([0, 0, 2, 0, 1, 0]), value: float(-1) }, { opset: 10 }),
  one("Pad", [4, 5], { mode: string("reflect") }, { initializers: [whole("widths", [0, 1, 2, 0, 3, 1])] }),
  one("Pad", [4, 5], { mode: string("edge") }, { initializers: [whole("widths", [0, 1, 0, 0, 2, 1])] }),
  on([3], [node("Shape", ["x"], ["s"]), node("ConstantOfShape", ["s"], ["z"]), node("Add", ["z", "x"], ["y"])]),
  // Reductions.
  ...["ReduceMean", "ReduceMax", "ReduceMin", "ReduceL2"].map((op) => one(op, image, { axes: ints([2, -1]) })),
  one("ReduceMean", image, {}, { opset: 18, initializers: [whole("axes", [1])] }),
  one("ReduceSum", image, { keepdims: int(0) }, { initializers: [whole("axes", [1, 3])] }),
  one("ReduceSum", image, { axes: ints([1]) }, { opset: 11 }),
  on([4], [node("ReduceMax", ["x"], ["m"], { keepdims: int(0) }), node("Sub", ["x", "m"], ["y"])]),
  on([5], [node("ArgMax", ["x"], ["at"], { axis: int(1) }), node("Cast", ["at"], ["y"], { to: int(1) })]),
  on(
    [2, 5],
    [node("ArgMax", ["x"], ["at"], { axis: int(-1), keepdims: int(0) }), node("Cast", ["at"], ["y"], { to: int(1) })],
  ),
];
