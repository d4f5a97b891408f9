import type { Machine } from "../machine.js";
import { polynomial } from "./polynomial.js";

// All three functions write x = n ln 2 + r with n an integer and |r| <= ln(2)/2, and use
//
//   e^r - 1 = 2r / (D - r),   D = r coth(r/2) = 2 + r^2/6 - r^4/360 + ...
//
// D is even, so two coefficients do (Sun's fdlibm, e_exp.c; Muller, "Elementary Functions", 3rd ed., chapter 11).

/**
 * Adding this to |v| < 2^21 rounds v to the nearest integer n, because a float of that size has no fraction bits. The
 * low bits of the sum then hold n + 126: shifted left by 23 they are the float 2^(n-1).
 */
export const ROUND = 1.5 * 2 ** 23 + 126;

/** D/4 in powers of r^2: the minimax fit leaves a relative error below 2^-28 in e^r, and in e^r - 1, for |r| <= 0.3466. */
const QUARTER_D = [0.5, 0.041666559875011444, -0.0006916384445503354];
const HALF_D = QUARTER_D.map((c) => 2 * c);

/** `2 (e^r - 1)` when `d` is QUARTER_D, `e^r - 1` when it is HALF_D. */
function growth<V>(m: Machine<V>, r: V, d: readonly number[]): V {
  return m.div(r, m.sub(polynomial(m, m.mul(r, r), d), m.mul(r, m.f32(d[0] / 2))));
}

/**
 * `shifted` is n + ROUND. The upper part of ln 2 has 16 bits, so its product with n is exact (Cody and Waite, "Software
 * Manual for the Elementary Functions", 1980): r is off by no more than its own last rounding.
 */
function reduce<V>(m: Machine<V>, x: V): [shifted: V, r: V] {
  const shifted = m.add(m.mul(x, m.f32(Math.LOG2E)), m.f32(ROUND));
  const n = m.sub(shifted, m.f32(ROUND));
  const r = m.sub(m.sub(x, m.mul(n, m.f32(0.693145751953125))), m.mul(n, m.f32(1.428606765330187e-6)));
  return [shifted, r];
}

/**
 * `2^n e^r` for -126 <= n <= 129, as 2^(n-1) times 2e^r: one factor then reaches up to the largest float, and overflow
 * to infinity comes by itself. At n = -126 the factor 2^-127 would be denormal; its bits here are those of 0.
 */
export function scaledExp<V>(m: Machine<V>, shifted: V, r: V): V {
  return m.mul(m.add(growth(m, r, QUARTER_D), m.f32(2)), m.shl(shifted, 23));
}

/** `exp` for x <= 89. */
export function expBelow89<V>(m: Machine<V>, x: V): V {
  return scaledExp(m, ...reduce(m, m.pmax(x, m.f32(-87))));
}

/**
 * e^x within 1.4 ulp. Results below 1.66e-38 (x < -86.99) are 0: denormals slow down every instruction that meets
 * them. Infinity from x = 88.722839 on.
 */
export function exp<V>(m: Machine<V>, x: V): V {
  return expBelow89(m, m.pmin(x, m.f32(89)));
}

/** e^x - 1 within 3.1 ulp, also near 0. A denormal x may come out one step of 2^-149 off; -0 stays -0. */
export function expm1<V>(m: Machine<V>, x: V): V {
  const [shifted, r] = reduce(m, m.pmin(m.pmax(x, m.f32(-18)), m.f32(88.75)));
  const scale = m.shl(shifted, 23);
  const half = m.sub(m.mul(growth(m, r, HALF_D), scale), m.sub(m.f32(0.5), scale));
  return m.add(half, half);
}

/** 1 / (1 + e^-x) within 2.5 ulp, also where the result is near 0. 0 for x < -88.72. */
export function sigmoid<V>(m: Machine<V>, x: V): V {
  return m.div(m.f32(1), m.add(exp(m, m.neg(x)), m.f32(1)));
}
