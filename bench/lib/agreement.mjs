// Whether two systems compute the same: times of systems that do not agree would mean nothing.
import { isRandom } from "../workloads.mjs";

/** Largest difference of two losses that count as the same, relative to the loss before the first step. */
export const TOLERANCE = 1e-3;

/**
 * Largest difference of two lists, relative to the first list's first element. Where rounding decides which of two
 * almost equal values is the largest, a gradient goes another way; what that changes does not shrink with the loss.
 *
 * @param {readonly number[]} own
 * @param {readonly number[]} other
 */
const difference = (own, other) =>
  Math.max(...own.map((x, i) => Math.abs((other[i] ?? Number.NaN) - x))) / Math.max(Math.abs(own[0]), 1e-6);

/**
 * Whether two systems compute the same: from the same weights the same loss before the first step, and, where nothing
 * is random, the same losses in the first steps.
 *
 * @param {import("../workloads.mjs").Workload} workload
 * @param {import("./child.mjs").About} own
 * @param {readonly import("./child.mjs").About[]} others
 * @returns {{ same: boolean, text: string }}
 */
export function agreement(workload, own, others) {
  const compare = (/** @type {import("./child.mjs").About} */ about) =>
    isRandom(workload) || workload.inference
      ? [about.evaluation ?? Number.NaN]
      : [about.evaluation ?? Number.NaN, ...(about.losses ?? [])];
  const mine = compare(own);
  for (const other of others) {
    const theirs = compare(other);
    // Written so that NaN counts as a difference, too.
    if (!(difference(mine, theirs) <= TOLERANCE)) {
      return { same: false, text: `DIFFERS: ${mine.join(" ")} against ${theirs.join(" ")}` };
    }
  }
  return { same: true, text: isRandom(workload) ? "same with dropout off (masks differ)" : "same" };
}
