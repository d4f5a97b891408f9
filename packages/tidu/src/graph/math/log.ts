import type { Machine } from "../machine.js";
import { expBelow89 } from "./exp.js";
import { polynomial } from "./polynomial.js";

// ln(1 + f) = f - s (f - R)  with  s = f / (2 + f)  and  R = f - (f - ln(1 + f)) / s, a power series in s^2 without a
// constant term: Sun's fdlibm, e_log.c. The leading f is exact, and so small errors in s and R count for little.

/** R / s^2 for 1 + f in [sqrt(1/2), sqrt(2)]: relative error of the logarithm below 2^-30. */
const NEAR_ONE = [0.6666677594184875, 0.3997758626937866, 0.29870694875717163];
/** R / s^2 for f in [0, 1]: below 2^-27.7. Coefficients of both by minimax fit. */
const ONE_TO_TWO = [0.666664183139801, 0.40021437406539917, 0.2800302505493164, 0.2800678014755249];

/** f - ln(1 + f) */
function shortfall<V>(m: Machine<V>, f: V, series: readonly number[]): V {
  const s = m.div(f, m.add(f, m.f32(2)));
  const z = m.mul(s, s);
  return m.mul(s, m.sub(f, m.mul(z, polynomial(m, z, series))));
}

/** The integer -k 2^23, where x = 2^k times a number in [sqrt(1/2), sqrt(2)): adding it to x's bits divides by 2^k. */
function negatedExponent<V>(m: Machine<V>, x: V): V {
  return m.and(m.isub(m.i32(0x3f3504f3 + 0x7fffff), x), m.i32(0xff800000));
}

/** x = 2^k (1 + f) for any x > 0, denormal or not; returns f, exactly, and the integer -k 2^23. */
export function decompose<V>(m: Machine<V>, x: V): [f: V, exponent: V] {
  const small = m.lt(x, m.f32(2 ** -126));
  const normal = m.select(small, m.mul(x, m.f32(2 ** 23)), x);
  const e = negatedExponent(m, normal);
  return [m.sub(m.iadd(normal, e), m.f32(1)), m.iadd(e, m.and(small, m.i32(23 << 23)))];
}

/** k ln 2 + ln(1 + f). Signs are chosen so that f = -0 gives -0. */
function combine<V>(m: Machine<V>, f: V, exponent: V): V {
  const ln = m.sub(f, shortfall(m, f, NEAR_ONE));
  return m.sub(ln, m.mul(m.toF32(exponent), m.f32(Math.LN2 * 2 ** -23)));
}

/** Mends the logarithm `y` of `u`: -Infinity at 0, NaN below; `x` itself where it is Infinity or NaN. */
function edges<V>(m: Machine<V>, x: V, u: V, y: V): V {
  const finite = m.select(m.eq(u, m.f32(0)), m.f32(-Infinity), m.or(y, m.lt(u, m.f32(0))));
  return m.select(m.lt(x, m.f32(Infinity)), finite, x);
}

/** ln x within 1.1 ulp, denormals included. */
export function log<V>(m: Machine<V>, x: V): V {
  return edges(m, x, x, combine(m, ...decompose(m, x)));
}

/**
 * ln(1 + x) within 1.6 ulp, also near 0; -0 stays -0. The rounded 1 + x serves only to choose k: f is made from x itself
 * as 2^-k x - (1 - 2^-k), by way of 2^(2-k), which is a normal float for every k up to 128.
 */
export function log1p<V>(m: Machine<V>, x: V): V {
  const u = m.add(x, m.f32(1));
  const e = negatedExponent(m, u);
  const scale = m.iadd(e, m.f32(4));
  const quarter = m.f32(0.25);
  const f = m.sub(m.mul(m.mul(x, scale), quarter), m.sub(m.f32(1), m.mul(scale, quarter)));
  return edges(m, x, u, combine(m, f, e));
}

/** ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|) within 2.3 ulp. 0 for x < -86.99, as is `exp`. */
export function softplus<V>(m: Machine<V>, x: V): V {
  const e = expBelow89(m, m.or(x, m.i32(0x80000000)));
  return m.add(m.pmax(x, m.f32(0)), m.sub(e, shortfall(m, e, ONE_TO_TWO)));
}
