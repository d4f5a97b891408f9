import { affineMap, sliceMap } from "../base/affine.js";
import { sizeOf } from "../base/shape.js";
import type { Node } from "../graph/node.js";
import { apply, elementwise, reduce, sumOp, view } from "../graph/ops/index.js";

/** Sums of more terms than this lose digits when they are added one after the other. */
const MOST_TERMS = 2 ** 15;

/**
 * A very long sum becomes a sum of as many parts as each has terms: the rounding error then grows with the square root
 * of the length, and threads can divide the parts among them.
 */
export function splitLongSum(node: Node): Node {
  if (node.op !== sumOp) return node;
  const [x] = node.inputs;
  const { axes } = node.attrs as { axes: readonly number[] };
  const terms = sizeOf(axes.map((a) => x.shape[a]));
  if (terms <= MOST_TERMS) return node;
  const long = axes.reduce((best, a) => (x.shape[a] > x.shape[best] ? a : best));
  const size = x.shape[long];
  const parts = Math.min(size, Math.ceil(Math.sqrt(terms)));
  const length = Math.floor(size / parts);
  const cut = (n: number) => x.shape.map((d, a) => (a === long ? n : d));
  // The parts come first.
  const inParts = affineMap([parts, ...cut(length)], x.shape, (s) => ({
    terms: [[s + 1, 1], ...(s === long ? [[0, length] as const] : [])],
  }));
  const shifted = axes.map((a) => a + 1);
  const whole = reduce(sumOp, reduce(sumOp, view(x, inParts), shifted), [0]);
  const rest = size - parts * length;
  if (rest === 0) return whole;
  const start = cut(parts * length).map((n, a) => (a === long ? n : 0));
  return apply(elementwise.add, whole, reduce(sumOp, view(x, sliceMap(x.shape, cut(rest), start)), axes));
}
