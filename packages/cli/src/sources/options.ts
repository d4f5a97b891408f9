// Checks of the options for data.
import { ArgumentError } from "tidu";
import {
  callback,
  check,
  checkOptions as checkEach,
  either,
  type Fields,
  finite,
  flag,
  having,
  instance,
  type Kind,
  listOf,
  needed,
  oneOrMore,
  options as optionsOf,
  share,
  text,
  whole,
  words,
} from "tidu/internal";
import { aboutOption, optionName, spokenOf } from "./option-names.js";
import type { OpenOptions, SourceKind } from "./source.js";
import { decoderOf } from "./tables/encoding.js";
import { TABLE_FORMS } from "./tables/forms.js";

const TABLES: readonly SourceKind[] = TABLE_FORMS;

/** A table of images' targets, beside the kinds of data. */
const LABELS = "a folder of images with labels";
const TARGETS: readonly (SourceKind | typeof LABELS)[] = [...TABLES, LABELS];

/** The kinds of data that an option applies to; other options apply to all. */
const ABOUT: { readonly [name in keyof OpenOptions]?: readonly (SourceKind | typeof LABELS)[] } = {
  size: ["images"],
  channels: ["images"],
  fit: ["images"],
  skipDamaged: ["images"],
  labels: ["idx", "npy", "images"],
  target: TARGETS,
  ignore: TABLES,
  categorical: TARGETS,
  numeric: TARGETS,
  dates: TABLES,
  dateOrder: TABLES,
  delimiter: ["csv", LABELS],
  header: ["csv", LABELS],
  encoding: TARGETS,
  decimal: TARGETS,
  thousands: TARGETS,
  missing: TARGETS,
  splitBy: TABLES,
  splitTime: TABLES,
};

const numeric = (v: unknown): v is number => typeof v === "number";
/** Numbers in a list or a typed array. */
export const NUMBERS: Kind = {
  says: "numbers, as a list or a typed array",
  ok: (v) => typeof v === "object" && v !== null && "length" in v && Array.from(v as ArrayLike<unknown>).every(numeric),
};

const FORMAT = optionsOf({
  decimal: needed(words(".", ",")),
  thousands: needed(words("", ",", ".", " ", "'")),
  prefix: needed(text),
  suffix: needed(text),
});
/** Mean and deviation by which numbers were standardized. */
export const SCALE = optionsOf({
  name: needed(text),
  mean: needed(finite),
  deviation: needed(finite),
  format: FORMAT,
});

/** The preprocessing of a source. */
export const PREPROCESS = having("the preprocess of a source, or what JSON brought back of one", "kind", "task");

const CHANNELS: Kind = { says: "1 (gray) or 3 (RGB)", ok: (v) => v === 1 || v === 3 };
const DELIMITER: Kind = {
  says: "a character, but no quote",
  ok: (v) => typeof v === "string" && [...v].length === 1 && !/["\r\n]/.test(v),
};
const SIDE = whole(1, 65_535);
const NAMES = listOf(text, "a list of names");

/** Options for decoding images. */
export const DECODING: Fields = { maxPixels: oneOrMore, concurrency: oneOrMore, onProgress: callback };

const OPEN: Fields = {
  ...DECODING,
  kind: words("mnist", "images", "idx", "npy", ...TABLE_FORMS),
  task: words("classification", "regression"),
  validation: share,
  seed: whole(0),
  folds: whole(2),
  fold: oneOrMore,
  splitBy: text,
  splitTime: text,
  preprocess: PREPROCESS,
  size: either(SIDE, listOf(SIDE, "[height, width]", 2)),
  channels: CHANNELS,
  fit: words("stretch", "letterbox", "crop"),
  skipDamaged: flag,
  labels: text,
  target: either(text, NAMES),
  ignore: NAMES,
  categorical: NAMES,
  numeric: NAMES,
  dates: NAMES,
  dateOrder: words("ymd", "dmy", "mdy"),
  delimiter: DELIMITER,
  header: flag,
  encoding: text,
  decimal: words(".", ","),
  thousands: words(",", ".", " ", "'"),
  missing: NAMES,
};

const FILE: Kind = instance(File, "a File");
/** A path, or a File of a page. */
export const PATH_OR_FILE: Kind = either(text, FILE);

/** Throws ArgumentError for a wrong option. */
export function checkOpen(pathOrName: string | File, options: OpenOptions): void {
  check("openData", "pathOrName", pathOrName, PATH_OR_FILE);
  spokenOf(() => checkEach("openData", options, OPEN));
  const { decimal, thousands, encoding } = options;
  if (thousands !== undefined && thousands === decimal) {
    throw new ArgumentError(
      aboutOption("thousands", `and ${optionName("decimal")} are both ${JSON.stringify(decimal)}; they must differ`),
    );
  }
  if (options.splitBy !== undefined && options.splitTime !== undefined) {
    throw new ArgumentError(aboutOption("splitBy", `and ${optionName("splitTime")} are both given; give one of them`));
  }
  const { fold = 1, folds } = options;
  if (fold > (folds ?? 1)) {
    throw new ArgumentError(aboutOption("fold", `is ${fold} of ${folds ?? "no folds"}; it must be from 1 to folds`));
  }
  if (folds !== undefined && options.splitTime !== undefined) {
    throw new ArgumentError(
      aboutOption(
        "folds",
        `and ${optionName("splitTime")} are both given, and by time there is only one last part; leave one out`,
      ),
    );
  }
  if (encoding !== undefined) spokenOf(() => decoderOf(encoding));
}

/** Throws ArgumentError for an option that has no effect on data of this kind. */
export function checkAbout(kind: SourceKind, options: OpenOptions): void {
  const known = kind === "images" && options.labels !== undefined ? [kind, LABELS] : [kind];
  for (const [name, kinds] of Object.entries(ABOUT)) {
    if (options[name as keyof OpenOptions] !== undefined && !kinds.some((each) => known.includes(each))) {
      const only = `is for data of the kind ${kinds.join(" or ")}, this is ${kind}; leave it out`;
      throw new ArgumentError(aboutOption(name as keyof OpenOptions, only));
    }
  }
}
