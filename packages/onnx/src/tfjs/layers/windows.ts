// Layers that look at places through windows, and products with a matrix.
import { int, ints, string } from "../../export/writer.js";
import { ACTIVATIONS } from "../activations.js";
import type { Builder, Value } from "../builder.js";
import { permuted, type Weight } from "../weights.js";
import { attributesOf, depthwiseKernelOf, kernelOf, transposeKernelOf, type Window } from "../windows.js";
import { type Layer, type Row, type Rows, rankOf } from "./layer.js";

const PADDINGS = ["valid", "same", "causal"] as const;
const FORMATS = ["channels_last", "channels_first"] as const;

export const format = ({ settings }: Layer) => settings.word("data_format", "channels_last", FORMATS);

/** The function at the end of a layer, under a name of its own. */
export function activated({ settings, builder, path, place }: Layer, y: Value): Value {
  const name = settings.word<string>("activation", "linear");
  const activate = ACTIVATIONS[name] ?? place.refuse(`has the activation ${name}, which Tidu does not support`);
  return activate(builder, y, `${path}.${name}`);
}

/** Runs `body` with channels first, unless the layer has them first already. */
function channelsFirst(layer: Layer, x: Value, axes: number, body: (x: Value) => Value): Value {
  rankOf(layer, x, axes + 2);
  if (format(layer) === "channels_first") return body(x);
  return layer.builder.withChannelsFirst(x, axes, layer.path, body);
}

function windowOf({ settings }: Layer, axes: number, kernel = settings.each("kernel_size", axes, 1)): Window {
  return {
    kernel,
    strides: settings.each("strides", axes, 1),
    dilations: settings.each("dilation_rate", axes, 1),
    padding: settings.word("padding", "valid", PADDINGS),
  };
}

/** The bias, if the layer has one, as the third input. */
const biasOf = (layer: Layer, name = "bias"): Value[] =>
  layer.settings.flag("use_bias", true) ? [layer.parameter(name, () => layer.weight("bias"))] : [];

function convolution(layer: Layer, x: Value, kernel: Value, bias: Value[], window: Window, groups: number): Value {
  const attributes = { ...attributesOf(window, layer.place), group: int(groups) };
  return layer.builder.add("Conv", [x, kernel, ...bias], x.rank, layer.path, attributes);
}

const conv =
  (axes: number): Row =>
  (layer, x) => {
    const window = windowOf(layer, axes);
    const groups = layer.settings.whole("groups", 1);
    const kernel = layer.parameter("weight", () => kernelOf(layer.weight("kernel"), layer.place, axes));
    return activated(
      layer,
      channelsFirst(layer, x, axes, (v) => convolution(layer, v, kernel, biasOf(layer), window, groups)),
    );
  };

const depthwise = (layer: Layer, name: string, parameter: string): [kernel: Value, window: Window, groups: number] => {
  const stored = layer.weight(name);
  const kernel = layer.parameter(parameter, () => depthwiseKernelOf(stored, layer.place));
  return [kernel, windowOf(layer, 2, stored.shape.slice(0, 2)), stored.shape[2]];
};

const depthwiseConv: Row = (layer, x) => {
  const [kernel, window, groups] = depthwise(layer, "depthwise_kernel", "weight");
  const y = channelsFirst(layer, x, 2, (v) => convolution(layer, v, kernel, biasOf(layer), window, groups));
  return activated(layer, y);
};

/** Each channel alone, then all channels at each place. */
const separableConv: Row = (layer, x) => {
  const [kernel, window, groups] = depthwise(layer, "depthwise_kernel", "depthwise.weight");
  const mix = layer.parameter("pointwise.weight", () => kernelOf(layer.weight("pointwise_kernel"), layer.place, 2));
  const bias = biasOf(layer, "pointwise.bias");
  const one: Window = { kernel: [1, 1], strides: [1, 1], padding: "valid" };
  const y = channelsFirst(layer, x, 2, (v) =>
    convolution(layer, convolution(layer, v, kernel, [], window, groups), mix, bias, one, 1),
  );
  return activated(layer, y);
};

