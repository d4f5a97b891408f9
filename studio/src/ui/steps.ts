// Numbers that are stepped through or typed.
import { numberFrom } from "./format.js";

/** How a number is stepped through: by equal steps, or along 1, 2, 5 of each power of ten from `floor` on. */
export interface Scale {
  readonly least: number;
  readonly most: number;
  readonly step: number | "log";
  /** Smallest stop of a logarithmic scale above `least`. */
  readonly floor?: number;
}

const DIGITS = [1, 2, 5];

/** The next stop up (1) or down (-1) from a value, which need not be one. */
export function nextStop(value: number, direction: 1 | -1, { least, most, step, floor = 1e-5 }: Scale): number {
  const next = step === "log" ? nextLog(value, direction, floor) : tidy(value + direction * step);
  return Math.min(most, Math.max(least, next));
}

function nextLog(value: number, direction: 1 | -1, floor: number): number {
  const near = floor * (1 - 1e-9);
  if (direction === 1 && value < near) return floor;
  if (direction === -1 && value <= floor) return 0;
  const power = Math.floor(Math.log10(value));
  const stops = [power - 1, power, power + 1].flatMap((p) => DIGITS.map((digit) => Number(`${digit}e${p}`)));
  const past = (stop: number) => (direction === 1 ? stop > value * (1 + 1e-9) : stop < value * (1 - 1e-9));
  return (direction === 1 ? stops.find(past) : stops.findLast(past)) ?? value;
}

/** Without the dust of binary fractions: 0.15000000000000002 is 0.15. */
const tidy = (value: number): number => Number(value.toPrecision(12));

/** What keeps a typed number from being taken. */
export type Refusal =
  | { readonly why: "noNumber" }
  | { readonly why: "range" | "whole"; readonly least: number; readonly most: number };

/** The number that a text says, or why it is not taken. Whole numbers where steps are whole. */
export function readNumber(text: string, { least, most, step, floor }: Scale): number | Refusal {
  const value = numberFrom(text);
  if (!Number.isFinite(value)) return { why: "noNumber" };
  const counts = Number.isInteger(step === "log" ? floor : step);
  if (counts && !Number.isInteger(value)) return { why: "whole", least, most };
  return value < least || value > most ? { why: "range", least, most } : value;
}
