// Tensors whose elements follow a rule.
import { check, finite, integer, oneOrMore, refuse, refuseShape, whole } from "../../base/check.js";
import { index } from "../../graph/ops/index.js";
import { checkTensor, arange as count, full, needWhole, stretch, Tensor, zeros } from "../tensor.js";
import { watched } from "../watch.js";
import { and } from "./elementwise.js";

/**
 * The identity matrix: ones on the diagonal, zeros elsewhere, f32.
 *
 * @example
 * ```ts
 * import { eye } from "tidu";
 *
 * console.log(await eye(2).array()); // [[1, 0], [0, 1]]
 * ```
 */
export function eye(rows: number, columns = rows): Tensor {
  check("eye", "rows", rows, oneOrMore);
  check("eye", "columns", columns, oneOrMore);
  return diagonal([rows, columns]).eq(0).toFloat();
}

/** How far each element of the last two axes is right of the diagonal, i32. */
function diagonal(shape: readonly number[]): Tensor {
  const [rows, columns] = shape.slice(-2);
  return new Tensor(index([1, columns])).sub(new Tensor(index([rows, 1])));
}

function triangle(where: string, x: Tensor, offset: number, keeps: (right: Tensor) => Tensor): Tensor {
  checkTensor(where, "x", x);
  check(where, "offset", offset, integer);
  if (x.rank < 2) refuseShape(where, "x", x, "of at least two axes");
  const kept = keeps(diagonal(x.shape));
  return x.dtype === "bool" ? and(kept, x) : kept.where(x, zeros([]).to(x.dtype));
}

/**
 * The lower triangle: x with zeros above the diagonal of the last two axes, or above the one that lies `offset` further
 * right.
 *
 * @example
 * ```ts
 * import { ones, tril } from "tidu";
 *
 * console.log(await tril(ones([2, 2])).array()); // [[1, 0], [1, 1]]
 * ```
 */
export const tril = (x: Tensor, offset = 0): Tensor => triangle("tril", x, offset, (right) => right.le(offset));
/**
 * The upper triangle: x with zeros below the diagonal, or below the one that lies `offset` further right.
 *
 * @example
 * ```ts
 * import { ones, triu } from "tidu";
 *
 * console.log(await triu(ones([2, 2])).array()); // [[1, 1], [0, 1]]
 * ```
 */
export const triu = (x: Tensor, offset = 0): Tensor => triangle("triu", x, offset, (right) => right.ge(offset));

/**
 * `number` evenly spaced numbers from start to stop, both included, f32.
 *
 * @example
 * ```ts
 * import { linspace } from "tidu";
 *
 * console.log(await linspace(0, 1, 5).array()); // [0, 0.25, 0.5, 0.75, 1]
 * ```
 */
export function linspace(start: number, stop: number, number: number): Tensor {
  check("linspace", "start", start, finite);
  check("linspace", "stop", stop, finite);
  check("linspace", "number", number, whole(1, 2 ** 31 - 1));
  if (number === 1) return full([1], start);
  const share = count(number).div(number - 1);
  // From both ends, so that both are exact.
  return share.lt(0.5).where(
    share.mul(stop - start).add(start),
    share
      .neg()
      .add(1)
      .mul(start - stop)
      .add(stop),
  );
}

/**
 * 0, 1, … count - 1; or start, start + step, … up to stop, which is not included; f32.
 *
 * @example
 * ```ts
 * import { arange } from "tidu";
 *
 * console.log(await arange(2, 8, 2).array()); // [2, 4, 6]
 * ```
 */
export function arange(count: number): Tensor;
export function arange(start: number, stop: number, step?: number): Tensor;
export function arange(first: number, stop?: number, step = 1): Tensor {
  if (stop === undefined) return count(first);
  check("arange", "start", first, finite);
  check("arange", "stop", stop, finite);
  check("arange", "step", step, finite);
  const number = Math.ceil((stop - first) / step);
  if (!(number >= 1 && number < 2 ** 31))
    refuse("arange", "step", step, `one that leads from ${first} towards ${stop}; there are no empty tensors`);
  return count(number).mul(step).add(first);
}

/**
 * For each whole number of x (0 … classes - 1) a row of zeros with a one at its place, f32: [...x.shape, classes].
 *
 * @example
 * ```ts
 * import { oneHot, tensor } from "tidu";
 *
 * console.log(await oneHot(tensor(Int32Array.of(0, 2)), 3).array()); // [[1, 0, 0], [0, 0, 1]]
 * ```
 */
export function oneHot(x: Tensor, classes: number): Tensor {
  checkTensor("oneHot", "x", x);
  needWhole("oneHot", "x", x);
  check("oneHot", "classes", classes, oneOrMore);
  const known = new Tensor(watched(x.node, { size: classes, what: "oneHot: number" }));
  return known
    .unsqueeze(x.rank)
    .eq(new Tensor(stretch(index([classes]), [classes])))
    .toFloat();
}
