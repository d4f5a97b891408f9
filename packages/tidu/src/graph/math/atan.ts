// The inverse of the tangent, as lane code.
import type { Machine } from "../machine.js";

/**
 * atan x, in three ranges: [0, tan π/8], up to tan 3π/8 as π/4 + atan((x - 1) / (x + 1)), beyond as π/2 + atan(-1/x);
 * the polynomial is that of the Cephes library (Moshier, "Methods and Programs for Mathematical Functions", 1989).
 */
export function atan<V>(m: Machine<V>, x: V): V {
  const size = m.abs(x);
  const [middle, far] = [m.lt(m.f32(0.4142135623730951), size), m.lt(m.f32(2.414213562373095), size)];
  const top = m.select(far, m.f32(-1), m.select(middle, m.sub(size, m.f32(1)), size));
  const bottom = m.select(far, size, m.select(middle, m.add(size, m.f32(1)), m.f32(1)));
  const r = m.div(top, bottom);
  const z = m.mul(r, r);
  let p = m.f32(8.05374449538e-2);
  for (const c of [-1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1]) p = m.add(m.mul(p, z), m.f32(c));
  const near = m.add(m.mul(m.mul(p, z), r), r);
  const start = m.select(far, m.f32(Math.PI / 2), m.select(middle, m.f32(Math.PI / 4), m.f32(0)));
  return m.or(m.add(start, near), m.and(x, m.i32(0x80000000)));
}
