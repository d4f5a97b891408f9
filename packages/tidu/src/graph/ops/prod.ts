// The product of elements: an op in a file of its own, so that bundles that do not use it do not carry it.
import { broadcastMap, flipMap, permuteMap, sliceMap } from "../../base/affine.js";
import { sizeOf } from "../../base/shape.js";
import type { Node } from "../node.js";
import { apply, intLt, mul, where } from "./elementwise.js";
import { reshape, view } from "./movement.js";
import { define, position, spread } from "./reduce.js";
import { full } from "./source.js";

/** Product of all elements. Gradients of every order are products alone, so zeros need no rule of their own. */
export const prodOp = define("prod", {
  initial: 1,
  rounds: false,
  scalar: (a, c) => a * c,
  lower: (m, a, c) => m.mul(a, c),
  grad: (x, axes, dy) => apply(mul, spread(dy, x.shape, axes), others(x, axes)),
});

/** For each element the product of all others along the axes. */
function others(x: Node, axes: readonly number[]): Node {
  const all = x.shape.map((_, axis) => axis);
  const order = [...all.filter((axis) => !axes.includes(axis)), ...axes];
  const last = view(x, permuteMap(x.shape, order));
  const count = axes.reduce((n, axis) => n * x.shape[axis], 1);
  const rows = reshape(last, [sizeOf(x.shape) / count, count]);
  const inverse = all.map((axis) => order.indexOf(axis));
  return view(reshape(othersOfRow(rows), last.shape), permuteMap(last.shape, inverse));
}

/**
 * The same along the last of two axes, by a tree of products: what is beside a half is the other half and what is beside both.
 */
function othersOfRow(x: Node): Node {
  const [rows, count] = x.shape;
  const halves = [padded(x)];
  for (let size = halves[0].shape[1] / 2; size >= 1; size /= 2) {
    const [left, right] = [0, 1].map((first) =>
      view(halves[0], sliceMap(halves[0].shape, [rows, size], [0, first], [1, 2])),
    );
    halves.unshift(apply(mul, left, right));
  }
  let beside = full(1, [rows, 1]);
  for (const half of halves.slice(1)) {
    const pairs = [rows, half.shape[1] / 2, 2];
    const sibling = view(reshape(half, pairs), flipMap(pairs, [2]));
    const both = reshape(beside, pairs.with(2, 1));
    beside = reshape(apply(mul, sibling, view(both, broadcastMap(both.shape, pairs))), half.shape);
  }
  return view(beside, sliceMap(beside.shape, [rows, count], [0, 0]));
}

/** With ones behind each row, up to a power of two. */
function padded(x: Node): Node {
  const [rows, count] = x.shape;
  const shape = [rows, 2 ** Math.ceil(Math.log2(count))];
  if (shape[1] === count) return x;
  const inside = apply(intLt, position(shape, [1]), full(count, shape, "i32"));
  return apply(where, inside, view(x, sliceMap(x.shape, shape, [0, 0])), full(1, shape));
}
