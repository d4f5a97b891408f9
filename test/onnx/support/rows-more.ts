// Graphs for the operators that other exporters and tools write beside those of everyday networks.

import { ATTRIBUTE, TYPE } from "../../../packages/onnx/src/proto/schema.js";
import { branch, constant, float, floats, int, ints, node, string, strings, weights, whole } from "./graph.js";
import { image, on, one, positive, type RowCase, scalar } from "./rows.js";

const toFloat = (from: string) => node("Cast", [from], ["y"], { to: int(TYPE.FLOAT) });
/** Two whole numbers from -3 to 3 and 1 to 4. */
const wholes = [
  node("Mul", ["x", "three"], ["wide"]),
  node("Cast", ["wide"], ["a"], { to: int(TYPE.INT32) }),
  node("Abs", ["a"], ["size"]),
  node("Add", ["size", "one"], ["b"]),
];
const numbers = { initializers: [scalar("three", 3), { ...whole("one", [1], []), ...intOne() }] };
function intOne() {
  return { data_type: TYPE.INT32, raw_data: Uint8Array.of(1, 0, 0, 0) };
}
const truths = [node("Greater", ["x", "zero"], ["p"]), node("Greater", ["x", "half"], ["q"])];
const thresholds = { initializers: [scalar("zero", 0), scalar("half", 0.5)] };

const cell = (op: string, gates: number, attributes: Parameters<typeof node>[3] = {}, directions = 1): RowCase => {
  const initializers = [
    weights("w", [directions, gates * 4, 3]),
    weights("r", [directions, gates * 4, 4]),
    weights("b", [directions, gates * 8]),
  ];
  // The batch is ONNX's second axis.
  const nodes = [
    node("Transpose", ["x"], ["steps"], { perm: ints([1, 0, 2]) }),
    node(op, ["steps", "w", "r", "b"], ["all"], { hidden_size: int(4), ...attributes }),
    node("Transpose", ["all"], ["y"], { perm: ints([2, 0, 1, 3]) }),
  ];
  return on([5, 3], nodes, { initializers });
};
const both = { direction: string("bidirectional") };

const resize = (scales: readonly number[], attributes: Parameters<typeof node>[3]): RowCase =>
  on([2, 4, 5], [node("Resize", ["x", "", "scales"], ["y"], attributes)], {
    opset: 19,
    initializers: [weights("scales", [4], [1, 1, ...scales])],
  });

/** Two trees over three features: nodes 0 (with leaves 1, 2), and 0 (with 1 and leaves 2, 3, 4). */
const trees = {
  nodes_treeids: ints([0, 0, 0, 1, 1, 1, 1, 1]),
  nodes_nodeids: ints([0, 1, 2, 0, 1, 2, 3, 4]),
  nodes_featureids: ints([0, 0, 0, 2, 1, 0, 0, 0]),
  nodes_values: floats([0.1, 0, 0, -0.2, 0.3, 0, 0, 0]),
  nodes_modes: strings(["BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_LEQ", "BRANCH_LEQ", "LEAF", "LEAF", "LEAF"]),
  nodes_truenodeids: ints([1, 0, 0, 1, 3, 0, 0, 0]),
  nodes_falsenodeids: ints([2, 0, 0, 2, 4, 0, 0, 0]),
};
const leaves = (what: string) => ({
  [`${what}_treeids`]: ints([0, 0, 1, 1, 1]),
  [`${what}_nodeids`]: ints([1, 2, 2, 3, 4]),
  [`${what}_ids`]: ints([0, 1, 0, 1, 2]),
  [`${what}_weights`]: floats([0.5, 0.25, 1, -0.5, 0.75]),
});
const ml = (op: string, output: "y" | "label" | "scores", attributes: Parameters<typeof node>[3]): RowCase => {
  const outputs = output === "y" ? ["y"] : output === "label" ? ["label", "unused"] : ["unused", "y"];
  const made = { ...node(op, ["x"], outputs, attributes), domain: "ai.onnx.ml" };
  return on([3], output === "label" ? [made, toFloat("label")] : [made], {
    imports: [{ domain: "ai.onnx.ml", version: 3 }],
  });
};

