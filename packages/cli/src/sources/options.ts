import { ArgumentError } from "tidu";
import type { DecodeOptions, OpenOptions, SourceKind } from "./source.js";
import { decoderOf } from "./tables/encoding.js";

/** The kinds of data that an option is about; those that are not here are about all. */
const ABOUT: { readonly [name in keyof OpenOptions]?: readonly SourceKind[] } = {
  size: ["images"],
  channels: ["images"],
  skipDamaged: ["images"],
  labels: ["idx", "npy"],
  target: ["csv"],
  ignore: ["csv"],
  categorical: ["csv"],
  numeric: ["csv"],
  delimiter: ["csv"],
  header: ["csv"],
  encoding: ["csv"],
  decimal: ["csv"],
  thousands: ["csv"],
  missing: ["csv"],
};

/** Throws ArgumentError for an option out of range, or one that does nothing for data of this kind. */
export function checkOptions(kind: SourceKind, options: OpenOptions): void {
  for (const [name, kinds] of Object.entries(ABOUT)) {
    if (options[name as keyof OpenOptions] !== undefined && !kinds.includes(kind)) {
      throw new ArgumentError(`openData: ${name} is for data of the kind ${kinds.join(" or ")}, this is ${kind}`);
    }
  }
  const { validation = 0, channels = 1, delimiter = ",", task = "regression" } = options;
  const { decimal = ".", thousands = "'", encoding = "utf-8" } = options;
  check("validation", validation, validation >= 0 && validation < 1, "from 0 to below 1");
  check("channels", channels, channels === 1 || channels === 3, "1 (grey) or 3 (RGB)");
  check("delimiter", delimiter, [...delimiter].length === 1 && !/["\r\n]/.test(delimiter), "a character, but no quote");
  check("task", task, task === "regression" || task === "classification", '"classification" or "regression"');
  check("decimal", decimal, [".", ","].includes(decimal), '"." or ","');
  check("thousands", thousands, [",", ".", " ", "'"].includes(thousands), 'one of ",", ".", " " and "\'"');
  if (thousands === options.decimal) {
    throw new ArgumentError(`openData: thousands and decimal are both ${JSON.stringify(decimal)}; they must differ`);
  }
  decoderOf(encoding);
  checkDecoding(options);
}

/** Throws ArgumentError for an option out of range. */
export function checkDecoding({ maxPixels = 1, concurrency = 1 }: DecodeOptions): void {
  check("maxPixels", maxPixels, Number.isSafeInteger(maxPixels) && maxPixels >= 1, "a whole number of at least 1");
  check("concurrency", concurrency, Number.isInteger(concurrency) && concurrency >= 1, "a whole number of at least 1");
}

function check(name: string, value: unknown, holds: boolean, expected: string): void {
  if (!holds) throw new ArgumentError(`openData: ${name} is ${JSON.stringify(value)}; it must be ${expected}`);
}
