// Functions that tensors do not have as methods, made of those that they have. Integers are i32.
import { arange, type Tensor } from "tidu";
import type { Shape } from "tidu/internal";

export const isWhole = ({ dtype }: Tensor): boolean => dtype !== "f32" && dtype !== "f64";

/** Toward zero. */
export const truncated = (x: Tensor): Tensor => x.lt(0).where(x.neg().floor().neg(), x.floor());

/** To the nearest whole number, halves to the even one. */
export function rounded(x: Tensor): Tensor {
  const low = x.floor();
  const rest = x.sub(low);
  const isOdd = low.sub(low.mul(0.5).floor().mul(2)).eq(1);
  const half = isOdd.where(low.add(1), low);
  return rest.eq(0.5).where(half, rest.gt(0.5).where(low.add(1), low));
}

/**
 * The quotient of whole numbers, cut toward zero, exactly: that of floats may be off in the last digits of large numbers,
 * so what it leaves is divided again, and the last one counted.
 */
export function quotient(x: Tensor, y: Tensor): Tensor {
  const rough = x.toFloat().div(y.toFloat()).toInt();
  const finer = rough.add(x.sub(rough.mul(y)).toFloat().div(y.toFloat()).toInt());
  const rest = x.sub(finer.mul(y));
  // The rest has the sign of x and is smaller than y.
  const size = rest.abs();
  const back = both(rest.eq(0).not(), differ(rest.lt(0), x.lt(0)));
  const sign = differ(x.lt(0), y.lt(0)).where(x.mul(0).sub(1), x.mul(0).add(1));
  const tooFar = finer.sub(sign);
  return back.where(tooFar, size.ge(y.abs()).where(finer.add(sign), finer));
}

/** The remainder of a division: with the sign of x, or (floored) of y. */
export function remainder(x: Tensor, y: Tensor, floored: boolean): Tensor {
  if (isWhole(x)) {
    const rest = x.sub(quotient(x, y).mul(y));
    return floored ? both(rest.eq(0).not(), differ(rest.lt(0), y.lt(0))).where(rest.add(y), rest) : rest;
  }
  const q = x.div(y);
  return x.sub((floored ? q.floor() : truncated(q)).mul(y));
}

// Truth values.
export const both = (a: Tensor, b: Tensor): Tensor => a.where(b, a);
export const either = (a: Tensor, b: Tensor): Tensor => a.where(a, b);
export const differ = (a: Tensor, b: Tensor): Tensor => a.where(b.not(), b);

/** Whole numbers from 0 along one axis, under a shape that broadcasts to `shape`. */
export function counted(shape: Shape, axis: number): Tensor {
  return arange(shape[axis])
    .toInt()
    .reshape(shape.map((size, i) => (i === axis ? size : 1)));
}

/** A number in the type of a tensor. */
export const like = (x: Tensor, value: Tensor): Tensor => value.to(x.dtype);