export const MORE_CASES: readonly RowCase[] = [
  ...samples(),
  // Functions.
  ...["Tan", "Atan", "Sinh", "Cosh", "Asinh", "Atan", "Round"].map((op) => one(op, [40])),
  ...["Acosh"].map((op) =>
    on([5], [node("Exp", ["x"], ["e"]), node("Add", ["e", "one"], ["q"]), node(op, ["q"], ["y"])], {
      initializers: [scalar("one", 1)],
    }),
  ),
  ...["Asin", "Acos", "Atanh"].map((op) => on([40], [node("Tanh", ["x"], ["t"]), node(op, ["t"], ["y"])])),
  one("Celu", image, { alpha: float(0.7) }),
  one("Shrink", image, { lambd: float(0.3), bias: float(0.1) }),
  one("ThresholdedRelu", image, { alpha: float(0.4) }),
  one("Hardmax", [3, 5]),
  one("Mean", [5], {}, { initializers: [weights("v", [5])] }),
  one("PRelu", image, {}, { initializers: [weights("s", [4, 1, 1])] }),
  positive("ReduceLogSum"),
  // Whole numbers.
  on([9], [...wholes, node("Div", ["a", "b"], ["q"]), toFloat("q")], numbers),
  on([9], [...wholes, node("Mod", ["a", "b"], ["q"]), toFloat("q")], numbers),
  on([9], [...wholes, node("Mod", ["a", "b"], ["q"], { fmod: int(1) }), toFloat("q")], numbers),
  one("Mod", [9], { fmod: int(1) }, { initializers: [scalar("m", 0.3)] }),
  on([9], [...wholes, node("CastLike", ["a", "x"], ["y"])], { ...numbers, opset: 19 }),
  // Truth values.
  ...["And", "Or", "Xor"].map((op) => on([9], [...truths, node(op, ["p", "q"], ["c"]), toFloat("c")], thresholds)),
  on([9], [node("Log", ["x"], ["l"]), node("IsNaN", ["l"], ["c"]), toFloat("c")]),
  on(
    [9],
    [node("Div", ["x", "zero"], ["l"]), node("IsInf", ["l"], ["c"], { detect_negative: int(0) }), toFloat("c")],
    thresholds,
  ),
  // Movement.
  one("Tile", [2, 3], {}, { initializers: [whole("r", [1, 2, 3])] }),
  one("DepthToSpace", [8, 2, 3], { blocksize: int(2) }),
  one("DepthToSpace", [8, 2, 3], { blocksize: int(2), mode: string("CRD") }),
  one("SpaceToDepth", [3, 4, 6], { blocksize: int(2) }),
  one("CenterCropPad", [4, 7], { axes: ints([1, 2]) }, { opset: 18, initializers: [whole("s", [6, 4])] }),
  on([3], [node("Size", ["x"], ["s"]), toFloat("s")]),
  one("Pad", [4, 5], { mode: string("wrap") }, { opset: 19, initializers: [whole("widths", [0, 1, 2, 0, 3, 1])] }),
  one("Flatten", [], { axis: int(0) }),
  on(
    [3],
    [
      node("ReduceSum", ["x"], ["s"], { keepdims: int(0) }),
      constant(whole("none", [])),
      node("Reshape", ["s", "none"], ["y"]),
    ],
  ),
  one("Flatten", []),
  on([3], [constant(whole("none", [])), node("ReduceSum", ["x", "none"], ["s"]), node("Mul", ["x", "s"], ["y"])]),
  on([3], [constant(whole("none", [])), node("ReduceSum", ["x", "none"], ["y"], { noop_with_empty_axes: int(1) })]),
  one("Gemm", [5], {}, { initializers: [weights("w", [5, 3]), weights("b", [3, 3])], samples: [3] }),
  on(
    [5],
    [
      node("Dropout", ["x"], ["d", "mask"]),
      node("Cast", ["mask"], ["m"], { to: int(1) }),
      node("Add", ["d", "m"], ["y"]),
    ],
  ),
  on([5], [node("LayerNormalization", ["x", "s"], ["n", "mean", "inverse"]), node("Add", ["mean", "inverse"], ["y"])], {
    initializers: [weights("s", [5])],
  }),
  // Rows that the network computes, which may count from the end.
  on(
    [6],
    [
      node("Sign", ["x"], ["s"]),
      node("Cast", ["s"], ["rows"], { to: int(7) }),
      node("Gather", ["table", "rows"], ["y"], { axis: int(1) }),
    ],
    {
      initializers: [weights("table", [3, 4])],
    },
  ),
  // Weights behind a change of type and of shape.
  on(
    [4],
    [node("Cast", ["h"], ["w"], { to: int(1) }), node("Reshape", ["w", "s"], ["v"]), node("Gemm", ["x", "v"], ["y"])],
    {
      initializers: [{ ...weights("h", [8]), data_type: TYPE.FLOAT }, whole("s", [4, 2])],
    },
  ),
  // Picks and places.
  one("GatherElements", [4], { axis: int(1) }, { initializers: [whole("rows", [0, -1], [1, 2])] }),
  one("GatherND", [4, 3], { batch_dims: int(0) }, { initializers: [whole("rows", [0, 1, 0, -1], [2, 2])] }),
  one(
    "ScatterElements",
    [4],
    { axis: int(1) },
    { initializers: [whole("rows", [2, -1], [1, 2]), weights("u", [1, 2])] },
  ),
  one(
    "ScatterElements",
    [4],
    { axis: int(1), reduction: string("add") },
    { opset: 18, initializers: [whole("rows", [2, 2], [1, 2]), weights("u", [1, 2])] },
  ),
  one(
    "Scatter",
    [4],
    { axis: int(1) },
    { opset: 10, initializers: [whole("rows", [2, 1], [1, 2]), weights("u", [1, 2])] },
  ),
  one("ScatterND", [4, 3], {}, { initializers: [whole("rows", [0, 1, 0, 3], [2, 2]), weights("u", [2, 3])] }),
  on([4], [node("Cast", ["x"], ["i"], { to: int(7) }), node("OneHot", ["i", "depth", "values"], ["y"])], {
    dtype: "i32",
    initializers: [whole("depth", [4], []), weights("values", [2], [-1, 2])],
  }),
  on([7], [node("TopK", ["x", "k"], ["y", "at"], { axis: int(1) })], { initializers: [whole("k", [3])] }),
  on([7], [node("TopK", ["x", "k"], ["v", "at"], { largest: int(0) }), toFloat("at")], {
    initializers: [whole("k", [3])],
  }),
  on([4], [node("Cast", ["x"], ["i"], { to: int(6) }), node("MatMul", ["i", "w"], ["z"]), toFloat("z")], {
    initializers: [
      {
        ...weights("w", [4, 3]),
        data_type: TYPE.INT32,
        raw_data: new Uint8Array(Int32Array.of(1, 2, 3, 4, 5, 6, 7, -8, 9, 1, 2, 3).buffer),
      },
    ],
  }),
  // More than ranks are counted of.
  on([2000], [node("Round", ["x"], ["r"]), node("TopK", ["r", "k"], ["v", "at"]), toFloat("at")], {
    initializers: [whole("k", [3])],
  }),
  one("Trilu", [4, 5], {}, { initializers: [whole("k", [1], [])] }),
  one("Trilu", [4, 5], { upper: int(0) }),
  on([4], [node("EyeLike", ["x"], ["e"], { k: int(1) }), node("Add", ["e", "x"], ["y"])]),
  on([4], [node("Range", ["a", "b", "c"], ["r"]), node("Mul", ["x", "r"], ["y"])], {
    initializers: [scalar("a", 1), scalar("b", 3), scalar("c", 0.5)],
  }),
  one(
    "Compress",
    [4],
    { axis: int(1) },
    { initializers: [{ ...whole("c", [0]), dims: [4], data_type: TYPE.BOOL, raw_data: Uint8Array.of(1, 0, 1, 1) }] },
  ),
  on(
    [2, 3],
    [
      node("NonZero", ["c"], ["n"]),
      node("Cast", ["n"], ["f"], { to: int(TYPE.FLOAT) }),
      node("Mul", ["x", "f"], ["y"]),
    ],
    { initializers: [whole("c", [0, 4, 3, 5], [2, 2])] },
  ),
  on(
    [5, 2],
    [
      node("Transpose", ["x"], ["t"], { perm: ints([1, 0, 2]) }),
      node("Slice", ["t", "zero", "one", "one"], ["s"]),
      node("ReverseSequence", ["s", "n"], ["y"], { time_axis: int(0), batch_axis: int(1) }),
    ],
    {
      initializers: [whole("zero", [0]), whole("one", [1]), whole("n", [4])],
    },
  ),
  // Reductions.
  ...["ReduceL1", "ReduceSumSquare", "ReduceLogSumExp", "ReduceProd"].map((op) =>
    one(op, image, { axes: ints([2, -1]) }),
  ),
  one("CumSum", [5], {}, { initializers: [whole("axis", [1], [])] }),
  one("CumSum", [1500], { reverse: int(1), exclusive: int(1) }, { initializers: [whole("axis", [1], [])] }),
  one("CumSum", [5], { reverse: int(1), exclusive: int(1) }, { initializers: [whole("axis", [1], [])] }),
  on([5], [node("ArgMin", ["x"], ["at"], { axis: int(1) }), toFloat("at")]),
  on(
    [5],
    [
      node("Sign", ["x"], ["s"]),
      node("ArgMax", ["s"], ["at"], { axis: int(1), select_last_index: int(1) }),
      toFloat("at"),
    ],
  ),
  on([3, 4], [node("Einsum", ["x", "x", "w"], ["y"], { equation: string("nij,nik,jk->ni") })], {
    initializers: [weights("w", [4, 4])],
  }),
  one("Einsum", [4, 4], { equation: string("...ii->...i") }),
  // Normalizations.
  one(
    "GroupNormalization",
    image,
    { num_groups: int(2) },
    { opset: 21, initializers: [weights("s", [4]), weights("b", [4])] },
  ),
  one("LRN", image, { size: int(3), alpha: float(0.2), beta: float(0.5) }),
  one("LpNormalization", [3, 5], { axis: int(1), p: int(1) }),
  one("MeanVarianceNormalization", image, { axes: ints([2, 3]) }),
  on([3, 5], [node("LayerNormalization", ["x", "s", "b"], ["n"]), toFloat("n")], {
    initializers: [weights("s", [5]), weights("b", [5])],
  }),
  // A scale and a bias that the network computes.
  on(
    [3, 5],
    [node("Exp", ["w"], ["s"]), node("Relu", ["w"], ["b"]), node("LayerNormalization", ["x", "s", "b"], ["y"])],
    { initializers: [weights("w", [5])] },
  ),
  one("GlobalLpPool", image, { p: int(2) }),
  one("LpPool", image, { kernel_shape: ints([2, 3]), p: int(2) }),
  one("Gemm", [5], {}, { initializers: [weights("w", [5, 3]), weights("b", [1, 1])] }),
  // Windows.
  one(
    "Conv",
    [2, 4, 5, 6],
    { pads: ints([1, 0, 1, 0, 1, 0]) },
    { initializers: [weights("w", [3, 2, 2, 3, 2]), weights("b", [3])] },
  ),
  on([4, 5], [node("Reshape", ["w", "s"], ["w2"]), node("Conv", ["x", "w2"], ["y"])], {
    initializers: [weights("w", [24]), whole("s", [2, 4, 3])],
  }),
  one("ConvTranspose", [4, 5], { strides: ints([2]) }, { initializers: [weights("w", [4, 3, 3])] }),
  one(
    "ConvTranspose",
    image,
    { strides: ints([2, 2]), output_shape: ints([14, 12]) },
    { initializers: [weights("w", [4, 3, 3, 3])] },
  ),
  one(
    "ConvTranspose",
    image,
    { strides: ints([2, 2]), auto_pad: string("SAME_UPPER") },
    { initializers: [weights("w", [4, 3, 3, 3])] },
  ),
  one(
    "ConvTranspose",
    image,
    { strides: ints([2, 3]), pads: ints([0, 1, 1, 0]), group: int(2) },
    { initializers: [weights("w", [4, 3, 3, 3])] },
  ),
  one("MaxPool", image, { kernel_shape: ints([2, 2]), dilations: ints([2, 1]) }),
  one("MaxPool", [2, 4, 5, 6], { kernel_shape: ints([2, 3, 2]) }),
  on(
    [2, 4, 6],
    [
      node("MaxPool", ["x"], ["m", "at"], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) }),
      node("MaxUnpool", ["m", "at"], ["y"], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) }),
    ],
  ),
  one("AveragePool", image, { kernel_shape: ints([2, 2]), dilations: ints([2, 1]) }, { opset: 19 }),
  // Resizing.
  resize([2, 3], {}),
  resize([0.6, 1.7], { coordinate_transformation_mode: string("asymmetric"), nearest_mode: string("floor") }),
  resize([2, 1.5], { mode: string("linear") }),
  resize([2, 1.6], { mode: string("linear"), coordinate_transformation_mode: string("align_corners") }),
  resize([1.5, 2], { mode: string("cubic") }),
  resize([0.5, 0.6], { mode: string("linear"), antialias: int(1) }),
  on([2, 4, 5], [node("Resize", ["x", "", "", "sizes"], ["y"], { mode: string("linear"), axes: ints([2, 3]) })], {
    opset: 18,
    initializers: [whole("sizes", [7, 9])],
  }),
  one("Upsample", [2, 4, 5], { mode: string("linear") }, { opset: 9, initializers: [weights("s", [4], [1, 1, 2, 2])] }),
  // Recurrent cells.
  cell("RNN", 1),
  cell("RNN", 1, { ...both, activations: strings(["Relu", "Tanh"]) }, 2),
  cell("GRU", 3),
  cell("GRU", 3, { ...both, linear_before_reset: int(1) }, 2),
  cell("LSTM", 4),
  cell("LSTM", 4, { ...both, clip: float(0.5) }, 2),
  // Whole numbers for real ones.
  on([5], [node("QuantizeLinear", ["x", "s"], ["q"]), node("DequantizeLinear", ["q", "s"], ["y"])], {
    initializers: [scalar("s", 0.02)],
  }),
  on(
    [5],
    [
      node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]),
      node("MatMulInteger", ["q", "w", "z"], ["p"]),
      toFloat("p"),
    ],
    {
      initializers: [
        {
          ...whole("w", [0]),
          dims: [5, 2],
          data_type: TYPE.UINT8,
          raw_data: Uint8Array.from({ length: 10 }, (_, i) => i * 3),
        },
      ],
    },
  ),
  on(
    [2, 4, 4],
    [node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]), node("ConvInteger", ["q", "w", "z"], ["p"]), toFloat("p")],
    {
      initializers: [
        {
          ...whole("w", [0]),
          dims: [1, 2, 2, 2],
          data_type: TYPE.UINT8,
          raw_data: Uint8Array.from({ length: 8 }, (_, i) => i * 3),
        },
      ],
    },
  ),
  on(
    [5],
    [
      node("QuantizeLinear", ["x", "s", "z"], ["q"]),
      node("QLinearMatMul", ["q", "s", "z", "w", "s", "z", "t", "z"], ["p"]),
      toFloat("p"),
    ],
    {
      initializers: [scalar("s", 0.05), scalar("t", 4), byte("z", [], [7]), byte("w", [5, 2], [...Array(10).keys()])],
    },
  ),
  on(
    [2, 4, 4],
    [
      node("QuantizeLinear", ["x", "s", "z"], ["q"]),
      node("QLinearConv", ["q", "s", "z", "w", "s", "z", "t", "z"], ["p"]),
      toFloat("p"),
    ],
    {
      initializers: [
        scalar("s", 0.05),
        scalar("t", 1),
        byte("z", [], [7]),
        byte("w", [1, 2, 2, 2], [...Array(8).keys()]),
      ],
    },
  ),
  // Signals.
  ...["HannWindow", "HammingWindow", "BlackmanWindow"].map((op) =>
    on([6], [node(op, ["n"], ["w"]), node("Mul", ["x", "w"], ["y"])], { initializers: [whole("n", [6], [])] }),
  ),
  one("DFT", [6, 1], { axis: int(1), onesided: int(1) }),
  on([12, 1], [node("STFT", ["x", "hop", "w"], ["y"])], { initializers: [whole("hop", [2], []), weights("w", [4])] }),
  // Losses.
  on([4], [node("SoftmaxCrossEntropyLoss", ["x", "t"], ["y"], { reduction: string("sum") })], {
    initializers: [whole("t", [2])],
    samples: [1],
  }),
  on([4], [node("NegativeLogLikelihoodLoss", ["x", "t"], ["y"])], { initializers: [whole("t", [2])], samples: [1] }),
  // A branch by a size, and by a value.
  ...branches(),
  // scikit-learn's.
  ml("Scaler", "y", { offset: floats([0.1, 0.2, 0.3]), scale: floats([2, 3, 4]) }),
  ...["MAX", "L1", "L2"].map((norm) => ml("Normalizer", "y", { norm: string(norm) })),
  ml("FeatureVectorizer", "y", { inputdimensions: ints([3]) }),
  on([3], [{ ...node("ArrayFeatureExtractor", ["x", "columns"], ["y"]), domain: "ai.onnx.ml" }], {
    imports: [{ domain: "ai.onnx.ml", version: 3 }],
    initializers: [whole("columns", [2, 0])],
  }),
  ml("Binarizer", "y", { threshold: float(0.2) }),
  ml("LinearRegressor", "y", {
    coefficients: floats([1, -2, 3, 0.5, 1, 2]),
    intercepts: floats([0.1, 0.2]),
    targets: int(2),
  }),
  ...(["label", "scores"] as const).map((output) =>
    ml("LinearClassifier", output, {
      coefficients: floats([1, -2, 3, 0.5, 1, 2, 1, 1, 1]),
      intercepts: floats([0.1, 0.2, 0]),
      classlabels_ints: ints([3, 5, 9]),
      post_transform: string("SOFTMAX"),
    }),
  ),
  ml("TreeEnsembleRegressor", "y", {
    ...trees,
    ...leaves("target"),
    n_targets: int(1),
    target_ids: ints([0, 0, 0, 0, 0]),
    base_values: floats([0.1]),
  }),
  ...(["label", "scores"] as const).map((output) =>
    ml("TreeEnsembleClassifier", output, { ...trees, ...leaves("class"), classlabels_int64s: ints([3, 5, 9]) }),
  ),
  ...machines(),
  // A number among three is a class, or none.
  ...[ints([-1, 0, 1, 2]), ints([5])].map((cats_int64s) =>
    on(
      [1],
      [
        node("Cast", ["x"], ["i"], { to: int(TYPE.INT64) }),
        { ...node("OneHotEncoder", ["i"], ["y"], { cats_int64s }), domain: "ai.onnx.ml" },
      ],
      { imports: [{ domain: "ai.onnx.ml", version: 3 }] },
    ),
  ),
  ...[[0.5], [0.5, 1.5, 2.5]].flatMap((values) =>
    (["Sqrt", "Round"] as const).map((op) =>
      on(
        [3],
        [
          node(op, ["x"], ["some"]),
          {
            ...node("Imputer", ["some"], ["y"], {
              imputed_value_floats: floats(values),
              replaced_value_float: float(op === "Sqrt" ? Number.NaN : 0),
            }),
            domain: "ai.onnx.ml",
          },
        ],
        { imports: [{ domain: "ai.onnx.ml", version: 3 }] },
      ),
    ),
  ),
  // Lists without elements: no more axes to pad, the shape of a single number.
  on(
    [4, 5],
    [
      node("ConstantOfShape", ["none"], ["more"], { value: { t: whole("zero", [0]), type: ATTRIBUTE.TENSOR } }),
      node("Concat", ["pads", "more"], ["all"], { axis: int(0) }),
      node("Pad", ["x", "all"], ["y"]),
    ],
    { initializers: [whole("none", [0]), whole("pads", [0, 1, 0, 0, 2, 1])] },
  ),
  ...(["Expand", "Tile", "Slice", "Unsqueeze"] as const).map((op) =>
    on(
      [4, 5],
      [
        node("ReduceMean", ["x"], ["mean"], { keepdims: int(0) }),
        node("Shape", ["mean"], ["list"]),
        node(op, op === "Slice" ? ["x", "list", "list", "list"] : ["mean", "list"], ["same"]),
        node("Mul", ["x", "same"], ["y"]),
      ],
      { samples: [1] },
    ),
  ),
  // A layer of constants alone is computed with the network.
  on([4], [node("LayerNormalization", ["w", "g", "b"], ["n"]), node("MatMul", ["x", "n"], ["y"])], {
    initializers: [weights("w", [4, 3]), weights("g", [3]), weights("b", [3])],
  }),
];

