// Joining, cutting and picking parts of tensors, made of the methods of tensors.
import { check, either, integer, listOf, oneOrMore, refuse, refuseShape } from "../../base/check.js";
import { normalizeAxes, normalizeAxis, type Shape } from "../../base/shape.js";
import { type Axes, aTensor, checkTensor, concat, type Tensor, unchanged } from "../tensor.js";

/**
 * Joins tensors of one shape along a new axis.
 *
 * @example
 * ```ts
 * import { stack, tensor } from "tidu";
 *
 * console.log(await stack([tensor([1, 2]), tensor([3, 4])]).array()); // [[1, 2], [3, 4]]
 * ```
 */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
  check("stack", "parts", parts, listOf(aTensor, "a list of tensors, at least one"));
  if (parts.length === 0) refuse("stack", "parts", parts, "a list of tensors, at least one");
  const [first] = parts;
  const at = normalizeAxis("stack", axis, first.rank + 1);
  parts.forEach((p, i) => {
    if (p.rank !== first.rank || p.shape.some((d, a) => d !== first.shape[a]))
      refuseShape("stack", `parts[${i}]`, p, `of the shape of parts[0], ${first}`);
  });
  return concat(
    parts.map((p) => p.unsqueeze(at)),
    at,
  );
}

/**
 * Cuts an axis into pieces of the given sizes, or into pieces of one size (the last may be shorter).
 *
 * @example
 * ```ts
 * import { split, zeros } from "tidu";
 *
 * console.log(split(zeros([5, 2]), [2, 3]).map((part) => part.shape)); // [[2, 2], [3, 2]]
 * ```
 */
export function split(x: Tensor, sizes: number | readonly number[], axis = 0): Tensor[] {
  checkTensor("split", "x", x);
  const at = normalizeAxis("split", axis, x.rank);
  check("split", "sizes", sizes, either(oneOrMore, listOf(oneOrMore)));
  const total = x.shape[at];
  const list =
    typeof sizes === "number"
      ? Array.from({ length: Math.ceil(total / sizes) }, (_, i) => Math.min(sizes, total - i * sizes))
      : sizes;
  if (list.reduce((n, d) => n + d, 0) !== total) refuse("split", "sizes", sizes, `sizes that add up to ${total}`);
  let start = 0;
  return list.map((size) => x.slice(at, start, (start += size)));
}

/**
 * Cuts an axis into at most `count` pieces of equal size; the last may be shorter.
 *
 * @example
 * ```ts
 * import { chunk, zeros } from "tidu";
 *
 * console.log(chunk(zeros([4, 2]), 2).map((part) => part.shape)); // [[2, 2], [2, 2]]
 * ```
 */
export function chunk(x: Tensor, count: number, axis = 0): Tensor[] {
  checkTensor("chunk", "x", x);
  check("chunk", "count", count, oneOrMore);
  return split(x, Math.ceil(x.shape[normalizeAxis("chunk", axis, x.rank)] / count), axis);
}

/**
 * Repeats the tensor `times[i]` times along each of the last axes; more numbers than axes add axes in front.
 *
 * @example
 * ```ts
 * import { tensor, tile } from "tidu";
 *
 * console.log(await tile(tensor([1, 2]), [2]).array()); // [1, 2, 1, 2]
 * ```
 */
export function tile(x: Tensor, times: readonly number[]): Tensor {
  checkTensor("tile", "x", x);
  check("tile", "times", times, listOf(oneOrMore));
  const rank = Math.max(x.rank, times.length);
  const wide = [...new Array(rank - x.rank).fill(1), ...x.shape];
  const counts = [...new Array(rank - times.length).fill(1), ...times];
  const apart = wide.flatMap((d) => [1, d]);
  return x
    .reshape(apart)
    .broadcastTo(apart.map((d, i) => (i % 2 === 0 ? counts[i / 2] : d)))
    .reshape(wide.map((d, i) => d * counts[i]));
}

/**
 * Moves elements `shift` places along axes; those that leave at the end come in again at the start.
 *
 * @example
 * ```ts
 * import { roll, tensor } from "tidu";
 *
 * console.log(await roll(tensor([1, 2, 3]), 1).array()); // [3, 1, 2]
 * ```
 */
export function roll(x: Tensor, shift: number | readonly number[], axes?: Axes): Tensor {
  checkTensor("roll", "x", x);
  check("roll", "shift", shift, either(integer, listOf(integer)));
  const shifts = [shift].flat() as number[];
  if (axes === undefined && shifts.length === 1) return roll(x.flatten(), shifts, 0).reshape(x.shape);
  const list = normalizeAxes("roll", axes, x.rank);
  if (list.length !== shifts.length) refuse("roll", "shift", shift, `a number for each of ${list.length} axes`);
  return list.reduce((y, axis, i) => {
    const size = y.shape[axis];
    const by = ((shifts[i] % size) + size) % size;
    return by === 0 ? y : concat([y.slice(axis, size - by), y.slice(axis, 0, size - by)], axis);
  }, unchanged(x));
}

