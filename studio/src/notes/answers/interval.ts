import type { Interval } from "@tidu/cli/experiment";
import type { Range } from "../parts/scale.js";

/** The ends of an interval; of a single value, which has none, the value itself. */
export const ends = ({ mean, low, high }: Interval): Range => [low ?? mean, high ?? mean];

/** From the smallest to the largest of some numbers, with room at either side. */
export function rangeOf(numbers: readonly number[]): Range {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - room, high + room];
}

export { likeInterval as decimalsOf } from "../../../../packages/cli/src/text/numbers.js";
