import type { Machine } from "../machine.js";
import { polynomial } from "./polynomial.js";

/**
 * An odd function rising from -1 to 1, as y = u / (1 + u^2/4) with u = x p(x^2) / q(x^2).
 *
 * Where y is near 1, dy/du is near 0, so that rounding errors of u die out in the flat part, where a plain rational
 * function would keep them all; and |y| never exceeds 1: 1 + u^2/4 >= |u|, and rounding keeps the order. All
 * coefficients are positive, so no evaluation loses digits to cancellation.
 *
 * Coefficients: minimax, by the differential correction algorithm (Barrodale, Powell and Roberts, 1972), weighted by
 * the effect on y; q is scaled to a leading 1.
 */
function saturate<V>(m: Machine<V>, x: V, limit: number, p: readonly number[], q: readonly number[]): V {
  const c = m.pmin(m.pmax(x, m.f32(-limit)), m.f32(limit));
  const z = m.mul(c, c);
  const u = m.mul(c, m.div(polynomial(m, z, p), polynomial(m, z, q)));
  return m.div(u, m.add(m.mul(m.mul(u, u), m.f32(0.25)), m.f32(1)));
}

/** u = 2 tanh(x/2): relative error of tanh below 2^-26.8. From |x| = 9.02 on, tanh rounds to 1. */
const TANH_P = [814735.8125, 24254.99609375, 93.02598571777344];
const TANH_Q = [814735.8125, 92149.6171875, 982.7266235351562, 1];

/** u = 2 erf(x) / (1 + sqrt(1 - erf(x)^2)): relative error of erf below 2^-24.6. From |x| = 3.92 on, erf rounds to 1. */
const ERF_P = [11406.6748046875, 3001.002685546875, 325.8707275390625, 25.647916793823242];
const ERF_Q = [10108.90234375, 2811.44873046875, 489.35906982421875, 61.02592086791992, 1];

/** Within 3.9 ulp; exactly x for |x| < 2^-13, exactly 1 from 9.02 on. */
export function tanh<V>(m: Machine<V>, x: V): V {
  return saturate(m, x, 9.02, TANH_P, TANH_Q);
}

/** The error function, 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x, within 4.6 ulp; exactly 1 from 4 on. */
export function erf<V>(m: Machine<V>, x: V): V {
  return saturate(m, x, 4, ERF_P, ERF_Q);
}
