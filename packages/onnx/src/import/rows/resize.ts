// Resizing along axes: to the nearest element, or a mean of the nearest two or four.
import { Tensor, tensor } from "tidu";
import { contract } from "tidu/internal";
import { isEmpty, knownOf } from "../known.js";
import type { GraphNode, Row, Rows } from "../node.js";

/** Where place `i` of the result lies in the source. */
type Place = (i: number, scale: number, from: number, to: number, region: readonly [number, number]) => number;

const half: Place = (i, scale) => (i + 0.5) / scale - 0.5;
const PLACES: Readonly<Record<string, Place>> = {
  half_pixel: half,
  half_pixel_symmetric: (i, scale, from, to) => {
    // The size that the scale asks for may be cut: both ends lose the same.
    const adjust = to / (scale * from);
    return (from / 2) * (1 - adjust) + half(i, scale, from, to, [0, 1]);
  },
  pytorch_half_pixel: (i, scale, _, to) => (to > 1 ? (i + 0.5) / scale - 0.5 : 0),
  // By the size that the scale asks for, whole or not.
  align_corners: (i, scale, from, to) => (to > 1 ? (i * (from - 1)) / (from * scale - 1) : 0),
  asymmetric: (i, scale) => i / scale,
  tf_crop_and_resize: (i, _, from, to, [start, end]) =>
    to > 1 ? start * (from - 1) + (i * (end - start) * (from - 1)) / (to - 1) : 0.5 * (start + end) * (from - 1),
};

const ROUNDS: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** How much an element at a distance counts. */
type Weight = (distance: number) => number;

const linear: Weight = (d) => Math.max(1 - Math.abs(d), 0);

/** Keys, "Cubic convolution interpolation for digital image processing", IEEE ASSP 29, 1981. */
const cubic =
  (a: number): Weight =>
  (d) => {
    const t = Math.abs(d);
    if (t <= 1) return (a + 2) * t ** 3 - (a + 3) * t ** 2 + 1;
    return t < 2 ? a * t ** 3 - 5 * a * t ** 2 + 8 * a * t - 4 * a : 0;
  };

interface How {
  readonly place: Place;
  readonly round: (x: number) => number;
  /** Undefined for the nearest element. */
  readonly weight: Weight | undefined;
  /** Elements on either side that count. */
  readonly reach: number;
  readonly antialias: boolean;
  readonly excludeOutside: boolean;
  /** What stands where a place is outside the source; undefined for its border. */
  readonly outside: number | undefined;
}

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
  readonly region: readonly [number, number];
}

const clamped = (i: number, size: number): number => Math.min(Math.max(i, 0), size - 1);

/** For each place of the result the weights of the source's elements. */
function weightsOf({ from, to, scale, region }: Axis, how: How, weight: Weight): Float32Array {
  const matrix = new Float32Array(to * from);
  // Where the result is smaller, the weights reach further, so that all elements count.
  const stretch = how.antialias && scale < 1 ? scale : 1;
  const reach = how.reach / stretch;
  for (let i = 0; i < to; i++) {
    const at = how.place(i, scale, from, to, region);
    const taps: [number, number][] = [];
    for (let j = Math.floor(at - reach); j <= Math.ceil(at + reach); j++) {
      const w = weight((j - at) * stretch);
      if (w !== 0 && !(how.excludeOutside && (j < 0 || j >= from))) taps.push([clamped(j, from), w]);
    }
    const sum = taps.reduce((s, [, w]) => s + w, 0);
    for (const [j, w] of taps) matrix[i * from + j] += w / sum;
  }
  return matrix;
}

function resizeAxis(node: GraphNode, x: Tensor, axis: number, a: Axis, how: How): Tensor {
  const { from, to, scale, region } = a;
  node.table(how.weight === undefined ? to : to * from);
  const places = Array.from({ length: to }, (_, i) => how.place(i, scale, from, to, region));
  const outside = how.outside === undefined ? [] : places.map((at) => at < 0 || at > from - 1);
  const y =
    how.weight === undefined
      ? nearest(
          x,
          axis,
          places.map((at) => clamped(how.round(at), from)),
        )
      : weighted(x, axis, weightsOf(a, how, how.weight), to);
  if (!outside.includes(true)) return y;
  const isOutside = tensor(
    outside,
    y.shape.map((size, i) => (i === axis ? size : 1)),
  );
  return isOutside.where(how.outside ?? 0, y);
}

/** Whole multiples repeat what is there; other rows are looked up. */
function nearest(x: Tensor, axis: number, rows: readonly number[]): Tensor {
  const size = x.shape[axis];
  const times = rows.length / size;
  if (!Number.isInteger(times) || rows.some((row, i) => row !== Math.floor(i / times))) {
    return x.gather(tensor(Int32Array.from(rows)), axis);
  }
  const wide = x.unsqueeze(axis + 1);
  return wide.broadcastTo(wide.shape.with(axis + 1, times)).reshape(x.shape.with(axis, rows.length));
}

