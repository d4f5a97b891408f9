// Sine and cosine as lane code.
import type { Machine } from "../machine.js";
import { polynomial } from "./polynomial.js";
import { split, sumOfAny, sumWithError } from "./sums.js";

// x = n pi/2 + r + e with |r| <= pi/4 and e what rounding leaves out of r; n says which of +-sin r, +-cos r the result
// is. Both stay within 1.01 ulp for every finite x; infinities give NaN.

/** Up to here n pi/2 in four parts is exact enough. */
const LIMIT = 12800;

/** pi/2 in three parts of 11 bits, whose products with n are exact (Cody and Waite, 1980), and one of 24. */
const HALF_PI = [1.5703125, 0.0004837513, 7.5495336e-8, 2.563344e-12];

/** (sin(r)/r - 1) / r^2 and (cos(r) - 1 + r^2/2) / r^4 in powers of r^2: minimax, relative errors below 2^-27.8 and 2^-32.9. */
const SINE = [-0.16666654, 0.008332106, -0.00019507884];
const COSINE = [0.041666646, -0.0013887308, 0.000024432102];

/** Leaves an integer in the low bits. */
const ROUND = 1.5 * 2 ** 23;

type Reduced<V> = [turns: V, r: V, e: V];

/** For 0 <= x <= LIMIT. The integer n, plus those in `round`, is in the low bits of `turns`. */
function reduce<V>(m: Machine<V>, x: V, round: V): Reduced<V> {
  const turns = m.add(m.mul(x, m.f32(2 / Math.PI)), round);
  const n = m.sub(m.opaque(turns), round);
  const [first, second, third, fourth] = HALF_PI.map((part) => m.mul(n, m.f32(part)));
  const exact = m.opaque(m.sub(m.opaque(m.sub(x, first)), second));
  const near = m.opaque(m.sub(exact, third));
  const [r, e] = sumWithError(m, near, m.sub(m.sub(m.sub(exact, near), third), fourth));
  return [turns, r, e];
}

/** 1/(2 pi), 12 bits a digit. */
const DIGITS = [651, 3680, 3513, 913, 84, 2687, 157, 1524, 2004, 3383, 1795, 1752, 2646, 1615, 270, 1040];

/**
 * The same for x >= 2^13: Payne and Hanek, "Radian reduction for trigonometric functions", 1983. x = y 2^12g with
 * 2^13 <= y < 2^25. The product y/(2 pi) is taken digit by digit, with y in halves of 12 bits. Of each part only the
 * fraction of a turn counts, and of the digits those from g on; eight of them reach to 2^-59 of a turn.
 */
function reduceLarge<V>(m: Machine<V>, x: V, round: V): Reduced<V> {
  const group = m.shrU(m.imul(m.isub(m.shrU(x, 23), m.i32(127 + 13)), m.i32(171)), 11); // 171 / 2^11 is nearly 1/12.
  const [top, bottom] = split(m, m.isub(x, m.imul(group, m.i32(12 << 23))));
  let digits = [0, ...DIGITS].map(m.f32);
  for (const bit of [8, 4, 2, 1]) {
    const moves = m.ieq(m.and(group, m.i32(bit)), m.i32(bit));
    digits = digits.slice(0, bit + 7).map((d, i) => m.select(moves, digits[i + bit] ?? m.f32(0), d));
  }
  const part = (half: V, i: number): V => {
    const turns = m.mul(m.mul(half, digits[i]), m.f32(2 ** (-12 * i)));
    return m.sub(turns, m.floor(turns));
  };
  const parts = [0, 1, 2, 3, 4, 5, 6].flatMap((i) => [part(bottom, i), part(top, i + 1)]);
  const turns = m.add(
    m.mul(
      parts.reduce((a, b) => m.add(a, b)),
      m.f32(4),
    ),
    round,
  );
  let high = m.mul(m.sub(round, m.opaque(turns)), m.f32(0.25));
  let low = m.sub(x, x); // NaN for an infinite x.
  for (const next of parts) {
    const [sum, error] = sumOfAny(m, high, next);
    [high, low] = sumWithError(m, sum, m.add(low, error));
  }
  const near = 6.28125; // 2 pi in 8 bits.
  const [h1, h0] = split(m, high);
  const far = m.add(m.mul(high, m.f32(2 * Math.PI - near)), m.mul(low, m.f32(2 * Math.PI)));
  const [r, e] = sumWithError(m, m.mul(h1, m.f32(near)), m.add(m.mul(h0, m.f32(near)), far));
  return [turns, r, e];
}

/** sin(r + e) where n is even, cos(r + e) where it is odd, negated where n mod 4 is 2 or 3. */
function quadrant<V>(m: Machine<V>, [n, r, e]: Reduced<V>): V {
  const z = m.mul(r, r);
  const beyond = m.sub(m.mul(m.mul(z, z), polynomial(m, z, COSINE)), m.mul(r, e));
  const cosine = m.sub(m.f32(1), m.sub(m.mul(z, m.f32(0.5)), beyond));
  const sine = m.add(r, m.add(m.mul(m.mul(r, z), polynomial(m, z, SINE)), m.mul(e, cosine)));
  const even = m.ieq(m.and(n, m.i32(1)), m.i32(0));
  return m.xor(m.select(even, sine, cosine), m.shl(m.and(n, m.i32(2)), 30));
}

/** sin(x + ahead pi/2) for x >= 0. */
function wave<V>(m: Machine<V>, x: V, ahead: 0 | 1): V {
  const round = m.f32(ROUND + ahead);
  const large = (): V => quadrant(m, reduceLarge(m, x, round));
  return m.rarely(m.le(m.f32(LIMIT), x), large, quadrant(m, reduce(m, x, round)));
}

/** sin(-0) is -0. */
export const sin = <V>(m: Machine<V>, x: V): V => m.xor(wave(m, m.abs(x), 0), m.and(x, m.i32(0x80000000)));

export const cos = <V>(m: Machine<V>, x: V): V => wave(m, m.abs(x), 1);
