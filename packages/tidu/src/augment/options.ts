// Options that augmentations share, and their checks.
import { checkOptions as check, type Fields, within, words } from "../base/check.js";
import type { Border } from "./sample.js";

/** Options of every augmentation. */
export interface ChangeOptions {
  /** Probability that an image is changed at all, 0 to 1. Default 1. */
  readonly p?: number;
}

/** Options of augmentations that move pixels. */
export interface WarpOptions extends ChangeOptions {
  /** How pixels beyond an image's border are filled. Default "zeros". */
  readonly border?: Border;
}

export const BORDERS: readonly Border[] = ["zeros", "nearest"];

/** Throws ArgumentError for a probability or a border that does not exist. */
export const checkOptions = (name: string, options: WarpOptions, fields: Fields = WARP): void =>
  check(name, options, fields);

const P = within(0, 1);
const WARP: Fields = { p: P, border: words(...BORDERS) };
export const CHANGE: Fields = { p: P };

/** The text form: "rotate:15:p=0.5". */
export const spell = (name: string, values: readonly (number | string)[], options: object): string =>
  [name, ...values, ...Object.entries(options).flatMap(([key, v]) => (v === undefined ? [] : `${key}=${v}`))].join(":");
