// Layers that work on each element, move elements, normalize, or join values.
import { float, int } from "../../export/writer.js";
import { ACTIVATIONS } from "../activations.js";
import type { Value } from "../builder.js";
import type { Weight } from "../weights.js";
import { type Layer, type Row, type Rows, rankOf } from "./layer.js";
import { format } from "./windows.js";

/** Layers that change values only during training. */
const nothing: Row = (_, x) => x;

const dropout: Row = ({ builder, path, settings }, x) =>
  builder.add("Dropout", [x, builder.number(settings.number("rate", 0.5))], x.rank, path);

const filled = (like: Weight, value: number): Weight => ({
  dtype: "f32",
  shape: like.shape,
  data: new Float32Array(like.data.length).fill(value),
});

/** Scale and shift, where the layer has them; else 1 and 0. */
function affine(layer: Layer, like: Weight | undefined): [scale: Value, shift: Value] {
  const { settings, builder } = layer;
  const [scales, shifts] = [settings.flag("scale", true), settings.flag("center", true)];
  const own = like ?? (scales ? layer.weight("gamma") : shifts ? layer.weight("beta") : undefined);
  const sizes = own ?? layer.place.refuse("has neither scale nor shift, so that its size is not known");
  return [
    scales ? layer.parameter("weight", () => layer.weight("gamma")) : builder.constant(filled(sizes, 1)),
    shifts ? layer.parameter("bias", () => layer.weight("beta")) : builder.constant(filled(sizes, 0)),
  ];
}

/** The one axis that a normalization is for. */
function axisOf({ settings, place }: Layer, rank: number): number {
  const list =
    typeof settings.raw("axis") === "number"
      ? [settings.whole("axis", -1)]
      : settings.has("axis")
        ? settings.numbers("axis")
        : [-1];
  if (list.length !== 1) return place.refuse(`has ${list.length} axes, expected one`);
  return list[0] < 0 ? list[0] + rank : list[0];
}

const batchNorm: Row = (layer, x) => {
  const { builder, path, place, settings } = layer;
  const rank = rankOf(layer, x);
  const axis = axisOf(layer, rank);
  const mean = layer.weight("moving_mean");
  const weights = [
    ...affine(layer, mean),
    layer.parameter("running_mean", () => mean),
    layer.parameter("running_var", () => layer.weight("moving_variance")),
  ];
  const [eps, momentum] = [settings.number("epsilon", 1e-3), settings.number("momentum", 0.99)];
  if (axis === rank - 1) return builder.batchNorm(x, weights, eps, momentum, path);
  if (axis !== 1) place.refuse(`normalizes axis ${axis} of ${rank}, expected the first or last after the batch`);
  return builder.add("BatchNormalization", [x, ...weights], rank, path, {
    epsilon: float(eps),
    momentum: float(momentum),
  });
};

const layerNorm: Row = (layer, x) => {
  const rank = rankOf(layer, x);
  if (axisOf(layer, rank) !== rank - 1) layer.place.refuse("normalizes another axis than the last");
  const [eps, weights] = [layer.settings.number("epsilon", 1e-3), affine(layer, undefined)];
  return layer.builder.add("LayerNormalization", [x, ...weights], rank, layer.path, {
    axis: int(-1),
    epsilon: float(eps),
  });
};

const relu: Row = ({ builder, path, place, settings }, x) => {
  const [slope, threshold] = [settings.number("negative_slope", 0), settings.number("threshold", 0)];
  if (threshold !== 0) place.refuse(`has the threshold ${threshold}, expected 0`);
  const most = settings.has("max_value") ? settings.number("max_value", 0) : undefined;
  if (slope === 0) return most === undefined ? builder.add("Relu", [x], x.rank, path) : builder.clip(x, 0, most, path);
  const y = builder.add("LeakyRelu", [x], x.rank, path, { alpha: float(slope) });
  return most === undefined ? y : builder.add("Min", [y, builder.number(most)], x.rank, path);
};

const withAlpha =
  (op: string, name: string, standard: number): Row =>
  ({ builder, path, settings }, x) =>
    builder.add(op, [x], x.rank, path, { alpha: float(settings.number(name, standard)) });

const leakyRelu: Row = ({ builder, path, settings }, x) => {
  const slope = settings.has("negative_slope") ? settings.number("negative_slope", 0.3) : settings.number("alpha", 0.3);
  return builder.add("LeakyRelu", [x], x.rank, path, { alpha: float(slope) });
};

const prelu: Row = (layer, x) => {
  const slope = layer.parameter("weight", () => layer.weight("alpha"));
  return layer.builder.add("PRelu", [x, slope], x.rank, layer.path);
};

const softmax: Row = ({ builder, path, settings }, x) =>
  builder.add("Softmax", [x], x.rank, path, { axis: int(settings.whole("axis", -1)) });

const activation: Row = (layer, x) => {
  const { settings, builder, path, place } = layer;
  const name = settings.word<string>("activation", "linear");
  const activate = ACTIVATIONS[name] ?? place.refuse(`has the activation ${name}, which Tidu does not support`);
  return activate(builder, x, path);
};

