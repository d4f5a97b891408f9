import type { Machine } from "../machine.js";
import { expNegative } from "./exp.js";
import { polynomial } from "./polynomial.js";

const R3 = [0.6666677594184875, 0.3997758626937866, 0.29870694875717163];
const R4 = [0.666664183139801, 0.40021437406539917, 0.2800302505493164, 0.2800678014755249];

/** -k 2^23 with x = 2^k m, m in [sqrt(1/2), sqrt(2)). */
function negExponent<V>(m: Machine<V>, x: V): V {
  return m.and(m.isub(m.i32(0x3f3504f3 + 0x7fffff), x), m.i32(0xff800000));
}

/** f - log(1 + f) */
function gap<V>(m: Machine<V>, f: V, c: readonly number[]): V {
  const s = m.div(f, m.add(f, m.f32(2)));
  const z = m.mul(s, s);
  return m.mul(s, m.sub(f, m.mul(z, polynomial(m, z, c))));
}

function logOf<V>(m: Machine<V>, f: V, nk: V): V {
  const k = m.toF32(nk);
  const low = gap(m, f, R3);
  return m.sub(m.sub(f, low), m.mul(k, m.f32(Math.LN2 * 2 ** -23)));
}

function edges<V>(m: Machine<V>, x: V, u: V, y: V): V {
  const v = m.select(m.eq(u, m.f32(0)), m.f32(-Infinity), m.or(y, m.lt(u, m.f32(0))));
  return m.select(m.lt(x, m.f32(Infinity)), v, x);
}

export function mantissa<V>(m: Machine<V>, x: V): [f: V, nk: V] {
  const small = m.lt(x, m.f32(2 ** -126));
  const u = m.select(small, m.mul(x, m.f32(2 ** 23)), x);
  const nk = negExponent(m, u);
  return [m.sub(m.iadd(u, nk), m.f32(1)), m.iadd(nk, m.and(small, m.i32(23 << 23)))];
}

export function log<V>(m: Machine<V>, x: V): V {
  return edges(m, x, x, logOf(m, ...mantissa(m, x)));
}

export function log1p<V>(m: Machine<V>, x: V): V {
  const u = m.add(x, m.f32(1));
  const nk = negExponent(m, u);
  const s = m.iadd(nk, m.f32(4));
  const quarter = m.f32(0.25);
  const f = m.sub(m.mul(m.mul(x, s), quarter), m.sub(m.f32(1), m.mul(s, quarter)));
  return edges(m, x, u, logOf(m, f, nk));
}

export function softplus<V>(m: Machine<V>, x: V): V {
  const e = expNegative(m, m.or(x, m.i32(0x80000000)));
  return m.add(m.pmax(x, m.f32(0)), m.sub(e, gap(m, e, R4)));
}
