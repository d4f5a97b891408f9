// Powers as lane code.
import type { Machine } from "../machine.js";
import { ROUND, scale } from "./exp.js";
import { decompose } from "./log.js";
import { polynomial } from "./polynomial.js";
import { clamp, split, sumWithError, TOP_12 } from "./sums.js";

// |x|^y = 2^(y log2|x|). The product may reach 150, which leaves a plain float 16 bits behind the point. So the
// logarithm and the product are sums of two floats, with upper halves short enough (12 bits) that their products are
// exact: Dekker, as in sums.ts; and Sun's fdlibm, e_pow.c.

/** log2((1 + s) / (1 - s)) = LOG2_TOP s + s (c0 + c1 s^2 + ...), |s| <= 0.0622: the fit's relative error is below 2^-37. */
const LOG2_TOP = 2.8847656;
const LOG2_REST = [0.0006244568, 0.96179664, 0.57710683, 0.4091458];

/** (2^r - 1) / r for |r| <= 1/2: relative error of 2^r below 2^-28 (minimax fit). */
const POWER = [0.6931472, 0.24022648, 0.0555036, 0.009618506, 0.0013390806, 0.00015326463];

/** One of three centers c, the one near 1 + f, makes s = (1 + f - c) / (1 + f + c) small. */
const CENTRES = [0.78125, 1, 1.25];
/** Of a center's logarithm, what reaches 12 bits behind the point. */
const logTop = (centre: number): number => Math.round(Math.log2(centre) * 2 ** 12) / 2 ** 12;

/** The bits of sqrt(1/2). */
const ROOT_HALF = 0x3f3504f3;

/** log2 of x > 0 as a sum, the first term of 12 bits; the error is below 2^-34 of its size, or of 1. */
function log2<V>(m: Machine<V>, x: V): [top: V, rest: V] {
  const [f, exponent] = decompose(m, x, ROOT_HALF);
  const [below, above] = [m.lt(f, m.f32(-0.125)), m.lt(m.f32(0.125), f)];
  const choose = (of: (centre: number) => number): V => {
    const [a, b, c] = CENTRES.map((centre) => m.f32(of(centre)));
    return m.select(below, a, m.select(above, c, b));
  };
  const g = m.sub(
    f,
    choose((c) => c - 1),
  );
  const base = choose((c) => c + 1);
  const s = m.div(g, m.add(f, base));
  // s again, as top + tail: the tail is what the division leaves, over 1 + f + c, and 1 / (1 + f + c) = (1 - s) / 2c.
  const top = m.and(s, m.i32(TOP_12));
  const [f1, f0] = split(m, f);
  const left = m.sub(m.sub(m.sub(g, m.mul(top, base)), m.mul(top, f1)), m.mul(top, f0));
  const inverse = choose((c) => 0.5 / c);
  const tail = m.mul(left, m.sub(inverse, m.mul(s, inverse)));

  const whole = m.add(m.mul(m.toF32(exponent), m.f32(-(2 ** -23))), choose(logTop));
  const behind = m.add(m.mul(tail, m.f32(LOG2_TOP)), m.mul(s, polynomial(m, m.mul(s, s), LOG2_REST)));
  const [sum, error] = sumWithError(m, whole, m.mul(top, m.f32(LOG2_TOP)));
  const rest = m.add(
    error,
    m.add(
      behind,
      choose((c) => Math.log2(c) - logTop(c)),
    ),
  );
  const first = m.and(m.add(sum, rest), m.i32(TOP_12));
  return [first, m.sub(rest, m.opaque(m.sub(first, sum)))];
}

/** x^y for finite x > 0. */
function positivePow<V>(m: Machine<V>, x: V, y: V): V {
  const [l1, l0] = log2(m, x);
  // |log2 x| >= 2^-24 unless x = 1: beyond 2^32 any y gives the same 0, 1 or Infinity, and nothing here overflows.
  const c = clamp(m, y, -(2 ** 32), 2 ** 32);
  const [y1, y0] = split(m, c);
  const large = m.mul(y1, l1);
  const small = m.add(m.mul(y0, l1), m.mul(c, l0));
  const shifted = m.add(clamp(m, m.add(large, small), -151, 129), m.f32(ROUND));
  const n = m.opaque(m.sub(m.opaque(shifted), m.f32(ROUND)));
  const r = clamp(m, m.add(m.opaque(m.sub(large, n)), small), -1, 1);
  const [first, second] = scale(m, shifted);
  return m.mul(m.mul(m.add(m.mul(r, polynomial(m, r, POWER)), m.f32(1)), first), second);
}

/**
 * x^y within 1.5 ulp, denormal results included. Special cases are those of IEEE 754-2019: a negative x takes integer y
 * only (NaN otherwise) and an odd y keeps its sign; x^0 = 1 and 1^y = 1, NaN or not; (-1)^±Infinity = 1; ±0 and
 * ±Infinity go to 0 or Infinity, with x's sign for odd y.
 */
export function pow<V>(m: Machine<V>, x: V, y: V): V {
  const zero = m.f32(0);
  const one = m.f32(1);
  const size = m.abs(x);
  const half = m.mul(y, m.f32(0.5));
  const fractional = m.ne(m.floor(y), y);
  const odd = m.ne(m.floor(half), half); // Only used where y is an integer.
  const sign = m.and(m.select(fractional, size, m.select(odd, x, size)), m.i32(0x80000000));
  const inside = m.or(positivePow(m, size, y), m.and(m.lt(x, zero), fractional));
  const limit = m.select(m.lt(y, zero), m.div(one, size), size);
  const edged = m.select(m.lt(size, m.f32(Infinity)), m.select(m.eq(x, zero), limit, inside), limit);
  const value = m.or(m.or(edged, sign), m.ne(y, y));
  return m.select(m.or(m.eq(y, zero), m.eq(x, one)), one, value);
}
