// How an error shows a value that was given.
import { isForeign } from "./copy.js";

/** Items, keys and characters that are shown at most. */
const MOST = 8;
const LONGEST = 60;

/** The beginning of a text that is too long for a line. */
export const brief = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** A value in a few words: `"0.1"`, `[1, NaN, …]`, `Float64Array(3)`, `{ lr, betas }`, `a function`. */
export function show(value: unknown, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(brief(value));
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) {
    if (depth > 2) return "[…]";
    const items = value.slice(0, MOST).map((item) => show(item, depth + 1));
    return `[${items.join(", ")}${value.length > MOST ? ", …" : ""}]`;
  }
  if (ArrayBuffer.isView(value)) {
    return `${(value as unknown as Record<symbol, string>)[Symbol.toStringTag]}(${(value as Uint8Array).length ?? value.byteLength})`;
  }
  const own = (value as object).toString;
  if (typeof own === "function" && own !== Object.prototype.toString) {
    return isForeign(value) ? `${value} of another copy of tidu ("npm ls tidu" lists them)` : String(value);
  }
  const name = (value as object).constructor?.name || "Object";
  if (name !== "Object") return `a ${name}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? "{}" : `{ ${keys.slice(0, MOST).join(", ")}${keys.length > MOST ? ", …" : ""} }`;
}

/** Bytes in the unit that fits: "4.0 MiB". */
export function amount(bytes: number, unit = 0): string {
  if (bytes >= 1024 && unit < 3) return amount(bytes / 1024, unit + 1);
  return `${unit > 0 ? bytes.toFixed(unit > 2 ? 2 : 1) : bytes} ${["bytes", "KiB", "MiB", "GiB"][unit]}`;
}

/** What to do where memory is not enough. */
export const FREE_MEMORY = "use a smaller batch or model, or detach() a tensor that a loop carries on";
