import type { Machine } from "../machine.js";
import { ROUND, scaledExp } from "./exp.js";
import { mantissa } from "./log.js";
import { polynomial } from "./polynomial.js";

const LOG2_HIGH = 2.884765625;
const LOG2 = [0.0006244567921385169, 0.9617967009544373, 0.5770788192749023, 0.41192716360092163, 0.33649465441703796];
const HIGH_HALF = 0xfffff000 | 0;

function split<V>(m: Machine<V>, x: V): [high: V, low: V] {
  const high = m.and(x, m.i32(HIGH_HALF));
  return [high, m.sub(x, high)];
}

function log2<V>(m: Machine<V>, x: V): [high: V, low: V] {
  const [f, nk] = mantissa(m, x);
  const s = m.div(f, m.add(f, m.f32(2)));
  const sh = m.and(s, m.i32(HIGH_HALF));
  const [fh, fl] = split(m, f);
  const rest = m.sub(m.sub(m.sub(f, m.add(sh, sh)), m.mul(sh, fh)), m.mul(sh, fl));
  const sl = m.mul(rest, m.sub(m.f32(0.5), m.mul(s, m.f32(0.5))));
  const a = m.mul(sh, m.f32(LOG2_HIGH));
  const b = m.add(m.mul(sl, m.f32(LOG2_HIGH)), m.mul(s, polynomial(m, m.mul(s, s), LOG2)));
  const k = m.mul(m.toF32(nk), m.f32(-(2 ** -23)));
  const sum = m.add(k, a);
  const low = m.add(m.sub(a, m.sub(sum, k)), b);
  const high = m.and(m.add(sum, low), m.i32(HIGH_HALF));
  return [high, m.sub(low, m.sub(high, sum))];
}

function powAbs<V>(m: Machine<V>, ax: V, y: V): V {
  const clamp = (v: V, low: number, high: number) => m.pmin(m.pmax(v, m.f32(low)), m.f32(high));
  const [lh, ll] = log2(m, ax);
  const c = clamp(y, -(2 ** 32), 2 ** 32);
  const [yh, yl] = split(m, c);
  const high = m.mul(yh, lh);
  const low = m.add(m.mul(yl, lh), m.mul(c, ll));
  const t = m.add(clamp(m.add(high, low), -126, 129), m.f32(ROUND));
  const r = clamp(m.add(m.sub(high, m.sub(t, m.f32(ROUND))), low), -1, 1);
  return scaledExp(m, t, m.mul(r, m.f32(Math.LN2)));
}

export function pow<V>(m: Machine<V>, x: V, y: V): V {
  const zero = m.f32(0);
  const one = m.f32(1);
  const ax = m.abs(x);
  const half = m.mul(y, m.f32(0.5));
  const fraction = m.ne(m.floor(y), y);
  const even = m.or(m.eq(m.floor(half), half), fraction);
  const sign = m.and(m.select(even, ax, x), m.i32(0x80000000));
  const size = m.or(powAbs(m, ax, y), m.and(m.lt(x, zero), fraction));
  const limit = m.select(m.lt(y, zero), m.div(one, ax), ax);
  const ends = m.select(m.lt(ax, m.f32(Infinity)), m.select(m.eq(x, zero), limit, size), limit);
  const value = m.or(m.or(ends, sign), m.ne(y, y));
  return m.select(m.or(m.eq(y, zero), m.eq(x, one)), one, value);
}
