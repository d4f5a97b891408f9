import type { Machine } from "../machine.js";
import { polynomial } from "./polynomial.js";

function odd<V>(m: Machine<V>, x: V, limit: number, p: readonly number[], q: readonly number[]): V {
  const c = m.pmin(m.pmax(x, m.f32(-limit)), m.f32(limit));
  const z = m.mul(c, c);
  const t = m.div(m.mul(c, polynomial(m, z, p)), polynomial(m, z, q));
  return m.div(m.add(t, t), m.add(m.mul(t, t), m.f32(1)));
}

const TANH_P = [407367.90625, 12127.498046875, 46.51299285888672];
const TANH_Q = [814735.8125, 92149.6171875, 982.7266235351562, 1];
const ERF_P = [5703.33740234375, 1500.5013427734375, 162.93536376953125, 12.823958396911621];
const ERF_Q = [10108.90234375, 2811.44873046875, 489.35906982421875, 61.02592086791992, 1];

export function tanh<V>(m: Machine<V>, x: V): V {
  return odd(m, x, 9.02, TANH_P, TANH_Q);
}

export function erf<V>(m: Machine<V>, x: V): V {
  return odd(m, x, 3.93, ERF_P, ERF_Q);
}
