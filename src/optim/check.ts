import { ArgumentError } from "../base/errors.js";

/** Throws ArgumentError unless a value is a finite number of at least 0 and below `limit`. */
export function checkNumber(what: string, name: string, value: number, limit = Number.POSITIVE_INFINITY): void {
  if (value >= 0 && value < limit) return;
  const end = limit === Number.POSITIVE_INFINITY ? "a finite number" : `below ${limit}`;
  throw new ArgumentError(`${what}: ${name} is ${value}; it must be at least 0 and ${end}`);
}

/** Throws ArgumentError unless a value is a finite number above 0. */
export function checkPositive(what: string, name: string, value: number): void {
  if (value > 0 && Number.isFinite(value)) return;
  throw new ArgumentError(`${what}: ${name} is ${value}; it must be a finite number above 0`);
}

/** Throws ArgumentError unless a value is a whole number of at least `least`. */
export function checkCount(what: string, name: string, value: number, least = 1): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new ArgumentError(`${what}: ${name} is ${value}; it must be a whole number of at least ${least}`);
}
