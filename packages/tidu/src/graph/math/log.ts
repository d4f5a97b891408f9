// Logarithms as lane code.
import type { Machine } from "../machine.js";
import { expOfNegative, LN2 } from "./exp.js";
import { polynomial } from "./polynomial.js";
import { sumWithError } from "./sums.js";

// ln(1 + f) = f - s (f - R)  with  s = f / (2 + f)  and  R = f - (f - ln(1 + f)) / s, a power series in s^2 without a
// constant term: Sun's fdlibm, e_log.c. The leading f is exact, and so small errors in s and R count for little.

/** R / s^2 for |s| <= 0.2, that is for f from -1/3 to 1/2: relative error of the logarithm below 2^-28.4 (minimax fit). */
const SERIES = [0.6666695, 0.39957657, 0.30364498];

/** f - ln(1 + f) */
function shortfall<V>(m: Machine<V>, f: V): V {
  const s = m.div(f, m.add(f, m.f32(2)));
  const z = m.mul(s, s);
  return m.mul(s, m.sub(f, m.mul(z, polynomial(m, z, SERIES))));
}

/** The bits of 3/4: what is left of x is then in [3/4, 3/2), and the logarithm of a half-way x needs no cancellation. */
const THREE_QUARTERS = 0x3f400000;

/** The integer -k 2^23, where x = 2^k times a number in [least, 2 least): adding it to x's bits divides by 2^k. */
function negatedExponent<V>(m: Machine<V>, x: V, least: number): V {
  return m.and(m.isub(m.i32(least + 0x7fffff), x), m.i32(0xff800000));
}

/**
 * x = 2^k (1 + f) for any x > 0, denormal or not; returns f, exactly, and the integer -k 2^23.
 * @param least the bits of the smallest 1 + f, from 1/2 to 1.
 */
export function decompose<V>(m: Machine<V>, x: V, least = THREE_QUARTERS): [f: V, exponent: V] {
  const small = m.lt(x, m.f32(2 ** -126));
  const normal = m.select(small, m.mul(x, m.f32(2 ** 23)), x);
  const e = negatedExponent(m, normal, least);
  return [m.opaque(m.sub(m.iadd(normal, e), m.f32(1))), m.iadd(e, m.and(small, m.i32(23 << 23)))];
}

/** k ln 2 + ln(1 + f), with ln 2 in two parts. Signs are chosen so that f = -0 gives -0. */
function combine<V>(m: Machine<V>, f: V, exponent: V): V {
  const k = m.toF32(exponent);
  const small = m.add(shortfall(m, f), m.mul(k, m.f32(LN2[1] * 2 ** -23)));
  return m.sub(m.sub(f, small), m.mul(k, m.f32(LN2[0] * 2 ** -23)));
}

/**
 * Corrects the logarithm `y` of `u` at the edges: -Infinity at 0, NaN below; `x` itself where it is Infinity or NaN.
 */
function edges<V>(m: Machine<V>, x: V, u: V, y: V): V {
  const finite = m.select(m.eq(u, m.f32(0)), m.f32(-Infinity), m.or(y, m.lt(u, m.f32(0))));
  return m.select(m.lt(x, m.f32(Infinity)), finite, x);
}

/** ln x within 1.0 ulp, denormals included. */
export function log<V>(m: Machine<V>, x: V): V {
  return edges(m, x, x, combine(m, ...decompose(m, x)));
}

/**
 * ln(1 + x) within 1.0 ulp, also near 0; -0 stays -0. The rounded 1 + x serves only to choose k: f is made from x itself
 * as 2^-k x - (1 - 2^-k), by way of 2^(2-k), which is a normal float for every k up to 128.
 */
export function log1p<V>(m: Machine<V>, x: V): V {
  const u = m.add(x, m.f32(1));
  const e = negatedExponent(m, u, THREE_QUARTERS);
  const scale = m.iadd(e, m.f32(4));
  const quarter = m.f32(0.25);
  const f = m.opaque(m.sub(m.mul(m.mul(x, scale), quarter), m.opaque(m.sub(m.f32(1), m.mul(scale, quarter)))));
  return edges(m, x, u, combine(m, f, e));
}

/**
 * ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|) within 1.4 ulp, denormal results included. From e^-|x| = 1/2 on, the
 * logarithm is ln 2 + ln(1 + f) with f = (e^-|x| - 1) / 2. What rounding has left out of e^-|x| is added at last.
 */
export function softplus<V>(m: Machine<V>, x: V): V {
  const [p, first, second] = expOfNegative(m, x);
  const [e, rest] = sumWithError(m, m.f32(1), p).map((part) => m.mul(m.mul(part, first), second));
  const large = m.le(m.f32(0.5), e);
  const share = m.select(large, m.f32(0.5), m.f32(1));
  const f = m.opaque(m.sub(m.mul(e, share), m.opaque(m.sub(m.f32(1), share))));
  const ln = m.sub(f, m.sub(shortfall(m, f), m.mul(rest, share)));
  return m.add(m.pmax(x, m.f32(0)), m.add(ln, m.and(large, m.f32(Math.LN2))));
}
