import { ArgumentError } from "tidu";
import { check, finite, listOf, share, whole } from "tidu/internal";

/** A mean and its 95 % confidence interval; no interval (null) where there are fewer than two values. */
export interface Interval {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Number of values. */
  readonly n: number;
}

const LEVEL = 0.95;

/**
 * Mean of values and its 95 % confidence interval by Student's t: mean ± t · s / √n with n - 1 degrees of freedom, for
 * values that are independent and about normal. "Student", Biometrika 6, 1908.
 *
 * @throws ArgumentError without values.
 */
export function meanInterval(values: readonly number[]): Interval {
  check("meanInterval", "values", values, listOf(finite));
  const n = values.length;
  if (n === 0) throw new ArgumentError("meanInterval: no values; give at least one");
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  if (n === 1) return { mean, low: null, high: null, n };
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  const half = studentT(n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half, n };
}

/**
 * The t with which an interval of ±t holds so much of Student's distribution.
 *
 * @param freedom degrees of freedom, a whole number of at least 1.
 * @param level share of the distribution, above 0 and below 1; default 0.95.
 */
export function studentT(freedom: number, level = LEVEL): number {
  check("studentT", "freedom", freedom, whole(1, 1e6));
  check("studentT", "level", level, { ...share, says: "above 0 and below 1", ok: (x) => share.ok(x) && x !== 0 });
  let [low, high] = [0, 1];
  while (within(high, freedom) < level) high *= 2;
  // A bisection ends at neighboring numbers.
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (within(middle, freedom) < level) low = middle;
    else high = middle;
  }
  return high;
}

/** P(|T| < t) for whole degrees of freedom: Abramowitz and Stegun, 1964, formulas 26.7.3 and 26.7.4. */
function within(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const [sine, square] = [Math.sin(angle), Math.cos(angle) ** 2];
  const odd = freedom % 2 === 1;
  let [term, sum] = [1, 0];
  for (let k = odd ? 2 : 1; k < freedom; k += 2) {
    sum += term;
    term *= (square * k) / (k + 1);
  }
  return odd ? (2 / Math.PI) * (angle + sine * Math.cos(angle) * sum) : sine * sum;
}
