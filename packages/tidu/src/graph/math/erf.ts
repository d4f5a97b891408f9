// The error function as lane code.
import type { Machine } from "../machine.js";
import { expParts } from "./exp.js";
import { polynomial } from "./polynomial.js";
import { withSign } from "./sums.js";

/** erf(x) / x - 1 in powers of x^2, |x| <= 0.84375: relative error of erf below 2^-27.2. */
const NEAR_ZERO = [0.12837917, -0.37612593, 0.11282912, -0.026809536, 0.0050618816, -0.0006374964];
const BORDER = 0.84375;

/** ln(1 - erf(t)) for BORDER <= t <= 4: relative error of erf below 2^-28.8. Both fits are minimax. */
const TAIL = [-0.000097826414, -1.1280901, -0.6364674, -0.10457333, 0.022542946, -0.0031241083, 0.0002043408];

/**
 * The error function, 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x, within 1.5 ulp; exactly 1 from 4 on. Near 0
 * it is a polynomial, farther out 1 minus a power of e whose exponent is one.
 */
export function erf<V>(m: Machine<V>, x: V): V {
  const t = m.pmin(m.abs(x), m.f32(4));
  const inner = m.add(x, m.mul(x, polynomial(m, m.mul(x, x), NEAR_ZERO)));
  const [p, shifted] = expParts(m, polynomial(m, t, TAIL));
  const rest = m.mul(m.add(p, m.f32(1)), m.shl(m.isub(shifted, m.i32(127)), 23));
  return m.select(m.lt(t, m.f32(BORDER)), inner, withSign(m, m.sub(m.f32(1), rest), x));
}
