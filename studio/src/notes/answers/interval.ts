import type { Interval } from "@tidu/cli/experiment";
import { formatNumber } from "../../ui/format.js";
import type { Range } from "../parts/scale.js";

/** The ends of an interval; of a single value, which has none, the value itself. */
export const ends = ({ mean, low, high }: Interval): Range => [low ?? mean, high ?? mean];

/** From the smallest to the largest of some numbers, with room at either side. */
export function rangeOf(numbers: readonly number[]): Range {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - room, high + room];
}

/** Numbers that would need more are written as powers of ten. */
const MOST_DECIMALS = 6;

/** Writes numbers of one measure with as many decimals as its interval leaves meaning to: two figures of its width. */
export function decimalsOf(interval: Interval): (value: number) => string {
  const [low, high] = ends(interval);
  const decimals = high === low ? Number.POSITIVE_INFINITY : Math.max(0, 1 - Math.floor(Math.log10(high - low)));
  if (decimals > MOST_DECIMALS) return formatNumber;
  // What is rounded to 0 has no sign.
  return (value) =>
    value
      .toFixed(decimals)
      .replace(/^-(?=[0.]*$)/, "")
      .replace("-", "−");
}
