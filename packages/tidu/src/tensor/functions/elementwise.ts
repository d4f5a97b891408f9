// Elementwise functions made of the methods of tensors. They are functions because every bundle carries all methods.

import { check, constant, refuse, refuseShape } from "../../base/check.js";
import { floatOf, isFloat } from "../../base/dtype.js";
import { broadcastShapes } from "../../base/shape.js";
import * as el from "../../graph/ops/elementwise.js";
import { apply } from "../../graph/ops/index.js";
import * as inverse from "../../graph/ops/inverse.js";
import { checkTensor, stretch, Tensor, type TensorLike, tensor } from "../tensor.js";
import { floats } from "../types.js";

/**
 * Elements limited to `low` … `high`, which are numbers or tensors; the gradient is 1 up to and at the limits. NaN
 * stays NaN.
 *
 * @example
 * ```ts
 * import { clip, tensor } from "tidu";
 *
 * console.log(await clip(tensor([-2, 0.5, 2]), -1, 1).array()); // [-1, 0.5, 1]
 * ```
 */
export function clip(x: Tensor, low: TensorLike, high: TensorLike): Tensor {
  checkTensor("clip", "x", x);
  likeTensor("clip", "low", low);
  likeTensor("clip", "high", high);
  const raised = x.lt(low).where(low, x);
  return raised.gt(high).where(high, raised);
}

function likeTensor(where: string, name: string, value: unknown): void {
  if (!(value instanceof Tensor)) check(where, name, value, constant);
}

/**
 * The nearest whole number; halves go to the even one. Gradient 0, as that of `floor`.
 *
 * @example
 * ```ts
 * import { round, tensor } from "tidu";
 *
 * console.log(await round(tensor([0.4, 1.6])).array()); // [0, 2]
 * ```
 */
export function round(x: Tensor): Tensor {
  checkTensor("round", "x", x);
  if (!isFloat(x.dtype)) return x.toInt();
  const below = x.floor();
  const over = x.sub(below);
  const half = below.mul(0.5);
  const odd = half.floor().eq(half).not();
  const up = or(over.gt(0.5), and(over.eq(0.5), odd));
  return up.where(ceil(x), below);
}

/**
 * The smallest whole number that is not below x. Gradient 0.
 *
 * @example
 * ```ts
 * import { ceil, tensor } from "tidu";
 *
 * console.log(await ceil(tensor([0.4, 1.6])).array()); // [1, 2]
 * ```
 */
export function ceil(x: Tensor): Tensor {
  checkTensor("ceil", "x", x);
  return isFloat(x.dtype) ? x.neg().floor().neg() : x.toInt();
}

/**
 * The whole number toward zero. Gradient 0.
 *
 * @example
 * ```ts
 * import { tensor, trunc } from "tidu";
 *
 * console.log(await trunc(tensor([1.6, -1.6])).array()); // [1, -1]
 * ```
 */
export function trunc(x: Tensor): Tensor {
  checkTensor("trunc", "x", x);
  return isFloat(x.dtype) ? x.lt(0).where(ceil(x), x.floor()) : x.toInt();
}

/**
 * 1 / √x.
 *
 * @example
 * ```ts
 * import { rsqrt, tensor } from "tidu";
 *
 * console.log(await rsqrt(tensor([4, 16])).array()); // [0.5, 0.25]
 * ```
 */
export function rsqrt(x: Tensor): Tensor {
  checkTensor("rsqrt", "x", x);
  return x.sqrt().pow(-1);
}

/**
 * 1 / x.
 *
 * @example
 * ```ts
 * import { reciprocal, tensor } from "tidu";
 *
 * console.log(await reciprocal(tensor([2, 4])).array()); // [0.5, 0.25]
 * ```
 */
export function reciprocal(x: Tensor): Tensor {
  checkTensor("reciprocal", "x", x);
  return x.toFloat().pow(-1);
}

