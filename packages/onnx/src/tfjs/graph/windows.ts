// Operations of graph models that look at places through windows, products of matrices, and batch normalization.
import { float, int, ints, string } from "../../export/writer.js";
import { ACTIVATIONS } from "../activations.js";
import type { Value } from "../builder.js";
import { permuted, type Weight } from "../weights.js";
import { attributesOf, depthwiseKernelOf, kernelOf, type Window } from "../windows.js";
import { leakyRelu } from "./elementwise.js";
import type { Operation, Row, Rows } from "./node.js";

/** The numbers for height and width (and depth) of a list for all axes. */
const places = (o: Operation, name: string, axes = 2): readonly number[] =>
  o.settings.has(name) ? o.settings.each(name, axes + 2, 1).slice(1, axes + 1) : new Array<number>(axes).fill(1);

function windowOf(o: Operation, kernel: readonly number[]): Window {
  const axes = kernel.length;
  o.needsChannelsLast();
  const borders = o.settings.has("explicit_paddings") ? o.settings.numbers("explicit_paddings") : [];
  const padding = o.settings.word<string>("padding", "VALID");
  return {
    kernel,
    strides: places(o, "strides", axes),
    dilations: places(o, "dilations", axes),
    padding: padding === "EXPLICIT" ? kernel.map((_, i) => [borders[2 * i + 2], borders[2 * i + 3]] as const) : padding,
  };
}

/** A variable of the layer that this becomes; what the network computes is turned in the graph. */
const parameter = (o: Operation, field: string, input: number, prepare = (weight: Weight) => weight): Value => {
  o.needs(input + 1);
  const weight = o.weight(input);
  if (weight === undefined) return o.inputs[input];
  return o.builder.parameter(`${o.path}.${field}`, () => prepare(weight));
};

/** What fused operations do with their result, in order. */
function fused(o: Operation, y: Value, bias: boolean): Value {
  const names = o.words("fused_ops");
  const rest = o.inputs.slice(bias ? 3 : 2);
  return names.reduce((v, name) => {
    if (name === "BiasAdd") return bias ? v : o.place.damaged("has a bias that comes after other functions");
    if (name === "Prelu" && rest.length === 0) return o.place.damaged("has no slope");
    if (name === "Prelu") return o.builder.add("PRelu", [v, rest[0]], v.rank, `${o.path}.prelu`);
    if (name === "LeakyRelu") return leakyRelu(o, v, o.settings.number("leakyrelu_alpha", 0.2));
    const activate = ACTIVATIONS[name.toLowerCase()];
    return (
      activate?.(o.builder, v, `${o.path}.${name.toLowerCase()}`) ??
      o.place.refuse(`has the fused ${name}, which Tidu does not support`)
    );
  }, y);
}

const hasBias = (o: Operation): boolean => o.words("fused_ops")[0] === "BiasAdd";

const conv =
  (depthwise: boolean, axes = 2): Row =>
  (o, x) => {
    o.needs(2);
    const stored = o.weight(1);
    if (stored === undefined) return o.place.refuse("has a kernel that the network computes; it must be a constant");
    const bias = hasBias(o) ? [parameter(o, "bias", 2)] : [];
    const kernel = parameter(o, "weight", 1, (w) =>
      depthwise ? depthwiseKernelOf(w, o.place) : kernelOf(w, o.place, axes),
    );
    const window = windowOf(o, stored.shape.slice(0, axes));
    const attributes = { ...attributesOf(window, o.place), group: int(depthwise ? stored.shape[2] : 1) };
    const apply = (v: Value): Value => o.add("Conv", [v, kernel, ...bias], axes + 2, attributes);
    const y = o.builder.withChannelsFirst(x, axes, o.path, apply);
    return fused(o, y, bias.length > 0);
  };

/** The gradient of a convolution by its input is the transposed one; the size of the result is given or natural. */
const convTranspose: Row = (o, sizes, _, x) => {
  o.needs(3);
  const stored = o.weight(1);
  if (stored === undefined) return o.place.refuse("has a kernel that the network computes; it must be a constant");
  const kernel = parameter(o, "weight", 1, (w) => kernelOf(w, o.place, 2));
  const { padding, ...window } = windowOf(o, stored.shape.slice(0, 2));
  const [, height, width] = sizes.weight?.data ?? [];
  const size = height > 0 && width > 0 ? { output_shape: ints([height, width]) } : {};
  const attributes = { ...attributesOf({ ...window, padding }, o.place), ...size };
  return o.builder.withChannelsFirst(x, 2, o.path, (v) => o.add("ConvTranspose", [v, kernel], 4, attributes));
};

const pool =
  (op: string, axes = 2): Row =>
  (o, x) => {
    o.needs(1);
    const { dilations: _, ...window } = windowOf(o, places(o, "ksize", axes));
    const attributes = attributesOf(window, o.place);
    return o.builder.withChannelsFirst(x, axes, o.path, (v) => o.add(op, [v], axes + 2, attributes));
  };

