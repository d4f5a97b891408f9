import type { Machine } from "../machine.js";
import { polynomial } from "./polynomial.js";

/** Adding it rounds to an integer n, and leaves n + 126, the exponent field of 2^(n-1), in the low bits of the sum. */
export const ROUND = 1.5 * 2 ** 23 + 126;

/** 2 e^r for |r| <= 0.35, relative error below 2^-28. */
const EXP = [
  2, 2, 0.9999998807907104, 0.3333304226398468, 0.08333650976419449, 0.016737325116991997, 0.0027642936911433935,
];

/** (r + 1 - e^r) / r^2 */
const EXPM1 = [
  -0.4999999701976776, -0.1666654646396637, -0.04166744276881218, -0.008366253226995468, -0.0013869948452338576,
];

export function exponent<V>(m: Machine<V>, t: V): V {
  return m.shl(t, 23);
}

function reduce<V>(m: Machine<V>, x: V): [t: V, r: V] {
  const t = m.add(m.mul(x, m.f32(Math.LOG2E)), m.f32(ROUND));
  const n = m.sub(t, m.f32(ROUND));
  const r = m.sub(m.sub(x, m.mul(n, m.f32(0.693145751953125))), m.mul(n, m.f32(1.42860682e-6)));
  return [t, r];
}

export function scaledExp<V>(m: Machine<V>, t: V, r: V): V {
  return m.mul(polynomial(m, r, EXP), m.shl(t, 23));
}

const clampLow = <V>(m: Machine<V>, x: V, low: number): V => m.pmax(x, m.f32(low));

export function exp<V>(m: Machine<V>, x: V): V {
  const c = m.pmin(m.pmax(x, m.f32(-87)), m.f32(89));
  const [t, r] = reduce(m, c);
  return scaledExp(m, t, r);
}

export function expNegative<V>(m: Machine<V>, x: V): V {
  const [t, r] = reduce(m, clampLow(m, x, -87));
  return scaledExp(m, t, r);
}

export function expm1<V>(m: Machine<V>, x: V): V {
  const [t, r] = reduce(m, m.pmin(m.pmax(x, m.f32(-18)), m.f32(89)));
  const q = m.sub(r, m.mul(m.mul(r, r), polynomial(m, r, EXPM1)));
  const s = m.shl(t, 23);
  const h = m.sub(m.mul(q, s), m.sub(m.f32(0.5), s));
  return m.add(h, h);
}

export function sigmoid<V>(m: Machine<V>, x: V): V {
  return m.div(m.f32(1), m.add(exp(m, m.neg(x)), m.f32(1)));
}
