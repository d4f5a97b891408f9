// @ts-nocheck: a command, not a test.
// Graph models for make.mjs, in the JSON that tensorflowjs_converter writes, with every kind of operation that is read.
const text = (s) => ({ s: Buffer.from(s).toString("base64") });
const float = { type: "DT_FLOAT" };
const whole = (i) => ({ i: String(i) });
const wholes = (list) => ({ list: { i: list.map(String) } });

const placeholder = (name, shape, dtype = "DT_FLOAT") => ({
  name,
  op: "Placeholder",
  attr: {
    dtype: { type: dtype },
    shape: { shape: { dim: [-1, ...shape.slice(1)].map((size) => ({ size: String(size) })) } },
  },
});
const node = (op, name, input, attr = {}) => ({ name, op, input, attr: { T: float, ...attr } });

/** Weights with the nodes that stand for them. */
const constants = (weights) =>
  Object.keys(weights).map((name) => ({
    name,
    op: "Const",
    attr: { dtype: { type: weights[name].dtype === "int32" ? "DT_INT32" : "DT_FLOAT" } },
  }));
const list = (...values) => ({ shape: [values.length], dtype: "int32", values });
const number = (value, dtype = "float32") => ({ shape: [], dtype, values: [value] });

const graph = (name, inputs, weights, nodes) => ({
  name,
  inputs: inputs.map(({ shape, most }) => ({ shape, most })),
  weights,
  nodes: [
    ...inputs.map(({ name: input, shape, most }) =>
      placeholder(input, shape, most === undefined ? "DT_FLOAT" : "DT_INT32"),
    ),
    ...constants(weights),
    ...nodes,
  ],
});

const image = { name: "x", shape: [2, 7, 6, 3] };
const flat = { name: "x", shape: [2, 5] };
const window = (padding, strides = [1, 1, 1, 1]) => ({
  padding: text(padding),
  strides: wholes(strides),
  dilations: wholes([1, 1, 1, 1]),
  data_format: text("NHWC"),
});
const fused = (...names) => ({
  fused_ops: { list: { s: names.map((name) => text(name).s) } },
  num_args: whole(1),
  epsilon: { f: 0 },
});

/** One operation after the other on the same input, each an output of its own. */
const unary = (ops) => ops.split(" ").map((op) => node(op, op, ["x"]));

