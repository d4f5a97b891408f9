// Padding from the tensor's own elements, and resizing of images.
import {
  check,
  checkOptions,
  constant,
  either,
  flag,
  listOf,
  oneOrMore,
  options as optionsOf,
  positive,
  refuse,
  refuseShape,
  whole,
  words,
} from "../../base/check.js";
import { checkTensor, checkWidths, concat, full, type Tensor, tensor } from "../tensor.js";

/** What padding consists of: one number, the mirrored elements, the edge repeated, or the elements of the other end. */
export type PadMode = "constant" | "reflect" | "replicate" | "circular";

/**
 * Adds `[before, after]` elements to each axis: a constant ("constant"), the elements mirrored at the edge, without the
 * edge itself ("reflect"), the edge repeated ("replicate"), or the elements at the other end ("circular").
 *
 * @param options.value for "constant"; default 0.
 *
 * @example
 * ```ts
 * import { pad, tensor } from "tidu";
 *
 * console.log(await pad(tensor([1, 2]), [[1, 1]]).array()); // [0, 1, 2, 0]
 * ```
 */
export function pad(
  x: Tensor,
  widths: readonly (readonly [before: number, after: number])[],
  options: { readonly mode?: PadMode; readonly value?: number } = {},
): Tensor {
  checkTensor("pad", "x", x);
  checkOptions("pad", options, { mode: words("constant", "reflect", "replicate", "circular"), value: constant });
  const { mode = "constant", value = 0 } = options;
  if (mode === "constant") {
    const y = x.pad(widths);
    if (value === 0) return y;
    return full(x.shape, 1).to("bool").pad(widths).where(y, value);
  }
  checkWidths(widths, x.rank);
  return widths.reduce((y, [before, after], axis) => {
    const size = y.shape[axis];
    const most = mode === "reflect" ? size - 1 : mode === "circular" ? size : Number.POSITIVE_INFINITY;
    if (Math.max(before, after) > most) refuse("pad", "widths", widths, `at most ${most} for axis ${axis} of ${x}`);
    const side = (count: number, first: boolean): Tensor[] =>
      count === 0 ? [] : [beside(y, axis, count, first, mode)];
    return concat([...side(before, true), y, ...side(after, false)], axis);
  }, x);
}

/** The padding before (or after) an axis. */
function beside(x: Tensor, axis: number, count: number, first: boolean, mode: PadMode): Tensor {
  const size = x.shape[axis];
  if (mode === "circular") return first ? x.slice(axis, size - count) : x.slice(axis, 0, count);
  if (mode === "reflect")
    return (first ? x.slice(axis, 1, count + 1) : x.slice(axis, size - 1 - count, size - 1)).flip(axis);
  const edge = first ? x.slice(axis, 0, 1) : x.slice(axis, size - 1);
  return edge.broadcastTo(x.shape.with(axis, count));
}

/** Options of `interpolate`. */
export interface InterpolateOptions {
  /** The new size of each spatial axis; this or `scale`. */
  readonly size?: number | readonly number[];
  /** New sizes as multiples of the old ones, rounded down. */
  readonly scale?: number | readonly number[];
  /** "bilinear" is another name of "linear". Default "nearest". */
  readonly mode?: "nearest" | "linear" | "bilinear" | "bicubic";
  /** Whether the first and last elements keep their places, rather than their areas. Default false. */
  readonly alignCorners?: boolean;
}

/** What `interpolate` takes. @internal */
export const INTERPOLATION = optionsOf({
  size: either(oneOrMore, listOf(oneOrMore)),
  scale: either(positive, listOf(positive)),
  mode: words("nearest", "linear", "bilinear", "bicubic"),
  alignCorners: flag,
});

/**
 * Images of another size, [n, c, …spatial]: the nearest element, or a mean of 2 (linear) or 4 (cubic, Keys, IEEE TASSP 29, 1981, with
 * a = -0.75) neighbors along each axis, as `torch.nn.functional.interpolate` has them.
 *
 * @example
 * ```ts
 * import { interpolate, zeros } from "tidu";
 *
 * console.log(interpolate(zeros([1, 3, 4, 4]), { scale: 2 }).shape); // [1, 3, 8, 8]
 * ```
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  checkTensor("interpolate", "x", x);
  check("interpolate", "options", options, INTERPOLATION);
  const { size, scale, mode = "nearest", alignCorners = false } = options;
  const spatial = x.rank - 2;
  if (spatial < 1) refuseShape("interpolate", "x", x, "[samples, channels, …spatial]");
  if ((size === undefined) === (scale === undefined)) refuse("interpolate", "options", options, "size or scale");
  const each = (v: number | readonly number[]): readonly number[] =>
    typeof v === "number" ? new Array(spatial).fill(v) : v;
  const given = each((size ?? scale) as number);
  if (given.length !== spatial)
    refuse(
      "interpolate",
      size === undefined ? "options.scale" : "options.size",
      given,
      `a number for each of ${spatial} axes`,
    );
  return given.reduce((y, wanted, i) => {
    const axis = i + 2;
    const old = y.shape[axis];
    const count = size === undefined ? Math.floor(old * wanted) : wanted;
    check("interpolate", "options.scale", count, whole(0, 2 ** 24));
    if (count < 1) refuse("interpolate", "options.scale", wanted, `at least ${1 / old}, for axis ${axis} of ${x}`);
    const step = size === undefined ? 1 / wanted : old / count;
    return along(y.toFloat(), axis, tapsFor(mode, old, count, step, alignCorners));
  }, x);
}

/** One element that each result is made of: which, and how much of it. */
interface Tap {
  readonly rows: Int32Array;
  readonly weights: Float64Array | undefined;
}

function along(x: Tensor, axis: number, taps: readonly Tap[]): Tensor {
  const parts = taps.map(({ rows, weights }) => {
    const taken = x.gather(tensor(rows), axis);
    return weights === undefined
      ? taken
      : taken.mul(
          tensor(
            weights,
            taken.shape.map((d, a) => (a === axis ? d : 1)),
            x.dtype,
          ),
        );
  });
  return parts.reduce((sum, part) => sum.add(part));
}

function tapsFor(mode: string, old: number, count: number, step: number, corners: boolean): Tap[] {
  const inside = (i: number): number => Math.min(Math.max(i, 0), old - 1);
  const rowsOf = (at: (i: number) => number): Int32Array => Int32Array.from({ length: count }, (_, i) => inside(at(i)));
  if (mode === "nearest") return [{ rows: rowsOf((i) => Math.floor(i * step)), weights: undefined }];
  const source = (i: number): number =>
    corners ? (count > 1 ? (i * (old - 1)) / (count - 1) : 0) : (i + 0.5) * step - 0.5;
  const cubic = mode === "bicubic";
  const place = (i: number): number => (cubic ? source(i) : Math.max(0, source(i)));
  const offsets = cubic ? [-1, 0, 1, 2] : [0, 1];
  const weigh = cubic ? keys : (d: number) => Math.max(0, 1 - d);
  return offsets.map((k) => ({
    rows: rowsOf((i) => Math.floor(place(i)) + k),
    weights: Float64Array.from({ length: count }, (_, i) => weigh(Math.abs(place(i) - Math.floor(place(i)) - k))),
  }));
}

/** Keys' cubic kernel. */
function keys(d: number, a = -0.75): number {
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? a * (((d - 5) * d + 8) * d - 4) : 0;
}