/**
 * What to pick along an axis: the index of one element (the axis vanishes), `[start, end, step]` for several, ":" for
 * all, or "..." once for all axes that the others leave. Negative indices count from the end; a missing or undefined
 * `end` is the end of the axis; a negative step goes backwards.
 */
export type Index = number | readonly [start?: number, end?: number, step?: number] | ":" | "...";

/**
 * Picks elements and ranges, one index for each axis, first axes first: `at(x, -1)`, `at(x, ":", [1, -1])`.
 *
 * @example
 * ```ts
 * import { at, tensor } from "tidu";
 *
 * console.log(await at(tensor([[1, 2], [3, 4]]), 1).array()); // [3, 4]
 * ```
 */
export function at(x: Tensor, ...indices: readonly Index[]): Tensor {
  checkTensor("at", "x", x);
  const dots = indices.indexOf("...");
  const full = new Array<Index>(Math.max(0, x.rank - indices.length + (dots < 0 ? 0 : 1))).fill(":");
  const list = dots < 0 ? [...indices, ...full] : indices.toSpliced(dots, 1, ...full);
  if (list.length !== x.rank) refuse("at", "indices", indices, `at most ${x.rank}, as many as ${x} has axes`);
  let axis = 0;
  return list.reduce<Tensor>((y, index) => {
    if (index === ":") {
      axis++;
      return y;
    }
    const size = y.shape[axis];
    if (typeof index === "number") {
      const place = index < 0 ? index + size : index;
      if (!(place >= 0 && place < size && place % 1 === 0))
        refuse("at", "indices", index, `a whole number from ${-size} to ${size - 1}`);
      return y.slice(axis, place, place + 1).squeeze(axis);
    }
    return ranged(y, index, axis++);
  }, unchanged(x));
}

function ranged(x: Tensor, range: unknown, axis: number): Tensor {
  const says = 'a whole number, [start, end, step], ":" or "..."';
  const parts = Array.isArray(range) && range.length <= 3 ? range : refuse("at", "indices", range, says);
  for (const part of parts) if (part !== undefined && !Number.isSafeInteger(part)) refuse("at", "indices", range, says);
  const [start, end, step = 1] = parts as (number | undefined)[];
  if (step === 0) refuse("at", "indices", range, "with a step that is not 0");
  const size = x.shape[axis];
  const y = step < 0 ? x.flip(axis) : x;
  const place = (p: number): number => Math.min(Math.max(p < 0 ? p + size : p, -1), size);
  const near = (p: number | undefined, otherwise: number): number =>
    p === undefined ? otherwise : Math.min(Math.max(step < 0 ? size - 1 - place(p) : place(p), 0), size);
  const [from, to] = [near(start, 0), near(end, size)];
  if (from >= to)
    refuseShape(
      "at",
      "indices",
      range,
      `a range with elements, of the ${size} of axis ${axis}; there are no empty tensors`,
    );
  return y.slice(axis, from, to, Math.abs(step));
}

/**
 * Coordinates of a grid, an array for each vector, whose values vary along that vector's axis; "xy" exchanges the first
 * two axes.
 *
 * @example
 * ```ts
 * import { meshgrid, tensor } from "tidu";
 *
 * const [x] = meshgrid([tensor([1, 2]), tensor([3, 4, 5])])
 * console.log(await x.array()); // [[1, 1, 1], [2, 2, 2]]
 * ```
 */
export function meshgrid(axes: readonly Tensor[], indexing: "ij" | "xy" = "ij"): Tensor[] {
  check("meshgrid", "axes", axes, listOf(aTensor, "a list of tensors [n]"));
  if (indexing !== "ij" && indexing !== "xy") refuse("meshgrid", "indexing", indexing, '"ij" or "xy"');
  axes.forEach((t, i) => {
    if (t.rank !== 1) refuseShape("meshgrid", `axes[${i}]`, t, "[n]");
  });
  const swap = (list: number[]): number[] =>
    indexing === "xy" && list.length > 1 ? [list[1], list[0], ...list.slice(2)] : list;
  const shape: Shape = swap(axes.map((t) => t.size));
  return axes.map((t, i) => {
    const place = swap(axes.map((_, k) => k)).indexOf(i);
    return t.reshape(shape.map((_, k) => (k === place ? t.size : 1))).broadcastTo(shape);
  });
}
