import type { Machine } from "../machine.js";
import { ROUND, scaledExp } from "./exp.js";
import { decompose } from "./log.js";
import { polynomial } from "./polynomial.js";

// |x|^y = 2^(y log2|x|). The product may reach 128, which leaves a plain float 17 bits behind the point. So the
// logarithm and the product are sums of two floats, with upper halves short enough (12 bits) that their products are
// exact: Dekker, "A floating-point technique for extending the available precision", 1971; and Sun's fdlibm, e_pow.c.

/** Keeps 12 significant bits. */
const TOP_12 = 0xfffff000;

/** log2(1 + f) = LOG2_TOP s + s (c0 + c1 s^2 + c2 s^4 + ...), s = f / (2 + f); the fit's relative error is below 2^-36. */
const LOG2_TOP = 2.884765625;
const LOG2_REST = [
  0.0006244567921385169, 0.9617967009544373, 0.5770788192749023, 0.41192716360092163, 0.33649465441703796,
];

function split<V>(m: Machine<V>, x: V): [top: V, rest: V] {
  const top = m.and(x, m.i32(TOP_12));
  return [top, m.sub(x, top)];
}

function clamp<V>(m: Machine<V>, x: V, low: number, high: number): V {
  return m.pmin(m.pmax(x, m.f32(low)), m.f32(high));
}

/** log2 of x > 0 as a sum, the first term of 12 bits. Off by at most 2^-28.8, and by less near x = 1. */
function log2<V>(m: Machine<V>, x: V): [top: V, rest: V] {
  const [f, exponent] = decompose(m, x);
  const s = m.div(f, m.add(f, m.f32(2)));
  // s again, as top + tail: the tail is what the division of f by 2 + f leaves, over 2 + f, and 1 / (2 + f) = (1 - s) / 2.
  const top = m.and(s, m.i32(TOP_12));
  const [f1, f0] = split(m, f);
  const left = m.sub(m.sub(m.sub(f, m.add(top, top)), m.mul(top, f1)), m.mul(top, f0));
  const tail = m.mul(left, m.sub(m.f32(0.5), m.mul(s, m.f32(0.5))));

  const whole = m.mul(m.toF32(exponent), m.f32(-(2 ** -23)));
  const large = m.mul(top, m.f32(LOG2_TOP));
  const small = m.add(m.mul(tail, m.f32(LOG2_TOP)), m.mul(s, polynomial(m, m.mul(s, s), LOG2_REST)));
  const sum = m.add(whole, large);
  const rest = m.add(m.sub(large, m.sub(sum, whole)), small);
  const first = m.and(m.add(sum, rest), m.i32(TOP_12));
  return [first, m.sub(rest, m.sub(first, sum))];
}

/** x^y for finite x > 0. */
function positivePow<V>(m: Machine<V>, x: V, y: V): V {
  const [l1, l0] = log2(m, x);
  // |log2 x| >= 2^-24 unless x = 1: beyond 2^32 any y gives the same 0, 1 or Infinity, and nothing here overflows.
  const c = clamp(m, y, -(2 ** 32), 2 ** 32);
  const [y1, y0] = split(m, c);
  const large = m.mul(y1, l1);
  const small = m.add(m.mul(y0, l1), m.mul(c, l0));
  const shifted = m.add(clamp(m, m.add(large, small), -126, 129), m.f32(ROUND));
  const r = clamp(m, m.add(m.sub(large, m.sub(shifted, m.f32(ROUND))), small), -1, 1);
  return scaledExp(m, shifted, m.mul(r, m.f32(Math.LN2)));
}

/**
 * x^y within 2 ulp while the result is between 2^-16 and 2^16, and within 7 ulp out to the ends of the range. Below
 * 1.66e-38 it is 0, as in `exp`. Special cases are those of IEEE 754-2019: a negative x takes integer y only (NaN
 * otherwise) and an odd y keeps its sign; x^0 = 1 and 1^y = 1, NaN or not; (-1)^±Infinity = 1; ±0 and ±Infinity go
 * to 0 or Infinity, with x's sign for odd y.
 */
export function pow<V>(m: Machine<V>, x: V, y: V): V {
  const zero = m.f32(0);
  const one = m.f32(1);
  const size = m.abs(x);
  const half = m.mul(y, m.f32(0.5));
  const fractional = m.ne(m.floor(y), y);
  const odd = m.ne(m.floor(half), half); // Means something only where y is an integer.
  const sign = m.and(m.select(fractional, size, m.select(odd, x, size)), m.i32(0x80000000));
  const inside = m.or(positivePow(m, size, y), m.and(m.lt(x, zero), fractional));
  const limit = m.select(m.lt(y, zero), m.div(one, size), size);
  const edged = m.select(m.lt(size, m.f32(Infinity)), m.select(m.eq(x, zero), limit, inside), limit);
  const value = m.or(m.or(edged, sign), m.ne(y, y));
  return m.select(m.or(m.eq(y, zero), m.eq(x, one)), one, value);
}