/** Support vector machines over three features, with two or three classes. */
function machines(): RowCase[] {
  const vectors = [0.1, -0.4, 0.7, 0.3, 0.9, -0.2, -0.8, 0.5, 0.2, 0.6, -0.1, -0.6, -0.3, -0.7, 0.4];
  const kernel = (kernel_type: string) => ({
    kernel_type: string(kernel_type),
    kernel_params: floats([0.7, 0.2, 3]),
    support_vectors: floats(vectors),
  });
  const regressor = { coefficients: floats([0.5, -1, 0.25, 1, -0.75]), rho: floats([-0.3]), n_supports: int(5) };
  const two = { classlabels_ints: ints([4, 7]), vectors_per_class: ints([2, 3]), ...regressor };
  const { n_supports: _, ...pair } = two;
  const three = {
    classlabels_ints: ints([4, 7, 2]),
    vectors_per_class: ints([2, 1, 2]),
    coefficients: floats([0.5, 1, -0.6, -1, -0.2, 0.3, 0.8, 0.9, -0.4, -0.7]),
    rho: floats([0.1, -0.2, 0.05]),
  };
  const sure = (count: number) => ({
    prob_a: floats([-2, -1.5, -3].slice(0, count)),
    prob_b: floats([0.1, -0.2, 0.3].slice(0, count)),
  });
  return [
    ...["LINEAR", "POLY", "RBF", "SIGMOID"].map((name) => ml("SVMRegressor", "y", { ...kernel(name), ...regressor })),
    ml("SVMRegressor", "y", { ...kernel("RBF"), ...regressor, one_class: int(1) }),
    ml("SVMRegressor", "y", {
      coefficients: floats([1, -2, 0.5]),
      rho: floats([0.4]),
      kernel_params: floats([0, 0, 0]),
    }),
    // ONNX Runtime transforms no scores of regressors, and not those of two classes without probabilities by SOFTMAX: spec.test.ts.
    ...["SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO"].flatMap((name) =>
      [...(name === "LOGISTIC" ? [pair] : []), { ...pair, ...sure(1) }, three, { ...three, ...sure(3) }].map(
        (attributes) =>
          ml("SVMClassifier", "scores", { ...kernel("RBF"), ...attributes, post_transform: string(name) }),
      ),
    ),
    ...(["label", "scores"] as const).flatMap((output) =>
      [pair, { ...pair, ...sure(1) }, three, { ...three, ...sure(3) }].map((attributes) =>
        ml("SVMClassifier", output, { ...kernel("RBF"), ...attributes }),
      ),
    ),
  ];
}

