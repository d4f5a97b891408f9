import type { Machine } from "../machine.js";
import { polynomial } from "./polynomial.js";

function odd<V>(m: Machine<V>, x: V, limit: number, p: readonly number[], q: readonly number[]): V {
  const c = m.pmin(m.pmax(x, m.f32(-limit)), m.f32(limit));
  const z = m.mul(c, c);
  const t = m.mul(c, m.div(polynomial(m, z, p), polynomial(m, z, q)));
  return m.div(t, m.add(m.mul(m.mul(t, t), m.f32(0.25)), m.f32(1)));
}

const TANH_P = [814735.8125, 24254.99609375, 93.02598571777344];
const TANH_Q = [814735.8125, 92149.6171875, 982.7266235351562, 1];
const ERF_P = [11406.6748046875, 3001.002685546875, 325.8707275390625, 25.647916793823242];
const ERF_Q = [10108.90234375, 2811.44873046875, 489.35906982421875, 61.02592086791992, 1];

export function tanh<V>(m: Machine<V>, x: V): V {
  return odd(m, x, 9.02, TANH_P, TANH_Q);
}

export function erf<V>(m: Machine<V>, x: V): V {
  return odd(m, x, 3.93, ERF_P, ERF_Q);
}
