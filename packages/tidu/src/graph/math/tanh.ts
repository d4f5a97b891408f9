// tanh as lane code.
import type { Machine } from "../machine.js";
import { polynomial } from "./polynomial.js";
import { sumWithError, withSign } from "./sums.js";

// tanh x = u / (1 + u^2/4) with u = 2 tanh(x/2) = x + x w, where w is rational in x^2.
//
// Where tanh is near 1 its slope by u is near 0, so that errors of u die out in the flat part, where a plain rational
// function would keep them all. What rounding has left out of u and of 1 + u^2/4 is put right at last.

/** w = x^2 P(x^2) / Q(x^2), Q scaled to a leading 1; minimax, weighted by the effect on tanh: relative error below 2^-30. */
const P = [-28713.695, -431.4732, -0.96731144];
const Q = [344564.34, 39634.11, 488.35736, 1];

/** Within 1.5 ulp; exactly x for |x| < 2^-13, exactly 1 from 9.02 on, and never beyond. */
export function tanh<V>(m: Machine<V>, x: V): V {
  const c = m.pmin(m.abs(x), m.f32(9.02));
  const z = m.mul(c, c);
  const w = m.div(m.mul(z, polynomial(m, z, P)), polynomial(m, z, Q));
  const [u, du] = sumWithError(m, c, m.mul(c, w));
  const v = m.mul(m.mul(u, u), m.f32(0.25));
  const [d, dd] = sumWithError(m, m.f32(1), v);
  const y = m.div(u, d);
  // y changes by du (1 - v) / d^2 with u and by -y dd / d with d; on [1, 2] this is 1/d within 6%, which suffices here.
  const inverse = m.sub(m.f32(24 / 17), m.mul(d, m.f32(8 / 17)));
  const byU = m.mul(du, m.mul(inverse, m.sub(m.f32(1), v)));
  return withSign(m, m.add(y, m.mul(inverse, m.sub(byU, m.mul(y, dd)))), x);
}
