import type { Machine } from "../machine.js";

/** c[0] + c[1] x + c[2] x^2 + ... by Horner's rule. A leading coefficient of 1 costs no multiplication. */
export function polynomial<V>(m: Machine<V>, x: V, c: readonly number[]): V {
  const top = c.length - 1;
  let y = m.add(c[top] === 1 ? x : m.mul(x, m.f32(c[top])), m.f32(c[top - 1]));
  for (let i = top - 2; i >= 0; i--) y = m.add(m.mul(y, x), m.f32(c[i]));
  return y;
}
