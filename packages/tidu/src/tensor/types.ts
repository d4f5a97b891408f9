// Which element types operands meet in, and how values are converted; the rules are those of `DType`.
import { constant, refuse } from "../base/check.js";
import { type DType, floatOf, isFloat, isInt32, isWide } from "../base/dtype.js";
import { broadcastShapes, type Shape } from "../base/shape.js";
import { type ElementwiseOp, type Node, takenAs } from "../graph/node.js";
import * as el from "../graph/ops/elementwise.js";
import * as ops from "../graph/ops/index.js";
import { wideOps } from "./realizer.js";

/** The type that arithmetic on two types has. */
export function promote(a: DType, b: DType): "f32" | "f64" | "i32" | "i64" {
  if (isFloat(a) || isFloat(b)) return a === "f64" || b === "f64" ? "f64" : "f32";
  return a === "i64" || b === "i64" ? "i64" : "i32";
}

/** A value as floats. */
export const floats = (x: Node): Node => cast(x, floatOf(x.dtype));

/** The type in which elements of two types stand side by side. */
export const unify = (a: DType, b: DType): DType => (a === b ? a : promote(a, b));

/** An op on floats, and the same on whole numbers where there is one. */
export type Pair = readonly [float: ElementwiseOp, int?: ElementwiseOp];

/** Ops of two operands whose type is the common one. */
export const ARITHMETIC = {
  add: [el.add, el.intAdd],
  sub: [el.sub, el.intSub],
  mul: [el.mul, el.intMul],
  div: [el.div],
  pow: [el.pow],
  maximum: [el.maximum, el.intMax],
  minimum: [el.minimum, el.intMin],
  lt: [el.lt, el.intLt],
  le: [el.le, el.intLe],
  eq: [el.eq, el.intEq],
} as const satisfies Record<string, Pair>;

/**
 * A value as another type. Floats go toward zero and, like whole numbers, to the nearest that the type has; to halves they round,
 * of two to the even one. Bool is "not 0".
 */
export function cast(given: Node, to: DType): Node {
  if (given.dtype === to) return given;
  const widen = ops.WIDEN[given.dtype];
  const x = widen === undefined ? given : ops.apply(widen, given);
  const from = x.dtype;
  if (from === to) return x;
  /** Whether the ops of floats take it. */
  const isReal = takenAs(x) === "f32";
  const op = wideOps(isWide(to) ? to : from)?.[to] ?? ops.SHORTEN[to];
  if (op !== undefined) return ops.apply(op, isReal ? x : cast(x, "f32"));
  switch (to) {
    case "f32":
      return ops.apply(from === "bool" ? el.boolToFloat : el.intToFloat, x);
    case "i32":
      return ops.apply(isReal ? el.floatToInt : from === "bool" ? el.boolToInt : el.widen, x);
    case "u8":
      return ops.apply(el.narrow, cast(x, "i32"));
    default:
      return ops.apply(el.not, ops.apply(isReal ? el.eq : el.intEq, x, ops.full(0, x.shape, isReal ? "f32" : "i32")));
  }
}

/** A number that stands beside a value of a type and shape. */
export function numberBeside(where: string, name: string, x: unknown, dtype: DType, shape: Shape): Node {
  if (!constant.ok(x)) return refuse(where, name, x, `a tensor or ${constant.says}`);
  const type = promote(dtype, dtype);
  const fits = type === "i64" ? Number.isSafeInteger(x) : isFloat(type) || isInt32(x as number);
  return ops.full(x as number, shape, fits ? type : "f32");
}

/** Applies an op to two operands in their common type and shape. */
export function combine(
  where: string,
  [float, int]: Pair,
  x: Node,
  y: Node,
  to: (x: Node, shape: Shape) => Node,
): Node {
  const common = promote(x.dtype, y.dtype);
  const type = int === undefined ? floatOf(common) : common;
  const shape = broadcastShapes(where, x.shape, y.shape);
  return ops.apply(
    type === "i32" && int !== undefined ? int : float,
    to(cast(x, type), shape),
    to(cast(y, type), shape),
  );
}
