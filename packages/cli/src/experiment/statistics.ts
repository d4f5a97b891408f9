// Confidence intervals, and what they establish.
import { ArgumentError } from "tidu";
import { check, finite, listOf, share, whole } from "tidu/internal";

/** A mean and its 95% confidence interval. The interval's ends are null if there are too few values for it. */
export interface Interval {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Number of values. */
  readonly n: number;
}

const LEVEL = 0.95;

/** With fewer values than this there are too few samples of them to draw. */
const FEWEST = 8;
const RESAMPLES = 10_000;

/**
 * Mean of values and its 95% confidence interval by the bootstrap, for quantities that have bounds, such as shares and
 * times: the interval never reaches beyond the values. It is the expanded percentile interval, which for normal values is
 * as wide as Student's: Hesterberg, The American Statistician 69, 2015, section 4.4. Every call draws the same samples.
 * For fewer than 8 values there is no interval.
 *
 * @throws ArgumentError if there are no values.
 *
 * @example
 * ```ts
 * import { bootstrapInterval } from "@tidu/cli/experiment";
 *
 * const { mean, low } = bootstrapInterval([0, 0, 0, 1, 0, 0, 0, 0]);
 * console.log(mean, low); // 0.125 0
 * ```
 */
export function bootstrapInterval(values: readonly number[]): Interval {
  check("bootstrapInterval", "values", values, listOf(finite));
  const n = values.length;
  if (n === 0) throw new ArgumentError("bootstrapInterval: no values; give at least one");
  const mean = meanOf(values);
  if (n < FEWEST) return { mean, low: null, high: null, n };
  const tail = normalTail(Math.sqrt(n / (n - 1)) * studentT(n - 1));
  const next = lehmer();
  const means = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += values[Math.floor(next() * n)];
    means[i] = sum / n;
  }
  means.sort();
  const last = RESAMPLES - 1;
  return { mean, low: means[Math.floor(tail * last)], high: means[Math.ceil((1 - tail) * last)], n };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Numbers from 0 up to 1, always the same: Park and Miller, Communications of the ACM 31, 1988. */
function lehmer(): () => number {
  let state = 1;
  return () => {
    state = (16807 * state) % 2147483647;
    return state / 2147483647;
  };
}

/** P(Z > z) of the normal distribution for z ≥ 0, to 7.5e-8: Abramowitz and Stegun, 1964, formula 26.2.17. */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (series * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/**
 * What the interval of a difference establishes: `more` or `less` if it excludes 0 and the mean is at least the size
 * that matters; `alike` if the whole interval is smaller than that size; `open` otherwise, when it establishes nothing.
 */
export type Finding = "more" | "less" | "alike" | "open";

/**
 * What the differences of two sets of seeds establish, if the size `matters` was fixed before they were measured: what
 * both sets say by themselves, where they say the same and their intervals overlap; else it is open. A difference that
 * does not exist is taken for one by chance about once in 800 times (twice 0.025²).
 */
export function findingOf(first: Interval, second: Interval, matters: number): Finding {
  const [a, b] = [first, second].map((set) => alone(set, matters));
  const overlap = ends(first)[0] <= ends(second)[1] && ends(second)[0] <= ends(first)[1];
  return a === b && overlap ? a : "open";
}

const ends = ({ mean, low, high }: Interval): [number, number] => [low ?? mean, high ?? mean];

function alone(set: Interval, matters: number): Finding {
  const [low, high] = ends(set);
  if (low > -matters && high < matters) return "alike";
  if (low > 0 && set.mean >= matters) return "more";
  return high < 0 && set.mean <= -matters ? "less" : "open";
}

/**
 * Mean of values and its 95% confidence interval by Student's t: mean ± t · s / √n with n - 1 degrees of freedom, for
 * values that are independent and about normal. "Student", Biometrika 6, 1908.
 *
 * @throws ArgumentError if there are no values.
 *
 * @example
 * ```ts
 * import { meanInterval } from "@tidu/cli/experiment";
 *
 * const { mean, low, high } = meanInterval([1, 2, 3]);
 * console.log(mean, low?.toFixed(2), high?.toFixed(2)); // 2 -0.48 4.48
 * ```
 */
export function meanInterval(values: readonly number[]): Interval {
  check("meanInterval", "values", values, listOf(finite));
  const n = values.length;
  if (n === 0) throw new ArgumentError("meanInterval: no values; give at least one");
  const mean = meanOf(values);
  if (n === 1) return { mean, low: null, high: null, n };
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  const half = studentT(n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half, n };
}

/**
 * The t for which the interval from -t to t holds a given share of Student's distribution.
 *
 * @param freedom degrees of freedom, a whole number of at least 1.
 * @param level the share, above 0 and below 1; default 0.95.
 *
 * @example
 * ```ts
 * import { studentT } from "@tidu/cli/experiment";
 *
 * console.log(studentT(10).toFixed(3)); // 2.228
 * ```
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
