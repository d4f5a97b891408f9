import { InvalidArgumentError } from "commander";
import type { Shape } from "tidu/internal";

// What options' values may look like. Each reads the text or throws what the argument parser turns into a usage error.

/** A whole number in a range. */
export const whole =
  (least: number, most?: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= (most ?? Number.MAX_SAFE_INTEGER)) return value;
    const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}`);
  };

/** A number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be a number above 0, such as 0.01");
}

/** A number of at least 0. */
export function notNegative(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError("It must be a number of at least 0, such as 0.0001");
}

/** A share, at least 0 and below 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < 1) return value;
  throw new InvalidArgumentError("It must be at least 0 and below 1, such as 0.1");
}

/** Sizes joined by "x", such as 1x28x28. */
export function shape(text: string): Shape {
  const sizes = text.split("x").map(Number);
  if (/^\d+(x\d+)*$/.test(text) && sizes.every((size) => Number.isSafeInteger(size) && size >= 1)) return sizes;
  throw new InvalidArgumentError("It must be sizes of at least 1 joined by x, such as 1x28x28 or 4");
}

/** How often: every so many steps, or seconds. */
export interface Interval {
  readonly everySteps?: number;
  readonly everySeconds?: number;
}

/** Steps ("500") or seconds ("30s"). */
export function interval(text: string): Interval {
  const seconds = text.endsWith("s");
  const value = Number(seconds ? text.slice(0, -1) : text);
  if (/^\d+s?$/.test(text) && Number.isSafeInteger(value) && value >= 1) {
    return seconds ? { everySeconds: value } : { everySteps: value };
  }
  throw new InvalidArgumentError('It must be a number of steps, such as 500, or of seconds, such as "30s"');
}