function weighted(x: Tensor, axis: number, matrix: Float32Array, to: number): Tensor {
  const names = x.shape.map((_, i) => `a${i}`);
  const out = names.with(axis, "to");
  const weights = tensor(matrix, [to, x.shape[axis]]);
  return new Tensor(contract(x.toFloat().node, weights.node, { a: names, b: ["to", names[axis]], out }));
}

function readHow(node: GraphNode): How {
  const mode = node.text("mode", "nearest");
  const transform = node.text("coordinate_transformation_mode", "half_pixel");
  const rounding = node.text("nearest_mode", "round_prefer_floor");
  const a = node.float("cubic_coeff_a", -0.75);
  const extrapolated = node.float("extrapolation_value", 0);
  const weights: Readonly<Record<string, Weight | undefined>> = { linear, cubic: cubic(a), nearest: undefined };
  if (!(mode in weights)) node.damaged(`has mode ${mode}, expected nearest, linear or cubic`);
  return {
    place: PLACES[transform] ?? node.refuse(`has coordinate_transformation_mode ${transform}`),
    round: ROUNDS[rounding] ?? node.damaged(`has nearest_mode ${rounding}`),
    weight: weights[mode],
    reach: mode === "cubic" ? 2 : 1,
    antialias: node.int("antialias", 0) !== 0,
    excludeOutside: node.int("exclude_outside", 0) !== 0,
    outside: transform === "tf_crop_and_resize" ? extrapolated : undefined,
  };
}

const resize: Row = (node) => {
  node.needs(1);
  node.takesEmpty = true;
  node.settings(1, 2, 3);
  // Opset 10 had no other way than the old Upsample's, and no region.
  const old = node.opset < 11;
  const how = old ? { ...readHow(node), place: PLACES.asymmetric, round: Math.floor } : readHow(node);
  const axes = node.ints("axes");
  const policy = node.text("keep_aspect_ratio_policy", "stretch");
  return (x, ...rest) => {
    const [roi, scales, sizes] = old ? [undefined, rest[0], undefined] : rest;
    const chosen = (axes ?? x.shape.map((_, i) => i)).map((axis) => (axis < 0 ? axis + x.rank : axis));
    const [byScale, bySize, region] = [scales, sizes, roi].map((t) => listed(node, t));
    const list = byScale ?? bySize ?? node.damaged("has neither scales nor sizes");
    if (list.length !== chosen.length) node.damaged(`has ${list.length} scales or sizes for ${chosen.length} axes`);
    const ratios = chosen.map((axis, i) => list[i] / (byScale === undefined ? x.shape[axis] : 1));
    const shared =
      policy === "not_larger" ? Math.min(...ratios) : policy === "not_smaller" ? Math.max(...ratios) : undefined;
    return chosen
      .reduce((y, axis, i) => {
        const from = y.shape[axis];
        const scale = byScale === undefined ? (shared ?? ratios[i]) : ratios[i];
        const to =
          byScale !== undefined ? Math.floor(from * scale) : shared === undefined ? list[i] : Math.round(from * scale);
        const own = [region?.[i] ?? 0, region?.[i + chosen.length] ?? 1] as const;
        const isSame = to === from && scale === 1 && how.outside === undefined;
        return isSame ? y : resizeAxis(node, y, axis, { from, to, scale, region: own }, how);
      }, x)
      .to(how.weight === undefined ? x.dtype : "f32");
  };
};

function listed(node: GraphNode, t: Tensor | undefined): number[] | undefined {
  if (t === undefined || isEmpty(t)) return undefined;
  const known = knownOf(t) ?? node.refuse("has sizes that the network computes; they must be constants");
  return [...known.data];
}

/** Before opset 9 the scales were an attribute. */
const upsample: Row = (node) => {
  node.needs(1);
  node.settings(1);
  const mode = node.text("mode", "nearest");
  const own = node.floats("scales");
  const how: How = {
    place: PLACES.asymmetric,
    round: Math.floor,
    weight: mode === "nearest" ? undefined : linear,
    reach: 1,
    antialias: false,
    excludeOutside: false,
    outside: undefined,
  };
  return (x, scales) => {
    const list = own ?? listed(node, scales) ?? node.damaged("has no scales");
    return x.shape.reduce((y, from, axis) => {
      const scale = list[axis];
      const to = Math.floor(from * scale);
      return scale === 1 ? y : resizeAxis(node, y, axis, { from, to, scale, region: [0, 1] }, how);
    }, x);
  };
};

export const RESIZE: Rows = { Resize: resize, Upsample: upsample };
