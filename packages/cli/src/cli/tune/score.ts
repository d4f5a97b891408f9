// The score of a trial's settings: a number of which more is better.
import { ArgumentError } from "tidu";
import type { Quality } from "../run/quality.js";
import type { MetricName } from "../run/score.js";
import { formatLoss, formatNumber, formatPercent } from "../ui/format.js";

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

interface Measure {
  readonly of: (quality: Quality) => number;
  /** Whether less is better. */
  readonly falls?: true;
  readonly format: (value: number) => string;
}

const valuesOf = ({ values = [] }: Quality, of: (value: { r2?: number; mae: number }) => number): number =>
  mean(values.map(of));

const MEASURES: Readonly<Record<MetricName, Measure>> = {
  loss: { of: ({ loss }) => loss, falls: true, format: formatLoss },
  brier: { of: ({ brier = Number.NaN }) => brier, falls: true, format: formatNumber },
  accuracy: { of: ({ accuracy = Number.NaN }) => accuracy, format: formatPercent },
  "balanced-accuracy": { of: ({ balancedAccuracy = Number.NaN }) => balancedAccuracy, format: formatPercent },
  f1: { of: ({ f1 = Number.NaN }) => f1, format: formatNumber },
  auc: { of: ({ auc = Number.NaN }) => auc, format: formatNumber },
  r2: { of: (quality) => valuesOf(quality, ({ r2 = Number.NaN }) => r2), format: formatNumber },
  mae: { of: (quality) => valuesOf(quality, ({ mae }) => mae), falls: true, format: formatNumber },
};

/** The mean of a measure over parts that were set apart. */
export const measured = (metric: MetricName, qualities: readonly Quality[]): number =>
  mean(qualities.map(MEASURES[metric].of));

/** The standard deviation of the same. */
export function deviation(metric: MetricName, qualities: readonly Quality[]): number {
  const middle = measured(metric, qualities);
  return Math.sqrt(mean(qualities.map((quality) => (MEASURES[metric].of(quality) - middle) ** 2)));
}

export const formatMeasure = (metric: MetricName, value: number): string => MEASURES[metric].format(value);

/** Compares measures: the better one first, one that is not a number last. */
export function byMeasure(metric: MetricName, a: number | undefined, b: number | undefined): number {
  const worth = (value: number | undefined): number =>
    value === undefined || Number.isNaN(value) ? -Infinity : MEASURES[metric].falls ? -value : value;
  const [x, y] = [worth(a), worth(b)];
  return x === y ? 0 : y - x;
}

/** Throws ArgumentError where trials with different losses would be compared by them. */
export function checkComparable(metric: MetricName, searched: readonly string[]): void {
  const own = searched.find((name) => name === "loss");
  if (own !== undefined && metric === "loss")
    throw new ArgumentError(
      "--set loss: trials with different losses cannot be compared by it; give --metric, such as accuracy or r2",
    );
}
