// The allowed numbers and words of augmentations.
import { check, finite, positive, whole, within, words } from "../base/check.js";

export const checkWithin = (where: string, name: string, value: number, low: number, high: number): void =>
  check(where, name, value, within(low, high));

export const checkFinite = (where: string, name: string, value: number, above0 = false): void =>
  check(where, name, value, above0 ? positive : finite);

export const checkWhole = (where: string, name: string, value: number, least: number): void =>
  check(where, name, value, whole(least));

export const checkWord = (where: string, name: string, value: string, list: readonly string[]): void =>
  check(where, name, value, words(...list));