export const graphCases = [
  {
    ...graph(
      "mobile net",
      [image],
      {
        "net/stem/kernel": { shape: [3, 3, 3, 4] },
        "net/stem/bias": { shape: [4] },
        "net/deep/kernel": { shape: [3, 3, 4, 2] },
        "net/deep/bias": { shape: [8] },
        "net/head/kernel": { shape: [8, 3] },
        "net/head/bias": { shape: [3] },
        axes: list(1, 2),
      },
      [
        node("_FusedConv2D", "net/stem/Conv2D", ["x", "net/stem/kernel", "net/stem/bias"], {
          ...window("SAME", [1, 2, 2, 1]),
          ...fused("BiasAdd", "Relu6"),
        }),
        node(
          "FusedDepthwiseConv2dNative",
          "net/deep/depthwise",
          ["net/stem/Conv2D", "net/deep/kernel", "net/deep/bias"],
          { ...window("SAME"), ...fused("BiasAdd", "Relu") },
        ),
        node("Mean", "pooled", ["net/deep/depthwise", "axes"], { keep_dims: { b: false } }),
        node("_FusedMatMul", "net/head/MatMul", ["pooled", "net/head/kernel", "net/head/bias"], {
          transpose_a: { b: false },
          transpose_b: { b: false },
          ...fused("BiasAdd"),
        }),
        node("Softmax", "scores", ["net/head/MatMul"]),
        node("Identity", "Identity", ["scores"]),
      ],
    ),
    signature: { inputs: { image: { name: "x:0" } }, outputs: { classes: { name: "Identity:0" } } },
  },
  graph("functions", [flat], { low: number(-0.5), high: number(0.25) }, [
    ...unary(
      "Abs Ceil Cos Elu Erf Exp Floor Neg Relu Relu6 Round Selu Sigmoid Sign Sin Softplus Square Tan Tanh Softmax LogSoftmax Reciprocal",
    ),
    node("ClipByValue", "clip", ["x", "low", "high"]),
    node("LeakyRelu", "leaky", ["x"], { alpha: { f: 0.1 } }),
    ...["Sqrt", "Rsqrt", "Log", "Log1p"].map((op) => node(op, op, ["Abs"])),
  ]),
  graph("pairs", [flat, { name: "y", shape: [2, 5] }], { slope: { shape: [5] }, three: number(3) }, [
    ...["Add", "AddV2", "Sub", "Mul", "RealDiv", "Div", "FloorDiv", "Maximum", "Minimum", "SquaredDifference"].map(
      (op) => node(op, op, ["x", "y"]),
    ),
    node("Pow", "cube", ["x", "three"]),
    node("Prelu", "prelu", ["x", "slope"]),
    node("BiasAdd", "bias", ["x", "slope"]),
    node("AddN", "sum", ["x", "y", "x"], { N: whole(3) }),
    node("Greater", "greater", ["x", "y"]),
    node("LessEqual", "less", ["x", "y"]),
    node("LogicalOr", "either", ["greater", "less"]),
    ...["Equal", "NotEqual", "GreaterEqual", "Less"].map((op) => node(op, op, ["x", "y"])),
    node("LogicalNot", "not", ["less"]),
    node("LogicalAnd", "both", ["greater", "not"]),
    node("Select", "selected", ["greater", "x", "y"]),
    node("SelectV2", "chosen", ["greater", "x", "y"]),
    node("Cast", "number", ["greater"], { SrcT: { type: "DT_BOOL" }, DstT: { type: "DT_FLOAT" } }),
  ]),
  graph(
    "windows",
    [image],
    {
      kernel: { shape: [3, 2, 3, 4] },
      deep: { shape: [2, 2, 3, 1] },
      size: list(5, 9),
      out: list(2, 14, 12, 4),
      spread: { shape: [3, 3, 4, 3] },
    },
    [
      node("Conv2D", "dilated", ["x", "kernel"], { ...window("VALID"), dilations: wholes([1, 2, 2, 1]) }),
      node("Conv2D", "explicit", ["x", "kernel"], {
        ...window("EXPLICIT"),
        explicit_paddings: wholes([0, 0, 1, 2, 0, 1, 0, 0]),
      }),
      node("DepthwiseConv2dNative", "deep/depthwise", ["x", "deep"], window("SAME", [1, 2, 2, 1])),
      node("MaxPool", "largest", ["x"], { ...window("SAME", [1, 2, 2, 1]), ksize: wholes([1, 3, 3, 1]) }),
      node("AvgPool", "mean", ["x"], { ...window("SAME", [1, 1, 1, 1]), ksize: wholes([1, 2, 2, 1]) }),
      node("Conv2DBackpropInput", "spread/conv", ["out", "spread", "x"], window("SAME", [1, 2, 2, 1])),
      node("ResizeBilinear", "plain", ["x", "size"], { align_corners: { b: false }, half_pixel_centers: { b: false } }),
      node("ResizeBilinear", "corners", ["x", "size"], {
        align_corners: { b: true },
        half_pixel_centers: { b: false },
      }),
      node("ResizeBilinear", "centers", ["x", "size"], {
        align_corners: { b: false },
        half_pixel_centers: { b: true },
      }),
      node("ResizeNearestNeighbor", "near", ["x", "size"], {
        align_corners: { b: false },
        half_pixel_centers: { b: false },
      }),
      node("ResizeNearestNeighbor", "near/centers", ["x", "size"], {
        align_corners: { b: false },
        half_pixel_centers: { b: true },
      }),
    ],
  ),
  graph(
    "normalization",
    [image],
    { gamma: { shape: [3] }, beta: { shape: [3] }, mean: { shape: [3] }, variance: { shape: [3], positive: true } },
    [
      node("FusedBatchNormV3", "bn", ["x", "gamma", "beta", "mean", "variance"], {
        epsilon: { f: 0.001 },
        is_training: { b: false },
        data_format: text("NHWC"),
      }),
      node("LRN", "lrn", ["x"], { depth_radius: whole(1), bias: { f: 1 }, alpha: { f: 0.5 }, beta: { f: 0.75 } }),
    ],
  ),
  graph(
    "moves",
    [image],
    {
      shape: list(-1, 18),
      order: list(0, 2, 1, 3),
      pads: { shape: [4, 2], dtype: "int32", values: [0, 0, 1, 2, 0, 1, 0, 0] },
      begin: list(0, 1, 0, 0),
      sizes: list(-1, 3, -1, 2),
      last: number(3, "int32"),
      one: number(1, "int32"),
      parts: list(1, 4, 2),
      from: list(0, -2, 1),
      to: list(0, 0, 5),
      by: list(1, 1, 2),
      ones: list(1, 1, 1),
      three: list(3),
      zero: number(0, "int32"),
      zeros: list(0, 0),
      rows: list(2, 0),
      nine: number(9),
      times: list(1, 1, 1, 2),
    },
    [
      node("Reshape", "reshape", ["x", "shape"]),
      node("Transpose", "transpose", ["x", "order"]),
      node("Pad", "pad", ["x", "pads"]),
      node("PadV2", "pad nine", ["x", "pads", "nine"]),
      node("MirrorPad", "mirror", ["x", "pads"], { mode: text("REFLECT") }),
      node("Slice", "slice", ["x", "begin", "sizes"]),
      node("ConcatV2", "join", ["x", "x", "last"], { N: whole(2) }),
      node("Split", "thirds", ["last", "x"], { num_split: whole(3) }),
      node("Sub", "of thirds", ["thirds:2", "thirds:1"]),
      node("SplitV", "cut", ["x", "parts", "one"], { num_split: whole(3) }),
      node("Neg", "of cut", ["cut:1"]),
      node("StridedSlice", "strided", ["x", "from", "to", "by"], {
        begin_mask: whole(1),
        end_mask: whole(3),
        ellipsis_mask: whole(0),
        new_axis_mask: whole(0),
        shrink_axis_mask: whole(0),
      }),
      node("StridedSlice", "single", ["x", "from", "to", "ones"], {
        begin_mask: whole(1),
        end_mask: whole(1),
        ellipsis_mask: whole(0),
        new_axis_mask: whole(0),
        shrink_axis_mask: whole(2),
      }),
      node("GatherV2", "rows of x", ["x", "rows", "last"]),
      node("Tile", "tile", ["x", "times"]),
      node("Pack", "pack", ["x", "x"], { axis: whole(1), N: whole(2) }),
      node("ExpandDims", "expand", ["x", "one"]),
      node("Squeeze", "squeeze", ["expand"], { squeeze_dims: wholes([1]) }),
      node("Unpack", "channels", ["x"], { axis: whole(3), num: whole(3) }),
      node("Mul", "of channels", ["channels:2", "channels"]),
      node("Max", "max", ["x", "one"], { keep_dims: { b: true } }),
      node("Sum", "sum", ["x", "last"], { keep_dims: { b: false } }),
      node("ArgMax", "argmax", ["x", "last"]),
      node("Min", "min", ["x", "rows"], { keep_dims: { b: false } }),
      node("Prod", "prod", ["x", "last"], { keep_dims: { b: false } }),
      node("Fill", "threes", ["three", "nine"]),
      node("Range", "count", ["zero", "last", "one"]),
      node("Cast", "counted", ["count"], { SrcT: { type: "DT_INT32" }, DstT: { type: "DT_FLOAT" } }),
      node("Mul", "nine times", ["x", "threes"]),
      node("Add", "numbered", ["nine times", "counted"]),
      node("Concat", "join first", ["one", "x", "x"], { N: whole(2) }),
      node("Gather", "first rows", ["x", "zeros"]),
      node("StopGradient", "stopped", ["numbered"]),
      node("Snapshot", "shot", ["numbered"]),
      node("IdentityN", "both", ["numbered", "x"]),
      node("Neg", "of both", ["both:1"]),
    ],
  ),
  graph(
    "sizes that are computed",
    [image],
    { zero: list(0), one: list(1), step: list(1), rest: number(18, "int32"), seven: number(7, "int32") },
    [
      node("Shape", "shape", ["x"], { out_type: { type: "DT_INT32" } }),
      node("StridedSlice", "batch", ["shape", "zero", "one", "step"], {
        begin_mask: whole(0),
        end_mask: whole(0),
        ellipsis_mask: whole(0),
        new_axis_mask: whole(0),
        shrink_axis_mask: whole(1),
      }),
      node("Pack", "sizes", ["batch", "seven", "rest"], { axis: whole(0), N: whole(3) }),
      node("Reshape", "rows", ["x", "sizes"]),
    ],
  ),
  graph(
    "products",
    [
      { name: "x", shape: [2, 3, 4] },
      { name: "y", shape: [2, 5, 4] },
    ],
    { matrix: { shape: [6, 4] }, shape: list(6, 4) },
    [
      node("BatchMatMulV2", "attention", ["x", "y"], { adj_x: { b: false }, adj_y: { b: true } }),
      node("Reshape", "flat", ["x", "shape"]),
      node("MatMul", "product", ["flat", "matrix"], { transpose_a: { b: false }, transpose_b: { b: true } }),
      node("MatMul", "turned", ["flat", "matrix"], { transpose_a: { b: true }, transpose_b: { b: false } }),
    ],
  ),
  graph(
    "rarer functions",
    [flat, { name: "y", shape: [2, 5] }],
    {
      shape: list(2, 5),
      one: list(1),
      two: number(2),
      zero: number(0),
      corners: { shape: [2, 5], values: [0, 0, 1, -1, 0, 2, 0, -3, 0, 1] },
    },
    [
      ...unary("Acos Asin Atan Asinh Atanh Cosh Sinh Expm1"),
      node("AddV2", "above one", ["x", "two"]),
      node("Acosh", "Acosh", ["above one"]),
      node("Atan2", "angle", ["x", "y"]),
      node("Mul", "nothing", ["x", "zero"]),
      node("AddV2", "at corners", ["nothing", "corners"]),
      node("Atan2", "corner", ["at corners", "zero"]),
      node("Atan2", "side", ["zero", "at corners"]),
      node("Log", "log", ["x"]),
      node("Relu", "positive", ["x"]),
      node("Reciprocal", "inverse", ["positive"]),
      node("IsNan", "no number", ["log"]),
      node("IsInf", "infinite", ["inverse"]),
      node("IsFinite", "finite", ["log"]),
      node("DivNoNan", "quotient", ["y", "positive"]),
      node("Mod", "remainder", ["x", "y"]),
      node("EuclideanNorm", "norm", ["x", "one"], { keep_dims: { b: false } }),
      node("EnsureShape", "ensured", ["x", "shape"]),
      node("FakeQuantWithMinMaxVars", "quantized", ["x", "zero", "two"]),
    ],
  ),
  graph(
    "picks",
    [{ name: "x", shape: [3, 4, 5] }],
    {
      axes: list(0, 1, 2),
      pairs: { shape: [3, 2], dtype: "int32", values: [0, 1, 2, 3, 1, 0] },
      sample: { shape: [1, 1], dtype: "int32", values: [1] },
      cells: { shape: [3, 1], dtype: "int32", values: [4, 0, 4] },
      values: { shape: [3] },
      rows: { shape: [1, 4, 5] },
      six: list(6),
      three: number(3, "int32"),
      classes: list(1, 0, 2),
      on: number(2),
      off: number(-1),
      last: number(2, "int32"),
      middle: list(1),
      both: list(0, 2),
      far: number(9),
      near: number(1),
      seven: number(7, "int32"),
      sizes: list(2, 3, 4, 5),
      lower: number(1, "int32"),
      zero: number(0),
    },
    [
      node("Sum", "total", ["x", "axes"], { keep_dims: { b: false } }),
      node("GatherNd", "elements", ["x", "pairs"]),
      node("ScatterNd", "placed", ["cells", "values", "six"]),
      node("AddV2", "total and placed", ["total", "placed"]),
      // TensorFlow.js writes into the value itself.
      node("Neg", "copy", ["x"]),
      node("TensorScatterUpdate", "updated", ["copy", "sample", "rows"]),
      node("TopKV2", "top", ["x", "three"], { sorted: { b: true } }),
      node("Neg", "of top", ["top"]),
      node("Cast", "places", ["top:1"], { SrcT: { type: "DT_INT32" }, DstT: { type: "DT_FLOAT" } }),
      node("OneHot", "hot", ["classes", "three", "on", "off"]),
      node("AddV2", "total and hot", ["total", "hot"]),
      node("ZerosLike", "zeros", ["x"]),
      node("OnesLike", "ones", ["x"]),
      node("Zeros", "made zeros", ["six"]),
      node("AddV2", "total and made zeros", ["total", "made zeros"]),
      node("Ones", "made ones", ["six"]),
      node("AddV2", "total and made ones", ["total", "made ones"]),
      node("AddN", "numbers", ["x", "zeros", "ones"], { N: whole(3) }),
      node("LinSpace", "even", ["near", "far", "seven"]),
      node("AddV2", "total and even", ["total", "even"]),
      node("ReverseV2", "backwards", ["x", "both"]),
      node("Cumsum", "running", ["x", "last"], { exclusive: { b: false }, reverse: { b: false } }),
      node("Cumsum", "rest", ["x", "last"], { exclusive: { b: true }, reverse: { b: true } }),
      // TensorFlow.js takes the first number for both.
      node("MatrixBandPart", "band", ["x", "lower", "lower"]),
      node("BroadcastTo", "copies", ["x", "sizes"]),
      node("ArgMin", "least", ["x", "last"]),
      node("Greater", "positive", ["x", "zero"]),
      node("All", "every", ["positive", "both"], { keep_dims: { b: false } }),
      node("Any", "some", ["positive", "middle"], { keep_dims: { b: true } }),
      node("Size", "size", ["x"], { out_type: { type: "DT_INT32" } }),
      node("Rank", "rank", ["x"]),
      node("ShapeN", "shapes", ["x", "rows"], { N: whole(2) }),
      node("BroadcastTo", "like the second", ["total", "shapes:1"]),
    ],
  ),
  graph("volumes of a graph", [{ name: "x", shape: [2, 5, 6, 4, 2] }], { kernel: { shape: [3, 2, 2, 2, 3] } }, [
    node("Conv3D", "conv", ["x", "kernel"], {
      padding: text("SAME"),
      strides: wholes([1, 2, 2, 1, 1]),
      dilations: wholes([1, 1, 1, 1, 1]),
      data_format: text("NDHWC"),
    }),
    ...["MaxPool3D", "AvgPool3D"].map((op) =>
      node(op, op, ["x"], {
        padding: text("VALID"),
        strides: wholes([1, 2, 1, 2, 1]),
        ksize: wholes([1, 2, 3, 2, 1]),
        data_format: text("NDHWC"),
      }),
    ),
  ]),
  graph(
    "blocks",
    [image],
    {
      block: list(2, 3),
      borders: { shape: [2, 2], dtype: "int32", values: [1, 2, 0, 3] },
      crops: { shape: [2, 2], dtype: "int32", values: [1, 0, 0, 2] },
      kernel: { shape: [2, 2, 3, 1] },
    },
    [
      node("SpaceToBatchND", "samples", ["x", "block", "borders"]),
      node("DepthwiseConv2d", "deep", ["samples", "kernel"], window("SAME")),
      node("BatchToSpaceND", "again", ["deep", "block", "crops"]),
    ],
  ),
  graph(
    "einsum",
    [
      { name: "x", shape: [2, 3, 4] },
      { name: "y", shape: [2, 5, 4] },
    ],
    {},
    [
      node("Einsum", "scores", ["x", "y"], { equation: text("bij,bkj->bik"), N: whole(2) }),
      node("Einsum", "trace", ["x", "x"], { equation: text("bij,bij->b"), N: whole(2) }),
    ],
  ),
  graph(
    "places that are computed",
    [image],
    {
      one: list(1),
      three: list(3),
      twice: list(2, 3),
      flat: list(2, -1),
      first: number(0, "int32"),
      second: number(1, "int32"),
      samples: list(0, 1),
      last: number(-1, "int32"),
      powers: { shape: [2, 3], dtype: "int32", values: [1, 2, 4, 8, 16, -32] },
      cells: { shape: [2, 2], dtype: "int32", values: [1, 2, 0, 0] },
      table: list(2, 3),
      eight: list(8),
      nine: number(9),
      five: number(5),
    },
    [
      node("Shape", "shape", ["x"], { out_type: { type: "DT_INT32" } }),
      node("StridedSlice", "places", ["shape", "one", "three", "one"], {
        begin_mask: whole(0),
        end_mask: whole(0),
        ellipsis_mask: whole(0),
        new_axis_mask: whole(0),
        shrink_axis_mask: whole(0),
      }),
      node("Mul", "larger", ["places", "twice"], { T: { type: "DT_INT32" } }),
      node("ResizeBilinear", "grown", ["x", "larger"], {
        align_corners: { b: false },
        half_pixel_centers: { b: true },
      }),
      node("Reshape", "in a row", ["x", "flat"]),
      node("ArgMax", "best", ["in a row", "second"], { output_type: { type: "DT_INT32" } }),
      node("Pack", "indices", ["samples", "best"], { axis: whole(1), N: whole(2), T: { type: "DT_INT32" } }),
      node("GatherNd", "largest", ["in a row", "indices"]),
      node("ExpandDims", "column", ["largest", "last"]),
      node("Fill", "as many", ["places", "second"], { T: { type: "DT_INT32" } }),
      node("ExpandDims", "for one", ["as many", "first"]),
      node("SparseToDense", "sparse", ["cells", "table", "largest", "nine"]),
      node("SparseToDense", "marked", ["samples", "eight", "five", "nine"]),
      node("Add", "marked and largest", ["marked", "first largest"]),
      node("Max", "first largest", ["largest", "first"], { keep_dims: { b: false } }),
      node("MatMul", "whole numbers", ["indices", "powers"], {
        T: { type: "DT_INT32" },
        transpose_a: { b: false },
        transpose_b: { b: false },
      }),
    ],
  ),
];