function branches(): RowCase[] {
  const sides = {
    then_branch: branch([node("Relu", ["x"], ["t"])], "t"),
    else_branch: branch([node("Neg", ["x"], ["r"]), node("Mul", ["r", "two"], ["e"])], "e"),
  };
  const two = scalar("two", 2);
  return [
    on(
      [4],
      [
        node("Shape", ["x"], ["s"]),
        node("Gather", ["s", "i"], ["n"]),
        node("Equal", ["n", "four"], ["c"]),
        node("If", ["c"], ["y"], sides),
      ],
      {
        initializers: [two, whole("i", [1], []), whole("four", [4], [])],
      },
    ),
    on(
      [4],
      [
        node("ReduceSum", ["x"], ["s"], { keepdims: int(0) }),
        node("Less", ["s", "two"], ["c"]),
        node("If", ["c"], ["y"], sides),
      ],
      { initializers: [two] },
    ),
    on([4], [node("If", ["c"], ["y"], sides)], {
      initializers: [two, { ...byte("c", [], [0]), data_type: TYPE.BOOL }],
    }),
  ];
}

function byte(name: string, dims: readonly number[], values: readonly number[]) {
  return { ...whole(name, [0]), dims, data_type: TYPE.UINT8, raw_data: Uint8Array.from(values) };
}

