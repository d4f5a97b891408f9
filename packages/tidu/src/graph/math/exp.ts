// e^x and its relatives as lane code.
import type { Machine } from "../machine.js";
import { polynomial } from "./polynomial.js";
import { clamp, withSign } from "./sums.js";

// All functions here write x = n ln 2 + r with n an integer and |r| <= ln(2)/2, and use e^r - 1 = r + r^2 GROWTH(r).

/**
 * Adding this to |v| < 2^21 rounds v to the nearest integer n, because a float of that size has no fraction bits. The
 * low nine bits of the sum then hold n + 254, twice the bias of an exponent: see `scale`.
 */
export const ROUND = 1.5 * 2 ** 23 + 254;

/** Minimax fit: leaves a relative error below 2^-26.1 in e^r - 1, and below 2^-27.9 in e^r, for |r| <= 0.3466. */
const GROWTH = [0.49999997, 0.16666546, 0.04166744, 0.008366256, 0.0013870317];

/** ln 2 in two parts. The first has 16 bits, so that its product with n is exact. */
export const LN2 = [0.69314575, 0.0000014286068];

/** n + ROUND, and r as an exact difference of two: Cody and Waite, "Software Manual for the Elementary Functions", 1980. */
function reduce<V>(m: Machine<V>, x: V): [shifted: V, near: V, far: V] {
  const shifted = m.add(m.mul(x, m.f32(Math.LOG2E)), m.f32(ROUND));
  const n = m.sub(m.opaque(shifted), m.f32(ROUND));
  return [shifted, m.opaque(m.sub(x, m.mul(n, m.f32(LN2[0])))), m.mul(n, m.f32(LN2[1]))];
}

/** e^r - 1 - r */
const beyondLinear = <V>(m: Machine<V>, r: V): V => m.mul(m.mul(r, r), polynomial(m, r, GROWTH));

/** 2^n as a product of two normal floats, of which only the second may take a result into the denormals, or to infinity. */
export function scale<V>(m: Machine<V>, shifted: V): [V, V] {
  const half = m.shrU(shifted, 1);
  return [m.shl(half, 23), m.shl(m.isub(shifted, half), 23)];
}

/** e^x for -104 <= x <= 89 is (1 + p) 2^n; returns p and n + ROUND. */
export function expParts<V>(m: Machine<V>, x: V): [p: V, shifted: V] {
  const [shifted, near, far] = reduce(m, x);
  const r = m.sub(near, far);
  return [m.add(r, beyondLinear(m, r)), shifted];
}

/** e^x within 1.0 ulp, denormal results included. Infinity from x = 88.722839 on, 0 below -103.97. */
export function exp<V>(m: Machine<V>, x: V): V {
  const [p, shifted] = expParts(m, clamp(m, x, -104, 89));
  const [first, second] = scale(m, shifted);
  return m.mul(m.mul(m.add(p, m.f32(1)), first), second);
}

/**
 * e^x - 1 within 1.3 ulp, also near 0; -0 stays -0. It is 2^n r + (2^n - 1), to which what is small is added: r's own
 * rounding, too, since near n = 1 the large terms cancel. All is halved, so that 2^128 does not occur.
 */
export function expm1<V>(m: Machine<V>, x: V): V {
  const [shifted, near, far] = reduce(m, clamp(m, x, -18, 88.75));
  const r = m.opaque(m.sub(near, far));
  const small = m.add(beyondLinear(m, r), m.sub(m.opaque(m.sub(near, r)), far));
  const power = m.shl(m.isub(shifted, m.i32(128)), 23); // 2^(n-1)
  const large = m.add(m.mul(r, power), m.opaque(m.sub(power, m.f32(0.5))));
  const half = m.add(large, m.mul(small, power));
  return withSign(m, m.add(half, half), x);
}

/** e^-|x| is (1 + p) times both of 2^(n+64) and 2^-64, of which the second may take a result into the denormals. */
export function expOfNegative<V>(m: Machine<V>, x: V): [p: V, first: V, second: V] {
  const [p, shifted] = expParts(m, m.pmax(m.or(x, m.i32(0x80000000)), m.f32(-104)));
  return [p, m.shl(m.isub(shifted, m.i32(63)), 23), m.f32(2 ** -64)];
}

/**
 * 1 / (1 + e^-x) within 2.4 ulp, denormal results included. For x < 0 it is computed as e^x / (1 + e^x), so that nothing
 * overflows.
 */
export function sigmoid<V>(m: Machine<V>, x: V): V {
  const [p, first, second] = expOfNegative(m, x);
  const e = m.mul(m.mul(m.add(p, m.f32(1)), first), second);
  return m.div(m.select(m.lt(x, m.f32(0)), e, m.f32(1)), m.add(e, m.f32(1)));
}
