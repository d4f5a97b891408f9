// Options that outlive a call are copied: what a caller does later with the same lists and records changes nothing.
import { isPlain } from "./check.js";

/** A copy of plain lists and records, at every depth; everything else in them stays the same object. Nobody can change it. */
export function copied<T>(given: T): T;
export function copied(given: unknown): unknown {
  if (Array.isArray(given)) return Object.freeze(given.map((item) => copied(item)));
  if (!isPlain(given)) return given;
  return Object.freeze(Object.fromEntries(Object.entries(given as object).map(([key, value]) => [key, copied(value)])));
}
