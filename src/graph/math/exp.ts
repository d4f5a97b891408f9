import type { Machine } from "../machine.js";
import { polynomial } from "./polynomial.js";

export const ROUND = 1.5 * 2 ** 23 + 126;

const D = [0.5, 0.041666559875011444, -0.0006916384445503354];
const D1 = D.map((c) => 2 * c);

function ratio<V>(m: Machine<V>, r: V, c: readonly number[]): V {
  return m.div(r, m.sub(polynomial(m, m.mul(r, r), c), m.mul(r, m.f32(c[0] / 2))));
}

function reduce<V>(m: Machine<V>, x: V): [t: V, r: V] {
  const t = m.add(m.mul(x, m.f32(Math.LOG2E)), m.f32(ROUND));
  const n = m.sub(t, m.f32(ROUND));
  const r = m.sub(m.sub(x, m.mul(n, m.f32(0.693145751953125))), m.mul(n, m.f32(1.42860682e-6)));
  return [t, r];
}

export function scaledExp<V>(m: Machine<V>, t: V, r: V): V {
  return m.mul(m.add(ratio(m, r, D), m.f32(2)), m.shl(t, 23));
}

export function exp<V>(m: Machine<V>, x: V): V {
  return expNegative(m, m.pmin(x, m.f32(89)));
}

export function expNegative<V>(m: Machine<V>, x: V): V {
  return scaledExp(m, ...reduce(m, m.pmax(x, m.f32(-87))));
}

export function expm1<V>(m: Machine<V>, x: V): V {
  const [t, r] = reduce(m, m.pmin(m.pmax(x, m.f32(-18)), m.f32(88.75)));
  const s = m.shl(t, 23);
  const h = m.sub(m.mul(ratio(m, r, D1), s), m.sub(m.f32(0.5), s));
  return m.add(h, h);
}

export function sigmoid<V>(m: Machine<V>, x: V): V {
  return m.div(m.f32(1), m.add(exp(m, m.neg(x)), m.f32(1)));
}
