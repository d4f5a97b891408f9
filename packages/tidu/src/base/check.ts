import { ArgumentError } from "./errors.js";

/** Throws ArgumentError unless a value is a whole number of at least `least`. */
export function checkCount(what: string, name: string, value: number, least = 1): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new ArgumentError(`${what}: ${name} is ${value}; it must be a whole number of at least ${least}`);
}

/** Throws ArgumentError unless a value is a finite number from `low` (inclusive) to `high` (exclusive). */
export function checkRange(what: string, name: string, value: number, low = 0, high = Number.POSITIVE_INFINITY): void {
  if (value >= low && value < high) return;
  const limit = high === Number.POSITIVE_INFINITY ? "a finite number" : `below ${high}`;
  throw new ArgumentError(`${what}: ${name} is ${value}; it must be at least ${low} and ${limit}`);
}

/** Throws ArgumentError unless a value is a finite number above 0. */
export function checkPositive(what: string, name: string, value: number): void {
  if (value > 0 && Number.isFinite(value)) return;
  throw new ArgumentError(`${what}: ${name} is ${value}; it must be a finite number above 0`);
}