const einsum: Row = (o, ...x) => {
  const equation = o.settings.word<string>("equation", "");
  const [, result] = equation.split("->");
  return o.add("Einsum", x, result?.includes(".") ? undefined : result?.trim().length, { equation: string(equation) });
};

/** x · y, each turned or not. */
const product =
  (turnsX: string, turnsY: string): Row =>
  (o, x, y) => {
    o.needs(2);
    const [a, b] = [o.settings.flag(turnsX, false), o.settings.flag(turnsY, false)];
    const weight = o.weight(1);
    if (weight?.shape.length === 2 && weight.dtype === "f32" && !a && x.rank === 2) {
      const bias = hasBias(o) ? [parameter(o, "bias", 2)] : [];
      const matrix = parameter(o, "weight", 1, (w) => (b ? w : permuted(w, [1, 0])));
      return fused(o, o.add("Gemm", [x, matrix, ...bias], 2, { transB: int(1) }), bias.length > 0);
    }
    if (hasBias(o)) o.needs(3);
    const turned = (v: Value, turns: boolean, rank: number) => {
      const order = Array.from({ length: rank }, (_, i) => i);
      return turns ? o.builder.permute(v, [...order.slice(0, -2), rank - 1, rank - 2], o.path) : v;
    };
    const rank = a || b ? Math.max(o.rank(0), o.rank(1)) : x.rank;
    const factors = [turned(x, a, a ? o.rank(0) : 2), turned(y, b, b ? o.rank(1) : 2)];
    const result = o.add("MatMul", factors, rank);
    return fused(o, hasBias(o) ? o.add("Add", [result, o.inputs[2]], rank) : result, hasBias(o));
  };

const batchNorm: Row = (o, x) => {
  o.needs(5);
  o.needsChannelsLast();
  if (o.settings.flag("is_training", false))
    o.place.refuse("normalizes by the batch's own mean; save it for inference");
  const names = ["weight", "bias", "running_mean", "running_var"];
  const weights = names.map((name, i) => parameter(o, name, i + 1));
  return o.builder.batchNorm(x, weights, o.settings.number("epsilon", 1e-4), 0.99, o.path);
};

const resize =
  (mode: string): Row =>
  (o, x, given) => {
    o.needs(2);
    const [corners, centers] = [o.settings.flag("align_corners", false), o.settings.flag("half_pixel_centers", false)];
    const sizes = o.weight(1) === undefined ? given : o.builder.list(o.wholes(1));
    return o.add("Resize", [x, "", "", sizes], 4, {
      axes: ints([1, 2]),
      mode: string(mode),
      coordinate_transformation_mode: string(corners ? "align_corners" : centers ? "half_pixel" : "asymmetric"),
      nearest_mode: string(corners || centers ? "round_prefer_ceil" : "floor"),
    });
  };

/** Neighboring channels: `depth_radius` on each side. */
const localResponse: Row = (o, x) => {
  const size = 2 * o.settings.whole("depth_radius", 5) + 1;
  const [bias, alpha, beta] = [
    o.settings.number("bias", 1),
    o.settings.number("alpha", 1),
    o.settings.number("beta", 0.5),
  ];
  const attributes = { size: int(size), bias: float(bias), alpha: float(alpha * size), beta: float(beta) };
  return o.builder.withChannelsFirst(x, 2, o.path, (v) => o.add("LRN", [v], 4, attributes));
};

const rearrange =
  (op: string): Row =>
  (o, x) => {
    o.needsChannelsLast();
    const attributes = { blocksize: int(o.settings.whole("block_size", 1)) };
    return o.builder.withChannelsFirst(x, 2, o.path, (v) => o.add(op, [v], 4, attributes));
  };

export const WINDOWS: Rows = {
  Conv2D: conv(false),
  _FusedConv2D: conv(false),
  DepthwiseConv2dNative: conv(true),
  FusedDepthwiseConv2dNative: conv(true),
  DepthwiseConv2d: conv(true),
  Conv3D: conv(false, 3),
  Conv2DBackpropInput: convTranspose,
  MaxPool: pool("MaxPool"),
  AvgPool: pool("AveragePool"),
  MaxPool3D: pool("MaxPool", 3),
  AvgPool3D: pool("AveragePool", 3),
  Einsum: einsum,
  MatMul: product("transpose_a", "transpose_b"),
  _FusedMatMul: product("transpose_a", "transpose_b"),
  BatchMatMul: product("adj_x", "adj_y"),
  BatchMatMulV2: product("adj_x", "adj_y"),
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  ResizeBilinear: resize("linear"),
  ResizeNearestNeighbor: resize("nearest"),
  LRN: localResponse,
  DepthToSpace: rearrange("DepthToSpace"),
  SpaceToDepth: rearrange("SpaceToDepth"),
};
