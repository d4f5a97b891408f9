// How gradients flow through reductions and contractions.
import { isPermutation } from "../../base/affine.js";
import type { GradRule, Node } from "../../graph/node.js";
import { intEq, where } from "../../graph/ops/elementwise.js";
import {
  apply,
  contract,
  contractOp,
  firstWinner,
  full,
  maxOp,
  minOp,
  position,
  reduce,
  spread,
  sumOp,
  view,
} from "../../graph/ops/index.js";
import { type Ruled, rule } from "./rule.js";

/**
 * Of a maximum or minimum: the gradient goes to the first of equal winners. These get a node of their own: those that have been
 * read may differ in the last bit from what x is when it is computed again, and then nobody would win.
 */
const toWinner: GradRule<"reduce"> = ({ op, inputs: [x], attrs: { axes } }, dy) => {
  const { shape } = x;
  const first = spread(firstWinner(x, axes, reduce(op, x, axes)), shape, axes);
  return [apply(where, apply(intEq, position(shape, axes), first), spread(dy, shape, axes), full(0, shape))];
};

/**
 * The gradient of a transposed input is computed in the axis order of the value before the transposition, to which it
 * goes.
 */
function inOrder(x: Node, labels: readonly string[], compute: (own: readonly string[]) => Node): Node {
  if (x.kind !== "view" || !isPermutation(x.attrs)) return compute(labels);
  const map = x.attrs;
  return view(compute(map.coef.map((row) => labels[row.indexOf(1)])), map);
}

export const SUMS: readonly Ruled[] = [
  rule(sumOp, ({ inputs: [x], attrs: { axes } }, dy) => [spread(dy, x.shape, axes)]),
  rule(maxOp, toWinner),
  rule(minOp, toWinner),
  rule(contractOp, ({ inputs: [x, y], attrs: { a, b, out } }, dy) => [
    inOrder(x, a, (own) => contract(dy, y, { a: out, b, out: own })),
    inOrder(y, b, (own) => contract(x, dy, { a, b: out, out: own })),
  ]),
];
