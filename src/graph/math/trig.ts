import type { Machine } from "../machine.js";
import { polynomial } from "./polynomial.js";

const PI_PARTS = [3.140625, 0.0009675025939941406, 1.5099067240953445e-7, 5.126688136514179e-12];
const SIN = [1, -0.16666659712791443, 0.008333069272339344, -0.00019809773948509246, 2.606081807243754e-6];
export const LIMIT = 2 ** 22;

function signedSine<V>(m: Machine<V>, x: V, r: V, parity: V): V {
  const z = m.mul(r, r);
  const y = m.add(r, m.mul(m.mul(r, z), polynomial(m, z, SIN.slice(1))));
  return m.or(m.xor(y, parity), m.le(m.f32(LIMIT), m.abs(x)));
}

export function sin<V>(m: Machine<V>, x: V): V {
  const round = m.f32(1.5 * 2 ** 23);
  const t = m.add(m.mul(x, m.f32(1 / Math.PI)), round);
  const n = m.sub(t, round);
  let r = x;
  for (const part of PI_PARTS) r = m.sub(r, m.mul(n, m.f32(part)));
  return signedSine(m, x, r, m.shl(t, 31));
}

export function cos<V>(m: Machine<V>, x: V): V {
  const n = m.add(m.floor(m.mul(x, m.f32(1 / Math.PI))), m.f32(0.5));
  const [first, ...rest] = PI_PARTS;
  let r = m.sub(m.mul(n, m.f32(first)), x);
  for (const part of rest) r = m.add(r, m.mul(n, m.f32(part)));
  return signedSine(m, x, r, m.and(m.shl(m.add(n, m.f32(1.5 * 2 ** 22)), 30), m.i32(0x80000000)));
}