const flatten: Row = (layer, x) => {
  const { builder, path } = layer;
  const rank = rankOf(layer, x);
  const turns = format(layer) === "channels_first" && rank > 2;
  const last = turns ? builder.permute(x, [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1], path) : x;
  return builder.add("Flatten", [last], 2, path, { axis: int(1) });
};

/** One size may be free: -1, or null as TensorFlow.js writes it. */
const reshape: Row = ({ builder, path, place, settings }, x) => {
  const sizes = settings.raw("target_shape");
  const isSize = (size: unknown) => size === null || Number.isSafeInteger(size);
  if (!Array.isArray(sizes) || !sizes.every(isSize)) return place.damaged("has no target_shape of whole numbers");
  return builder.reshape(x, [0, ...sizes.map((size) => size ?? -1)], path);
};

const permute: Row = (layer, x) => {
  const dims = layer.settings.numbers("dims");
  rankOf(layer, x, dims.length + 1);
  return layer.builder.permute(x, [0, ...dims], layer.path);
};

const repeat: Row = (layer, x) => {
  const { builder, path, settings } = layer;
  rankOf(layer, x, 2);
  return builder.add("Tile", [builder.unsqueeze(x, 1, path), builder.list([1, settings.whole("n", 1), 1])], 3, path);
};

/** Which axes a layer for images works on. */
const placesOf = (layer: Layer, axes: number): number[] =>
  Array.from({ length: axes }, (_, i) => i + (format(layer) === "channels_first" ? 2 : 1));

const zeroPadding =
  (axes: number): Row =>
  (layer, x) => {
    const pairs = layer.settings.pairs("padding", axes, 1);
    const places = placesOf(layer, axes);
    const all = Array.from({ length: rankOf(layer, x, axes + 2) }, (_, axis) => pairs[places.indexOf(axis)] ?? [0, 0]);
    return layer.builder.pad(x, all as (readonly [number, number])[], 0, "constant", layer.path);
  };

const cropping =
  (axes: number): Row =>
  (layer, x) => {
    rankOf(layer, x, axes + 2);
    const pairs = layer.settings.pairs("cropping", axes, 0);
    const ends = pairs.map(([, after]) => (after === 0 ? undefined : -after));
    return layer.builder.slice(
      x,
      placesOf(layer, axes),
      pairs.map(([before]) => before),
      ends,
      layer.path,
    );
  };

const embedding: Row = (layer, x) => {
  const { builder, path, place, settings } = layer;
  if (settings.flag("mask_zero", false)) place.refuse("has mask_zero, which Tidu does not support");
  const table = layer.parameter("weight", () => layer.weight("embeddings"));
  const rank = rankOf(layer, x) + 1;
  return builder.add("Gather", [table, builder.add("Cast", [x], x.rank, path, { to: int(6) })], rank, path);
};

const rescaling: Row = ({ builder, path, settings }, x) => {
  const scaled = builder.add("Mul", [x, builder.number(settings.number("scale", 1))], x.rank, path);
  return builder.add("Add", [scaled, builder.number(settings.number("offset", 0))], x.rank, path);
};

/** Joins values of the same number of axes. */
const merge =
  (op: string): Row =>
  (layer, x, all) => {
    const rank = rankOf(layer, x);
    for (const other of all) rankOf(layer, other, rank);
    return layer.builder.add(op, all, rank, layer.path);
  };

const twoByTwo =
  (op: string): Row =>
  (layer, x, all) => {
    for (const other of all) rankOf(layer, other, rankOf(layer, x));
    return all.slice(1).reduce((a, b) => layer.builder.add(op, [a, b], x.rank, layer.path), x);
  };

const concatenate: Row = ({ builder, path, settings }, _, all) => builder.concat(all, settings.whole("axis", -1), path);

export const OTHERS: Rows = {
  Dropout: dropout,
  SpatialDropout1D: nothing,
  SpatialDropout2D: nothing,
  GaussianNoise: nothing,
  GaussianDropout: nothing,
  AlphaDropout: nothing,
  ActivityRegularization: nothing,
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
  Activation: activation,
  ReLU: relu,
  LeakyReLU: leakyRelu,
  ELU: withAlpha("Elu", "alpha", 1),
  ThresholdedReLU: withAlpha("ThresholdedRelu", "theta", 1),
  PReLU: prelu,
  Softmax: softmax,
  Flatten: flatten,
  Reshape: reshape,
  Permute: permute,
  RepeatVector: repeat,
  ZeroPadding1D: zeroPadding(1),
  ZeroPadding2D: zeroPadding(2),
  Cropping1D: cropping(1),
  Cropping2D: cropping(2),
  Embedding: embedding,
  Rescaling: rescaling,
  Add: merge("Sum"),
  Average: merge("Mean"),
  Maximum: merge("Max"),
  Minimum: merge("Min"),
  Multiply: twoByTwo("Mul"),
  Subtract: twoByTwo("Sub"),
  Concatenate: concatenate,
};
