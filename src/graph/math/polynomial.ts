import type { Machine } from "../machine.js";

/** c[0] + c[1] x + c[2] x^2 + ..., by Horner's rule; a leading coefficient of 1 costs no multiplication. */
export function polynomial<V>(m: Machine<V>, x: V, c: readonly number[]): V {
  let i = c.length - 2;
  let y = m.add(c[i + 1] === 1 ? x : m.mul(x, m.f32(c[i + 1])), m.f32(c[i]));
  while (--i >= 0) y = m.add(m.mul(y, x), m.f32(c[i]));
  return y;
}