/** Places between elements, windows put back, bits and determinants. */
function samples(): RowCase[] {
  const grid = { initializers: [whole("s", [0, 5, 4, 2]), scalar("wide", 1.3)], opset: 16 };
  const sampled = (mode: string, padding: string, corners: number): RowCase =>
    on(
      [2, 5, 4],
      [
        node("Reshape", ["x", "s"], ["r"]),
        node("Tanh", ["r"], ["t"]),
        node("Mul", ["t", "wide"], ["g"]),
        node("GridSample", ["x", "g"], ["y"], {
          mode: string(mode),
          padding_mode: string(padding),
          align_corners: int(corners),
        }),
      ],
      grid,
    );
  const modes = ["nearest", "bilinear", "bicubic"];
  const paddings = ["zeros", "border", "reflection"];
  const shifted = (direction: string): RowCase =>
    on(
      [5],
      [
        node("Abs", ["x"], ["size"]),
        node("Mul", ["size", "nine"], ["large"]),
        node("Cast", ["large"], ["u"], { to: int(TYPE.UINT8) }),
        node("BitShift", ["u", "by"], ["v"], { direction: string(direction) }),
        toFloat("v"),
      ],
      { initializers: [scalar("nine", 7), byte("by", [5], [1, 2, 3, 0, 2])] },
    );
  return [
    ...modes.flatMap((mode) => paddings.flatMap((padding) => [0, 1].map((c) => sampled(mode, padding, c)))),
    one("AffineGrid", [2, 3], {}, { samples: [2], opset: 20, initializers: [whole("s", [2, 1, 3, 4])] }),
    one(
      "AffineGrid",
      [3, 4],
      { align_corners: int(1) },
      { samples: [2], opset: 20, initializers: [whole("s", [2, 1, 3, 2, 4])] },
    ),
    one(
      "Col2Im",
      [12, 20],
      { pads: ints([0, 1, 0, 1]) },
      {
        opset: 18,
        initializers: [whole("s", [5, 5]), whole("b", [2, 3])],
      },
    ),
    one(
      "Col2Im",
      [4, 6],
      { strides: ints([2, 1]), dilations: ints([1, 2]) },
      {
        opset: 18,
        initializers: [whole("s", [5, 5]), whole("b", [2, 2])],
      },
    ),
    shifted("LEFT"),
    shifted("RIGHT"),
    on([5], [...wholes, node("BitwiseNot", ["a"], ["n"]), toFloat("n")], { ...numbers, opset: 18 }),
    one("Det", [3, 4, 4], {}),
    one("Det", [2, 2], {}),
  ];
}
