import { statSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import type { Shape } from "tidu/internal";

// What options' values may look like. Each reads the text or throws what the argument parser turns into a usage error.

/** A whole number in a range. */
export const whole =
  (least: number, most?: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= (most ?? Number.MAX_SAFE_INTEGER)) return value;
    const limit = most ?? (value > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : undefined);
    const range = limit === undefined ? `of at least ${least}` : `from ${least} to ${limit}`;
    const digits = Number.isSafeInteger(value) && !/^[-\d]+$/.test(text) ? `, in digits, such as ${value}` : "";
    throw new InvalidArgumentError(`It must be a whole number ${range}${digits}`);
  };

/** The name of a file that is to be written. */
export function fileName(text: string): string {
  if (!statSync(text, { throwIfNoEntry: false })?.isDirectory()) return text;
  throw new InvalidArgumentError("It is a folder; give the name of a file");
}

/** The name of a folder that is to be made, or is there. */
export function folderName(text: string): string {
  if (statSync(text, { throwIfNoEntry: false })?.isDirectory() !== false) return text;
  throw new InvalidArgumentError("It is a file; give the name of a folder");
}

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
