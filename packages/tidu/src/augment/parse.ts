// Augmentations as text, for the command line and for files.
import { text as aText, check } from "../base/check.js";
import { ArgumentError } from "../base/errors.js";
import { type Augmentation, compose } from "./augmentation.js";
import { mixup } from "./mixup.js";
import { BORDERS } from "./options.js";
import { brightness, contrast, cutout } from "./values.js";
import { crop, DIRECTIONS, flip, rotate, scale, shear, shift } from "./warps.js";

/** An augmentation's text form, and its constructor. */
interface Kind {
  /** Its value: the name of a number, or a list of words, of which the first may be left out. */
  readonly value: string | readonly string[];
  readonly options: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: each augmentation has a value and options of its own, and checks them
  readonly make: (value: any, options: any) => Augmentation;
}

const CHANGE = ["p"];
const WARP = ["p", "border"];

const KINDS: Readonly<Record<string, Kind>> = {
  shift: { value: "PIXELS", options: WARP, make: shift },
  rotate: { value: "DEGREES", options: WARP, make: rotate },
  scale: { value: "BY", options: WARP, make: scale },
  shear: { value: "DEGREES", options: WARP, make: shear },
  flip: { value: DIRECTIONS, options: CHANGE, make: flip },
  crop: { value: "PADDING", options: ["size", "border"], make: crop },
  brightness: { value: "BY", options: CHANGE, make: brightness },
  contrast: { value: "BY", options: CHANGE, make: contrast },
  cutout: { value: "SIZE", options: ["fill", "p"], make: cutout },
  mixup: { value: "ALPHA", options: CHANGE, make: mixup },
};

const formOf = (name: string, { value }: Kind): string =>
  typeof value === "string" ? `${name}:${value}` : `${name}[:${value.join("|")}]`;

/** The text form of each augmentation: "shift:PIXELS" and so on. */
export const augmentationForms = (): string[] => Object.entries(KINDS).map(([name, kind]) => formOf(name, kind));

/**
 * Reads the text form of an augmentation: names, each with its value and options, separated by commas, as in
 * "shift:2,rotate:15:border=nearest,flip". Its opposite is `String(augmentation)`.
 *
 * @throws ArgumentError for an unknown name, value or option; the message lists the known ones.
 *
 * @example
 * ```ts
 * import { zeros } from "tidu";
 * import { parseAugment } from "tidu/augment";
 *
 * console.log(parseAugment("shift:2,rotate:15").apply(zeros([4, 1, 28, 28])).images.shape); // [4, 1, 28, 28]
 * ```
 */
export function parseAugment(text: string): Augmentation {
  check("parseAugment", "text", text, aText);
  return compose(...text.split(",").map((item) => parseOne(item.trim())));
}

function parseOne(item: string): Augmentation {
  const [name, ...words] = item.split(":");
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined) {
    throw new ArgumentError(`augment: there is no "${name}"; there are ${augmentationForms().join(", ")}`);
  }
  const misspelt = (): never => {
    const added = kind.options.map((key) => `:${key}=${key === "border" ? BORDERS.join("|") : "NUMBER"}`);
    throw new ArgumentError(
      `augment: "${item}" is not understood; write ${formOf(name, kind)}, and after it, if wanted, ${added.join(" or ")}`,
    );
  };
  const number = (word = ""): number => (word.trim() === "" || Number.isNaN(Number(word)) ? misspelt() : Number(word));
  const values = words.filter((word) => !word.includes("="));
  const options = words.filter((word) => word.includes("=")).map((word) => word.split("="));
  const keys = options.map(([key]) => key);
  if (values.length > 1 || new Set(keys).size < keys.length) misspelt();
  if (keys.some((key) => !kind.options.includes(key)) || options.some(({ length }) => length > 2)) misspelt();
  return kind.make(
    typeof kind.value === "string" ? number(values[0]) : values[0],
    Object.fromEntries(options.map(([key, word]) => [key, key === "border" ? word : number(word)])),
  );
}
