import type { Machine } from "../machine.js";
import { polynomial } from "./polynomial.js";

// Reduction by whole (sin) or half-odd (cos) multiples of pi leaves one and the same function for both, the sine on
// [-pi/2, pi/2], and only a sign to choose. Zeros fall on r = 0, so that results near 0 keep their relative accuracy.
//
// Within 2.5 ulp for |x| <= 1e4. From there to 2^22 the error is below |x| 2^-24, at most what rounding x itself has
// cost, and results stay within [-1, 1]. From 2^22 on, where neighbouring floats are half a radian apart: NaN.

const LIMIT = 2 ** 22;

/** pi in three parts of 11 bits, whose products with n are exact (Cody and Waite, 1980), and one of 24. */
const PI = [3.140625, 0.0009675025939941406, 1.5099067240953445e-7, 5.126688136514179e-12];

/** (sin(r)/r - 1) / r^2 in powers of r^2, |r| <= 1.5716, minimax: relative error of the sine below 2^-27. */
const SINE = [-0.16666659712791443, 0.008333069272339344, -0.00019809773948509246, 2.606081807243754e-6];

/** sin(r), negated where the lowest bit of `turns` is 1; NaN where x is out of range. */
function sine<V>(m: Machine<V>, r: V, turns: V, x: V): V {
  const z = m.mul(r, r);
  const y = m.add(r, m.mul(m.mul(r, z), polynomial(m, z, SINE)));
  return m.or(m.xor(y, m.shl(turns, 31)), m.le(m.f32(LIMIT), m.abs(x)));
}

/** sin(-0) is +0. */
export function sin<V>(m: Machine<V>, x: V): V {
  const round = m.f32(1.5 * 2 ** 23); // Leaves the integer in the low bits.
  const turns = m.add(m.mul(x, m.f32(1 / Math.PI)), round);
  const n = m.sub(turns, round);
  const r = PI.reduce((rest, part) => m.sub(rest, m.mul(n, m.f32(part))), x);
  return sine(m, r, turns, x);
}

/** cos(x) = (-1)^h sin(n pi - x), where n = h + 1/2. */
export function cos<V>(m: Machine<V>, x: V): V {
  const h = m.floor(m.mul(x, m.f32(1 / Math.PI)));
  const n = m.add(h, m.f32(0.5));
  const r = PI.slice(1).reduce((rest, part) => m.add(rest, m.mul(n, m.f32(part))), m.sub(m.mul(n, m.f32(PI[0])), x));
  return sine(m, r, m.add(h, m.f32(1.5 * 2 ** 23)), x);
}
