// How the values of a column become features, for rows of files and rows in memory alike.
import { brief, show } from "tidu/internal";
import type { DateColumn, HashColumn, NumberColumn, TableColumn } from "../source.js";
import { FARTHEST } from "../statistics.js";
import { DATE_FORMATS, readDate, TURNS, yearOf } from "./dates.js";
import { addHashed } from "./hashing.js";
import { notNumber, PLAIN, readNumber } from "./numbers.js";

/** A value that is not missing: text as it is written, or something as such. */
export type PresentValue = string | number | bigint | boolean | Date;

/** How the values of a column become features. */
export interface Encoder {
  /** How many there are. */
  readonly width: number;
  /** Which of them is 1 for a missing value; -1 if none is. */
  readonly missing: number;
  /**
   * Writes the features of a value, over zeros, from `at` on.
   *
   * @returns false for a name that training does not have.
   * @throws Misfit
   */
  write(value: PresentValue, features: Float32Array, at: number): boolean;
}

/** A value that does not fit. Callers add its place and the mend. */
export class Misfit extends Error {}

export function encoderOf(column: TableColumn): Encoder {
  switch (column.kind) {
    case "number":
      return numberEncoder(column);
    case "date":
      return dateEncoder(column);
    case "hash":
      return hashEncoder(column);
    case "category":
      return categoryEncoder(column.categories);
  }
}

/** An encoder whose last feature marks missing values, if training had some. */
const marked = (width: number, missing: boolean | undefined, write: Encoder["write"]): Encoder => ({
  width: missing ? width + 1 : width,
  missing: missing ? width : -1,
  write,
});

/** Numbers are standardized; a missing one is 0, which is the mean. */
function numberEncoder({ mean, deviation, format = PLAIN, missing }: NumberColumn): Encoder {
  return marked(1, missing, (value, features, at) => {
    if (typeof value === "boolean" || value instanceof Date)
      throw new Misfit(`it is ${show(value)}; it must be a number`);
    const number = typeof value === "string" ? readNumber(value, format) : Number(value);
    if (Number.isNaN(number)) throw new Misfit(notNumber(value, format));
    const feature = (number - mean) / deviation;
    if (!(Math.abs(feature) < FARTHEST)) {
      throw new Misfit(`${brief(String(value))} is too far from the mean in training, ${Number(mean.toPrecision(4))}`);
    }
    features[at] = feature;
    return true;
  });
}

/** A year is standardized; a periodic part is a point on a circle. */
function dateEncoder({ format, parts, mean, deviation, missing }: DateColumn): Encoder {
  const width = parts.reduce((sum, part) => sum + (part === "year" ? 1 : 2), 0);
  return marked(width, missing, (value, features, at) => {
    const moment = value instanceof Date ? value.getTime() : readDate(String(value), format);
    if (Number.isNaN(moment)) throw new Misfit(`${show(value)} is not a date (${DATE_FORMATS[format]})`);
    let place = at;
    for (const part of parts) {
      if (part === "year") features[place++] = (yearOf(moment) - mean) / deviation;
      else {
        const angle = 2 * Math.PI * TURNS[part](moment);
        features[place++] = Math.sin(angle);
        features[place++] = Math.cos(angle);
      }
    }
    return true;
  });
}

const hashEncoder = ({ places, missing }: HashColumn): Encoder =>
  marked(places, missing, (value, features, at) => {
    addHashed(String(value), places, features, at);
    return true;
  });

/** A name is a 1 at its category. */
function categoryEncoder(categories: readonly string[]): Encoder {
  const places = new Map(categories.map((category, i) => [category, i]));
  const write: Encoder["write"] = (value, features, at) => {
    const place = places.get(String(value));
    if (place !== undefined) features[at + place] = 1;
    return place !== undefined;
  };
  return { width: categories.length, missing: places.get("") ?? -1, write };
}

/** Numbers that columns become for each row. */
export const featureCount = (columns: readonly TableColumn[]): number =>
  columns.reduce((sum, column) => sum + encoderOf(column).width, 0);
