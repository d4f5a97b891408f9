import { ArgumentError } from "../base/errors.js";

/** Throws ArgumentError unless a value is a finite number from `low` to `high`, both included. */
export function checkWithin(what: string, name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new ArgumentError(`${what}: ${name} is ${value}; it must be from ${low} to ${high}`);
}

/** Throws ArgumentError unless a value is a finite number, above 0 if need be. */
export function checkFinite(what: string, name: string, value: number, positive = false): void {
  if (Number.isFinite(value) && (value > 0 || !positive)) return;
  throw new ArgumentError(`${what}: ${name} is ${value}; it must be a finite number${positive ? " above 0" : ""}`);
}

/** Throws ArgumentError unless a value is a whole number of at least `least`. */
export function checkWhole(what: string, name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new ArgumentError(`${what}: ${name} is ${value}; it must be a whole number of at least ${least}`);
}

/** Throws ArgumentError unless a value is one of a few words. */
export function checkWord(what: string, name: string, value: string, words: readonly string[]): void {
  if (words.includes(value)) return;
  const list = words.map((w) => JSON.stringify(w)).join(" or ");
  throw new ArgumentError(`${what}: ${name} is ${JSON.stringify(value)}; it must be ${list}`);
}