const convTranspose: Row = (layer, x) => {
  const { builder, path, place, settings } = layer;
  if (settings.has("output_padding")) place.refuse("has output_padding, which TensorFlow.js lacks");
  const window = windowOf(layer, 2);
  const { kernel, strides, padding } = window;
  const weight = layer.parameter("weight", () => transposeKernelOf(layer.weight("kernel"), place, 2));
  // Where kernels do not touch each other, the strides' gaps belong to the result.
  const gaps = kernel.map((k, i) => (padding === "valid" ? Math.max(strides[i] - k, 0) : 0));
  const attributes = { ...attributesOf(window, place), output_padding: ints(gaps) };
  const y = channelsFirst(layer, x, 2, (v) =>
    builder.add("ConvTranspose", [v, weight, ...biasOf(layer)], v.rank, path, attributes),
  );
  return activated(layer, y);
};

const pool =
  (axes: number, op: string): Row =>
  (layer, x) => {
    const { builder, path, place, settings } = layer;
    const kernel = settings.each("pool_size", axes, 2);
    const strides = settings.each("strides", axes, kernel);
    const attributes = attributesOf({ kernel, strides, padding: settings.word("padding", "valid", PADDINGS) }, place);
    return channelsFirst(layer, x, axes, (v) => builder.add(op, [v], v.rank, path, attributes));
  };

const globalPool =
  (axes: number, op: string): Row =>
  (layer, x) => {
    rankOf(layer, x, axes + 2);
    const from = format(layer) === "channels_first" ? 2 : 1;
    const places = Array.from({ length: axes }, (_, i) => i + from);
    return layer.builder.reduce(op, x, places, layer.settings.flag("keepdims", false), layer.path);
  };

const dense: Row = (layer, x) => {
  const { builder, path } = layer;
  const bias = biasOf(layer);
  if (rankOf(layer, x) === 2) {
    const kernel = layer.parameter("weight", () => turned(layer.weight("kernel")));
    return activated(layer, builder.add("Gemm", [x, kernel, ...bias], 2, path, { transB: int(1) }));
  }
  const kernel = layer.parameter("weight", () => layer.weight("kernel"));
  const y = builder.add("MatMul", [x, kernel], x.rank, path);
  return activated(layer, bias.length === 0 ? y : builder.add("Add", [y, ...bias], x.rank, path));
};

const turned = (weight: Weight): Weight => permuted(weight, [1, 0]);

const upsampling: Row = (layer, x) => {
  const { settings } = layer;
  const [height, width] = settings.each("size", 2, 2);
  const places = format(layer) === "channels_first" ? [2, 3] : [1, 2];
  return resized(layer.builder, rankOf(layer, x, 4), x, places, [height, width], layer);
};

function resized(b: Builder, rank: number, x: Value, axes: number[], scales: number[], layer: Layer): Value {
  const mode = layer.settings.word("interpolation", "nearest", ["nearest", "bilinear"]);
  const list = b.constant({ dtype: "f32", shape: [axes.length], data: Float32Array.from(scales) });
  return b.add("Resize", [x, "", list], rank, layer.path, {
    axes: ints(axes),
    mode: string(mode === "nearest" ? "nearest" : "linear"),
    coordinate_transformation_mode: string("asymmetric"),
    nearest_mode: string("floor"),
  });
}

export const WINDOWS: Rows = {
  Dense: dense,
  Conv1D: conv(1),
  Conv2D: conv(2),
  Conv3D: conv(3),
  DepthwiseConv2D: depthwiseConv,
  SeparableConv2D: separableConv,
  Conv2DTranspose: convTranspose,
  MaxPooling1D: pool(1, "MaxPool"),
  MaxPooling2D: pool(2, "MaxPool"),
  MaxPooling3D: pool(3, "MaxPool"),
  AveragePooling1D: pool(1, "AveragePool"),
  AveragePooling2D: pool(2, "AveragePool"),
  AveragePooling3D: pool(3, "AveragePool"),
  GlobalMaxPooling1D: globalPool(1, "ReduceMax"),
  GlobalMaxPooling2D: globalPool(2, "ReduceMax"),
  GlobalAveragePooling1D: globalPool(1, "ReduceMean"),
  GlobalAveragePooling2D: globalPool(2, "ReduceMean"),
  UpSampling2D: upsampling,
};