/**
 * x - y · floor(x / y): the remainder with the sign of y, as in Python and NumPy (`torch.remainder`). Whole numbers are
 * exact. The quotient of floats is one of float32: near a whole one the result may be 0 instead of nearly y, and from 2^23
 * on it has no digits left.
 *
 * @example
 * ```ts
 * import { mod, tensor } from "tidu";
 *
 * console.log(await mod(tensor([5, -1]), 3).array()); // [2, 2]
 * ```
 */
export function mod(x: Tensor, y: TensorLike): Tensor {
  checkTensor("mod", "x", x);
  likeTensor("mod", "y", y);
  const whole = !isFloat(x.dtype) && (y instanceof Tensor ? !isFloat(y.dtype) : (y | 0) === y);
  const divisor = y instanceof Tensor && whole ? y.toInt() : y;
  const sign = divisor instanceof Tensor ? divisor.toFloat().sign() : Math.sign(divisor);
  // After rounding, or for an infinite y, the remainder may not have the sign of y.
  const signed = (rest: Tensor): Tensor => rest.toFloat().mul(sign).lt(0).where(rest.add(divisor), rest);
  if (!whole) {
    const times = x.div(y).floor().detach();
    return signed(x.sub(times.eq(0).where(0, times.mul(y))));
  }
  // A quotient in float32 is off by up to 2^-22 of itself: divided twice, the remainder is off by one divisor at most.
  const less = (r: Tensor): Tensor => r.sub(r.div(divisor).floor().to(r.dtype).mul(divisor));
  const rest = signed(less(less(x.toInt())));
  const over =
    divisor instanceof Tensor
      ? divisor.gt(0).where(rest.ge(divisor), rest.le(divisor))
      : divisor > 0
        ? rest.ge(divisor)
        : rest.le(divisor);
  return over.where(rest.sub(divisor), rest);
}

/**
 * sin(x) / cos(x), of an angle in radians.
 *
 * @example
 * ```ts
 * import { tan, tensor } from "tidu";
 *
 * console.log(await tan(tensor([0])).array()); // [0]
 * ```
 */
export function tan(x: Tensor): Tensor {
  checkTensor("tan", "x", x);
  return x.sin().div(x.cos());
}

/**
 * The angle in (-π/2, π/2) whose tangent is x.
 *
 * @example
 * ```ts
 * import { atan, tensor } from "tidu";
 *
 * console.log(await atan(tensor([0])).array()); // [0]
 * ```
 */
export function atan(x: Tensor): Tensor {
  checkTensor("atan", "x", x);
  return new Tensor(apply(inverse.atan, floats(x.node)));
}

/**
 * The angle of the point (x, y) in [-π, π], by the signs of both, also of zeros and infinities; 0 for (0, 0).
 *
 * @example
 * ```ts
 * import { atan2, tensor } from "tidu";
 *
 * console.log(await atan2(tensor([0]), tensor([1])).array()); // [0]
 * ```
 */
export function atan2(y: Tensor, x: TensorLike): Tensor {
  checkTensor("atan2", "y", y);
  likeTensor("atan2", "x", x);
  const shape = broadcastShapes("atan2", y.shape, x instanceof Tensor ? x.shape : []);
  const across = x instanceof Tensor ? x.toFloat() : tensor(x, [], floatOf(y.dtype));
  const both = and(infinite(y.toFloat()).broadcastTo(shape), infinite(across).broadcastTo(shape));
  const [a, b] = [y.toFloat(), across].map((t) => both.where(t.sign(), t.broadcastTo(shape)));
  const steep = a.abs().gt(b.abs());
  const divisor = steep.where(a, b);
  const angle = atan(steep.where(b, a).div(divisor.eq(0).where(1, divisor)));
  const side = below(a).where(-Math.PI, Math.PI);
  return steep.where(side.mul(0.5).sub(angle), below(b).where(angle.add(side), angle));
}

const infinite = (x: Tensor): Tensor => x.abs().eq(Number.POSITIVE_INFINITY);

/** Whether a number has the sign "-", which -0 has, too. */
const below = (x: Tensor): Tensor => or(x.lt(0), x.detach().pow(-1).lt(0));

