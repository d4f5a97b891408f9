import { checkWithin, checkWord } from "./check.js";
import type { Border } from "./sample.js";

export interface ChangeOptions {
  /** Probability that an image is changed at all, 0 to 1. Default 1. */
  readonly p?: number;
}

export interface WarpOptions extends ChangeOptions {
  /** What is seen beyond an image's border. Default "zeros". */
  readonly border?: Border;
}

export const BORDERS: readonly Border[] = ["zeros", "nearest"];

/** Throws ArgumentError for a probability or a border that does not exist. */
export function checkOptions(name: string, { p = 1, border = "zeros" }: WarpOptions): void {
  checkWithin(name, "p", p, 0, 1);
  checkWord(name, "border", border, BORDERS);
}

/** The text form: "rotate:15:p=0.5". */
export const spell = (name: string, values: readonly (number | string)[], options: object): string =>
  [name, ...values, ...Object.entries(options).flatMap(([key, v]) => (v === undefined ? [] : `${key}=${v}`))].join(":");
