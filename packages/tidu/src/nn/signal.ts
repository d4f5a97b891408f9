// Convolution and correlation of signals.
import { callback, check, finite, needed, options, refuse, refuseShape, whole, words } from "../base/check.js";
import { formatShape } from "../base/shape.js";
import { contract } from "../graph/ops/index.js";
import { arange, checkTensor, Tensor, tensor } from "../tensor/tensor.js";
import { floats } from "../tensor/types.js";
import { windows } from "./windows.js";

/**
 * How much of a convolution is returned: "full", every place where signal and kernel overlap (size n + k - 1); "same",
 * the middle of that (size n); "valid", the places where the whole kernel lies inside (size n - k + 1).
 */
export type Mode = "full" | "same" | "valid";

/** How many zeros a mode adds before and after a signal, for windows of size k. */
function border(mode: Mode, k: number): readonly [before: number, after: number] {
  if (mode === "full") return [k - 1, k - 1];
  if (mode === "same") return [k - 1 - Math.floor((k - 1) / 2), Math.floor((k - 1) / 2)];
  return [0, 0];
}

function slide(name: string, x: Tensor, w: Tensor, mode: Mode, flipped: boolean, [low, high] = [1, 2]): Tensor {
  checkTensor(name, "x", x);
  checkTensor(name, "w", w);
  check(name, "mode", mode, words("full", "same", "valid"));
  if (x.rank < low || x.rank > high) refuseShape(name, "x", x, low === high ? "[h, w]" : "[n] or [h, w]");
  if (w.rank !== x.rank) refuseShape(name, "w", w, `of as many axes as x, ${x.rank}`);
  if (mode === "valid" && w.shape.some((k, i) => k > x.shape[i])) {
    refuseShape(name, "w", w, `within x, ${formatShape(x.shape)}; or use mode "full" or "same"`);
  }
  if (flipped) w = w.flip();
  const padded = x.pad(w.shape.map((k) => border(mode, k)));
  const each = (value: number) => w.shape.map(() => value);
  const seen = windows(padded, w.shape, { stride: each(1), padding: each(0), dilation: each(1) });
  const [at, inside] = [w.shape.map((_, i) => `at${i}`), w.shape.map((_, i) => `in${i}`)];
  return new Tensor(contract(floats(seen.node), floats(w.node), { a: [...at, ...inside], b: inside, out: at }));
}

/**
 * Convolution of two sequences or two images: s(i) = sum over m of x(i - m) · w(m), in two dimensions
 * s(i, j) = sum over m, n of x(i - m, j - n) · w(m, n), with zeros outside x. The kernel is flipped, which makes
 * the operation commutative; `nn.conv2d` and `correlate` do not flip it.
 *
 * @param x signal [n] or [h, w].
 * @param w kernel, with as many axes.
 * @throws ShapeError unless both have 1 or both have 2 axes, or where a "valid" kernel is larger than the signal.
 *
 * @example
 * ```ts
 * import { signal, tensor } from "tidu";
 *
 * console.log(await signal.convolve(tensor([1, 2]), tensor([1, 10])).array()); // [1, 12, 20]
 * ```
 */
export const convolve = (x: Tensor, w: Tensor, mode: Mode = "full"): Tensor => slide("convolve", x, w, mode, true);

/**
 * Cross-correlation: s(i) = sum over m of x(i + m) · w(m), in two dimensions s(i, j) = sum over m, n of
 * x(i + m, j + n) · w(m, n). "full" begins where w's last element meets x's first. See `convolve`.
 *
 * @example
 * ```ts
 * import { signal, tensor } from "tidu";
 *
 * console.log(await signal.correlate(tensor([1, 2]), tensor([1, 10])).array()); // [10, 21, 2]
 * ```
 */
export const correlate = (x: Tensor, w: Tensor, mode: Mode = "full"): Tensor => slide("correlate", x, w, mode, false);

/**
 * `convolve` of images [h, w] only.
 *
 * @example
 * ```ts
 * import { ones, signal, zeros } from "tidu";
 *
 * console.log(signal.convolve2d(zeros([5, 5]), ones([3, 3]), "valid").shape); // [3, 3]
 * ```
 */
export const convolve2d = (x: Tensor, w: Tensor, mode: Mode = "full"): Tensor =>
  slide("convolve2d", x, w, mode, true, [2, 2]);

/**
 * `correlate` of images [h, w] only.
 *
 * @example
 * ```ts
 * import { ones, signal, zeros } from "tidu";
 *
 * console.log(signal.correlate2d(zeros([5, 5]), ones([3, 3]), "same").shape); // [5, 5]
 * ```
 */
export const correlate2d = (x: Tensor, w: Tensor, mode: Mode = "full"): Tensor =>
  slide("correlate2d", x, w, mode, false, [2, 2]);

/** Where a function is sampled: in the middles of `count` equal parts of [from, to]. */
export interface Grid {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * The convolution of two functions, s(t) = ∫ x(a) · w(t - a) da, by the midpoint rule; both count as 0 outside the
 * grid. For two probability densities, it is the density of the sum of two independent random variables. The error
 * falls with the square of the step, (to - from) / count.
 *
 * @returns `t`, 2 · count - 1 places from 2 · from to 2 · to, one step apart, and `s` at each.
 *
 * @example
 * ```ts
 * import { signal } from "tidu";
 *
 * const { s } = signal.convolveFunctions(Math.sin, Math.cos, { from: 0, to: 1, count: 10 });
 * console.log(s.shape); // [19]
 * ```
 */
export function convolveFunctions(
  x: (a: number) => number,
  w: (a: number) => number,
  grid: Grid,
): { t: Tensor; s: Tensor } {
  const where = "convolveFunctions";
  check(where, "x", x, callback);
  check(where, "w", w, callback);
  check(where, "grid", grid, options({ from: needed(finite), to: needed(finite), count: needed(whole(1, 2 ** 24)) }));
  const { from, to, count } = grid;
  if (from >= to) refuse(where, "grid.from", from, `below grid.to, ${to}`);
  const step = (to - from) / count;
  const sample = (f: (a: number) => number) =>
    tensor(Float32Array.from({ length: count }, (_, i) => f(from + (i + 0.5) * step)));
  const t = arange(2 * count - 1)
    .add(1)
    .mul(step)
    .add(2 * from);
  return { t, s: convolve(sample(x), sample(w)).mul(step) };
}
