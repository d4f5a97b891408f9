// Taking and placing elements by their numbers.

import { check, oneOrMore, refuseShape } from "../../base/check.js";
import { normalizeAxis, rowMajor } from "../../base/shape.js";
import { index, scatter as scatterNode, stopGradient } from "../../graph/ops/index.js";
import { checkTensor, gatherRows, needWhole, stretch, Tensor, tensor, zeros } from "../tensor.js";
import { cast, floats, promote } from "../types.js";
import { watched } from "../watch.js";

/** Throws unless `indices` are whole numbers of the shape of x, but for the axis. */
function checkIndices(where: string, x: Tensor, indices: Tensor, axis: number): void {
  checkTensor(where, "indices", indices);
  needWhole(where, "indices", indices);
  if (indices.rank !== x.rank || indices.shape.some((d, a) => a !== axis && d !== x.shape[a]))
    refuseShape(where, "indices", indices, `of the shape of ${x}, but for axis ${axis}`);
}

/** Row-major numbers, in a tensor of x's shape, of the elements that indices along an axis name. */
function places(where: string, x: Tensor, indices: Tensor, axis: number): Tensor {
  const strides = rowMajor(x.shape);
  const known = new Tensor(watched(cast(indices.node, "i32"), { size: x.shape[axis], what: `${where}: index` }));
  return indices.shape.reduce((sum, size, a) => {
    if (a === axis) return sum;
    const along = index(indices.shape.map((_, i) => (i === a ? size : 1)));
    return sum.add(new Tensor(stretch(along, indices.shape)).mul(strides[a]));
  }, known.mul(strides[axis]));
}

/**
 * `y[…, i, …] = x[…, indices[…, i, …], …]`: elements by their place along an axis, one index for each element of the result
 * (`torch.gather`, `np.take_along_axis`). An index that does not exist is a DataError, as it is of `gather`.
 *
 * @example
 * ```ts
 * import { takeAlongAxis, tensor } from "tidu";
 *
 * const x = tensor([[10, 20], [30, 40]])
 * console.log(await takeAlongAxis(x, tensor(Int32Array.of(1, 0), [2, 1])).array()); // [[20], [30]]
 * ```
 */
export function takeAlongAxis(x: Tensor, indices: Tensor, axis = -1): Tensor {
  checkTensor("takeAlongAxis", "x", x);
  const at = normalizeAxis("takeAlongAxis", axis, x.rank);
  checkIndices("takeAlongAxis", x, indices, at);
  return gatherRows(x.flatten(), places("takeAlongAxis", x, indices, at), 0, "takeAlongAxis: index");
}

/**
 * x with each value added at its index along an axis; values with the same index add up (`torch.scatter_add`).
 *
 * @example
 * ```ts
 * import { scatterAdd, tensor, zeros } from "tidu";
 *
 * const [index, values] = [tensor(Int32Array.of(0, 0, 2)), tensor([1, 2, 3])]
 * console.log(await scatterAdd(zeros([3]), index, values).array()); // [3, 0, 3]
 * ```
 */
export function scatterAdd(x: Tensor, indices: Tensor, values: Tensor, axis = -1): Tensor {
  const at = checkScatter("scatterAdd", x, indices, values, axis);
  return x.add(added("scatterAdd", x, indices, values, at));
}

/**
 * x with each value put at its index along an axis (`torch.scatter`); of several values with the same index the last
 * one stays.
 *
 * @example
 * ```ts
 * import { scatter, tensor, zeros } from "tidu";
 *
 * console.log(await scatter(zeros([3]), tensor(Int32Array.of(2)), tensor([5])).array()); // [0, 0, 5]
 * ```
 */
export function scatter(x: Tensor, indices: Tensor, values: Tensor, axis = -1): Tensor {
  const at = checkScatter("scatter", x, indices, values, axis);
  const count = indices.shape[at];
  const known = new Tensor(watched(cast(indices.node, "i32"), { size: x.shape[at], what: "scatter: index" }));
  // For each place the number, from 1 on, of the last value that is put there.
  const along = (n: number, rank: number, a: number): Tensor =>
    new Tensor(index([n])).reshape(Array.from({ length: rank }, (_, i) => (i === a ? n : 1)));
  const hits = known.unsqueeze(at).eq(along(x.shape[at], x.rank + 1, at));
  const number = hits.where(along(count, x.rank + 1, at + 1).add(1), new Tensor(cast(zeros([]).node, "i32")));
  const last = number.max(at + 1);
  const taken = takeAlongAxis(values, new Tensor(stopGradient(last.sub(1).maximum(0).node)), at);
  return last.gt(0).where(taken, x);
}

function checkScatter(where: string, x: Tensor, indices: Tensor, values: Tensor, axis: number): number {
  checkTensor(where, "x", x);
  checkTensor(where, "values", values);
  const at = normalizeAxis(where, axis, x.rank);
  checkIndices(where, x, indices, at);
  if (String(values.shape) !== String(indices.shape))
    refuseShape(where, "values", values, `of the shape of indices, ${indices}`);
  return at;
}

/** Zeros of the shape of x, with the values added. */
function added(where: string, x: Tensor, indices: Tensor, values: Tensor, axis: number): Tensor {
  const rows = places(where, x, indices, axis).flatten();
  const flat = scatterNode(floats(values.flatten().node), rows.node, { axis: 0, size: x.size });
  const sums = new Tensor(flat).reshape(x.shape);
  return sums.to(promote(x.dtype, values.dtype));
}

/**
 * How many times each of the whole numbers 0 … size - 1 occurs, i32 (`np.bincount`).
 *
 * @example
 * ```ts
 * import { bincount, tensor } from "tidu";
 *
 * console.log(await bincount(tensor(Int32Array.of(0, 1, 1)), 3).array()); // [1, 2, 0]
 * ```
 */
export function bincount(x: Tensor, size: number): Tensor {
  checkTensor("bincount", "x", x);
  needWhole("bincount", "x", x);
  check("bincount", "size", size, oneOrMore);
  const rows = watched(cast(x.flatten().node, "i32"), { size, what: "bincount: number" });
  const ones = x.flatten().toFloat().mul(0).add(1);
  return new Tensor(scatterNode(ones.node, rows, { axis: 0, size })).toInt();
}

/**
 * The distinct elements of a tensor in ascending order, and how often each occurs; computed at once.
 *
 * @example
 * ```ts
 * import { tensor, unique } from "tidu";
 *
 * const { values } = await unique(tensor([3, 1, 3]))
 * console.log(await values.array()); // [1, 3]
 * ```
 */
export async function unique(x: Tensor): Promise<{ values: Tensor; counts: Tensor }> {
  checkTensor("unique", "x", x);
  const counts = new Map<number, number>();
  for (const v of (await x.data()).toSorted()) counts.set(v, (counts.get(v) ?? 0) + 1);
  const of = (list: Iterable<number>, type: typeof x.dtype): Tensor => tensor(Array.from(list), undefined, type);
  return { values: of(counts.keys(), x.dtype), counts: of(counts.values(), "i32") };
}
