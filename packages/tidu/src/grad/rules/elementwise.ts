// How gradients flow through elementwise ops.
import type { ElementwiseOp, Node } from "../../graph/node.js";
import * as el from "../../graph/ops/elementwise.js";
import { apply } from "../../graph/ops/index.js";
import { full, isFull } from "../../graph/ops/source.js";
import { type Ruled, rule } from "./rule.js";

const plus = (a: Node, b: Node): Node => apply(el.add, a, b);
const minus = (a: Node, b: Node): Node => apply(el.sub, a, b);
const times = (a: Node, b: Node): Node => apply(el.mul, a, b);
const over = (a: Node, b: Node): Node => apply(el.div, a, b);
const negative = (a: Node): Node => apply(el.neg, a);
/** One value where a truth holds, another where not. */
const choose = (holds: Node, yes: Node, no: Node): Node => apply(el.where, holds, yes, no);
const isLess = (a: Node, b: Node): Node => apply(el.lt, a, b);
const isEqual = (a: Node, b: Node): Node => apply(el.eq, a, b);
/** A number everywhere in the shape of a value. */
const number = (value: number, { shape }: Node): Node => full(value, shape);
const zero = (like: Node): Node => number(0, like);

/**
 * A gradient goes to the operand that wins, half to each in a tie, and to none of NaN. Operands are compared with each
 * other: a result that has been read may differ in its last bit from what is computed again of its operands.
 */
function shareBetween(dy: Node, first: Node, second: Node, tie: Node): Node[] {
  const half = times(dy, number(0.5, dy));
  return [first, second].map((wins) => choose(tie, half, choose(wins, dy, zero(dy))));
}

/** The slope of a power by its base: 0 for the exponent 0, as in PyTorch. */
function byBase(x: Node, p: Node): Node {
  const slope = times(p, apply(el.pow, x, minus(p, number(1, p))));
  if (isFull(p)) return p.attrs.value === 0 ? zero(p) : slope;
  return choose(isEqual(p, zero(p)), zero(p), slope);
}

/** Its slope by the exponent: 0 for the base 0 and exponents of at least 0, as in PyTorch. */
function byExponent(x: Node, p: Node, y: Node): Node {
  const flat = apply(el.and, isEqual(x, zero(x)), apply(el.le, zero(p), p));
  return choose(flat, zero(x), times(y, apply(el.log, x)));
}

/** The gradients by the inputs x, given that by the result y. */
type Slopes = (x: readonly Node[], dy: Node, y: Node) => readonly (Node | undefined)[];

const pass: Slopes = (_, dy) => [dy];

const SLOPES: readonly (readonly [ElementwiseOp, Slopes])[] = [
  [el.add, (_, dy) => [dy, dy]],
  [el.sub, (_, dy) => [dy, negative(dy)]],
  [el.mul, ([a, b], dy) => [times(dy, b), times(dy, a)]],
  [el.div, ([, b], dy, q) => [over(dy, b), negative(over(times(dy, q), b))]],
  [el.neg, (_, dy) => [negative(dy)]],
  [el.maximum, ([a, b], dy) => shareBetween(dy, isLess(b, a), isLess(a, b), isEqual(a, b))],
  [el.minimum, ([a, b], dy) => shareBetween(dy, isLess(a, b), isLess(b, a), isEqual(a, b))],
  [el.exp, (_, dy, y) => [times(dy, y)]],
  [el.log, ([x], dy) => [over(dy, x)]],
  [el.expm1, ([x], dy) => [times(dy, apply(el.exp, x))]],
  [el.log1p, ([x], dy) => [over(dy, plus(x, number(1, x)))]],
  [el.sqrt, (_, dy, y) => [over(times(dy, number(0.5, y)), y)]],
  [el.sin, ([x], dy) => [times(dy, apply(el.cos, x))]],
  [el.cos, ([x], dy) => [negative(times(dy, apply(el.sin, x)))]],
  [el.tanh, (_, dy, y) => [times(dy, minus(number(1, y), times(y, y)))]],
  [el.sigmoid, (_, dy, y) => [times(dy, times(y, minus(number(1, y), y)))]],
  [el.softplus, ([x], dy) => [times(dy, apply(el.sigmoid, x))]],
  [el.erf, ([x], dy) => [times(dy, times(number(2 / Math.sqrt(Math.PI), x), apply(el.exp, negative(times(x, x)))))]],
  [el.pow, ([x, p], dy, y) => [times(dy, byBase(x, p)), times(dy, byExponent(x, p, y))]],
  // The slope is sign(x), 0 at 0.
  [el.abs, ([x], dy) => [times(dy, apply(el.sign, x))]],
  // 0 at 0.
  [el.relu, (_, dy, y) => [choose(isLess(zero(y), y), dy, zero(y))]],
  [el.where, ([holds], dy) => [undefined, choose(holds, dy, zero(dy)), choose(holds, zero(dy), dy)]],
  // Gradients are f32 on both sides of a half, and pass a rounding by.
  [el.halfToFloat, pass],
  [el.brainToFloat, pass],
  [el.floatToHalf, pass],
  [el.floatToBrain, pass],
];

export const ELEMENTWISE: readonly Ruled[] = SLOPES.map(([op, slopes]) =>
  rule(op, (node, dy) => slopes(node.inputs, dy, node)),
);