/**
 * The logarithm to the base 2.
 *
 * @example
 * ```ts
 * import { log2, tensor } from "tidu";
 *
 * console.log(await log2(tensor([8, 0.5])).array()); // [3, -1]
 * ```
 */
export function log2(x: Tensor): Tensor {
  checkTensor("log2", "x", x);
  return x.log().mul(Math.LOG2E);
}

/**
 * True where elements differ, in the common type.
 *
 * @example
 * ```ts
 * import { ne, tensor } from "tidu";
 *
 * console.log(await ne(tensor([1, 2]), 1).array()); // [0, 1]
 * ```
 */
export function ne(x: Tensor, y: TensorLike): Tensor {
  checkTensor("ne", "x", x);
  likeTensor("ne", "y", y);
  return x.eq(y).not();
}

function logical(where: string, op: typeof el.and, x: Tensor, y: Tensor): Tensor {
  for (const [name, value] of [
    ["x", x],
    ["y", y],
  ] as const) {
    checkTensor(where, name, value);
    if (value.dtype !== "bool") refuseShape(where, name, value, 'bool; compare it, or use to("bool")');
  }
  const shape = broadcastShapes(where, x.shape, y.shape);
  return new Tensor(apply(op, stretch(x.node, shape), stretch(y.node, shape)));
}

/**
 * True where both bool tensors are true.
 *
 * @example
 * ```ts
 * import { and, tensor } from "tidu";
 *
 * console.log(await and(tensor([true, true]), tensor([true, false])).array()); // [1, 0]
 * ```
 */
export const and = (x: Tensor, y: Tensor): Tensor => logical("and", el.and, x, y);
/**
 * True where at least one of two bool tensors is true.
 *
 * @example
 * ```ts
 * import { or, tensor } from "tidu";
 *
 * console.log(await or(tensor([false, true]), tensor([false, false])).array()); // [0, 1]
 * ```
 */
export const or = (x: Tensor, y: Tensor): Tensor => logical("or", el.or, x, y);
/**
 * True where exactly one of two bool tensors is true.
 *
 * @example
 * ```ts
 * import { tensor, xor } from "tidu";
 *
 * console.log(await xor(tensor([true, true]), tensor([true, false])).array()); // [0, 1]
 * ```
 */
export function xor(x: Tensor, y: Tensor): Tensor {
  return and(logical("xor", el.or, x, y), logical("xor", el.and, x, y).not());
}

/**
 * True where elements are NaN.
 *
 * @example
 * ```ts
 * import { isNaN, tensor } from "tidu";
 *
 * console.log(await isNaN(tensor([1, Number.NaN])).array()); // [0, 1]
 * ```
 */
function nanAt(x: Tensor): Tensor {
  checkTensor("isNaN", "x", x);
  return x.eq(x).not();
}

/**
 * True where elements are neither infinite nor NaN.
 *
 * @example
 * ```ts
 * import { isFinite, tensor } from "tidu";
 *
 * console.log(await isFinite(tensor([1, Number.NaN, 1 / 0])).array()); // [1, 0, 0]
 * ```
 */
function finiteAt(x: Tensor): Tensor {
  checkTensor("isFinite", "x", x);
  return x.sub(x).eq(0);
}

export { finiteAt as isFinite, nanAt as isNaN };

/**
 * `value`, a number or a tensor, where the mask is true, elsewhere x.
 *
 * @example
 * ```ts
 * import { maskedFill, tensor } from "tidu";
 *
 * const x = tensor([1, -2, 3])
 * console.log(await maskedFill(x, x.lt(0), 0).array()); // [1, 0, 3]
 * ```
 */
export function maskedFill(x: Tensor, mask: Tensor, value: TensorLike): Tensor {
  checkTensor("maskedFill", "x", x);
  checkTensor("maskedFill", "mask", mask);
  likeTensor("maskedFill", "value", value);
  if (mask.dtype !== "bool") refuse("maskedFill", "mask", mask, 'bool; compare it, or use to("bool")');
  return mask.where(value, x);
}
