// How the numbers of a column are written: the decimal mark, what groups thousands, and a unit that all of them share.
import { show } from "tidu/internal";

/** A way to write numbers. */
export interface NumberFormat {
  readonly decimal: "." | ",";
  /** What may stand between groups of digits; "" for nothing. A space stands for every kind of space. */
  readonly thousands: "" | "," | "." | " " | "'";
  /** What stands before each number, such as "$"; "" for nothing. */
  readonly prefix: string;
  /** What stands behind each number, such as "kg" or "%"; "" for nothing. */
  readonly suffix: string;
}

/** What is known of the numbers of a table before a column is looked at. */
export interface NumberHints extends Partial<Pick<NumberFormat, "decimal" | "thousands">> {
  /** The decimal mark to assume where the texts of a column leave it open. Default ".". */
  readonly preferred?: "." | ",";
}

/** As programs write numbers: 1234.5 and 1e-3. */
export const PLAIN: NumberFormat = { decimal: ".", thousands: "", prefix: "", suffix: "" };

/** A number's digits with the marks between them. Each pattern takes time linear in the length of the text. */
function digitsIn(decimal: string, groups: string): RegExp {
  const whole = groups === "" ? "\\d+" : `(?:[1-9]\\d{0,2}(?:${groups}\\d{2,3})*${groups}\\d{3}|\\d+)`;
  return new RegExp(`^(?:${whole}(?:${decimal}\\d*)?|${decimal}\\d+)(?:e[+-]?\\d+)?$`, "i");
}

type Marks = Pick<NumberFormat, "decimal" | "thousands">;

/** The ways to write digits, in the order in which they are preferred. */
const STYLES: readonly (Marks & { readonly pattern: RegExp })[] = [
  { decimal: ".", thousands: "", pattern: digitsIn("\\.", "") },
  { decimal: ".", thousands: ",", pattern: digitsIn("\\.", ",") },
  { decimal: ".", thousands: " ", pattern: digitsIn("\\.", " ") },
  { decimal: ".", thousands: "'", pattern: digitsIn("\\.", "'") },
  { decimal: ",", thousands: "", pattern: digitsIn(",", "") },
  { decimal: ",", thousands: ".", pattern: digitsIn(",", "\\.") },
  { decimal: ",", thousands: " ", pattern: digitsIn(",", " ") },
  { decimal: ",", thousands: "'", pattern: digitsIn(",", "'") },
];

/** A text cut into sign, unit and digits. */
interface Pieces {
  readonly negative: boolean;
  readonly prefix: string;
  readonly digits: string;
  readonly suffix: string;
}

const SPACES = /[\u00a0\u2007\u2009\u202f]/g;
/** A text longer than this is neither a number nor one with a unit. */
const LONGEST = 400;

/** Cuts "-$1,234.50", "(12 kg)", "−3 %", "12.50-" or "12.–"; undefined where there are no digits. */
function cut(text: string): Pieces | undefined {
  if (text.length > LONGEST) return undefined;
  let rest = text.replace(SPACES, " ").replaceAll("\u2212", "-").replaceAll("\u2019", "'").trim();
  const bracketed = rest.startsWith("(") && rest.endsWith(")");
  if (bracketed) rest = rest.slice(1, -1).trim();
  const first = rest.search(/\d/);
  if (first < 0) return undefined;
  let last = rest.length - 1;
  while (rest[last] < "0" || rest[last] > "9") last--;
  // A mark with digits on one side only, as in ".5" and "5.", belongs to the number.
  const start = /[.,]/.test(rest[first - 1] ?? "") ? first - 1 : first;
  const end = /[.,]/.test(rest[last + 1] ?? "") ? last + 2 : last + 1;
  const before = rest.slice(0, start);
  const sign = /[+-]/.exec(before)?.[0];
  const prefix = sign === undefined ? before : before.replace(sign, "");
  const [digits, behind] = [rest.slice(start, end), rest.slice(end).trim()];
  // "5.–" and "5,-" are prices without cents; other dashes behind a number are its sign, as accounts have it.
  const [dash, unit] = [/^[-–—]+(?=\s|$)/.exec(behind)?.[0] ?? "", (text: string) => behind.slice(text.length).trim()];
  const isPrice = /[.,]$/.test(digits);
  const trails = dash === "-" && !isPrice && sign === undefined;
  return {
    negative: bracketed !== (sign === "-" || trails),
    prefix: prefix.trim(),
    digits,
    suffix: isPrice || trails ? unit(dash) : behind,
  };
}

/** The number that a text stands for in a format; NaN if it stands for none, or for one too large for float32. */
export function readNumber(text: string, format: NumberFormat): number {
  const value = numberIn(text, format);
  return Number.isFinite(Math.fround(value)) ? value : Number.NaN;
}

/** Whether a text is a number that float32 does not hold. */
export const isBeyond = (text: string, format: NumberFormat): boolean =>
  Math.abs(Math.fround(numberIn(text, format))) === Number.POSITIVE_INFINITY;

function numberIn(text: string, format: NumberFormat): number {
  const pieces = cut(text);
  if (pieces === undefined || pieces.prefix !== format.prefix || pieces.suffix !== format.suffix) return Number.NaN;
  const { digits, negative } = pieces;
  if (!styleOf(format).pattern.test(digits)) return Number.NaN;
  const joined = format.thousands === "" ? digits : digits.replaceAll(format.thousands, "");
  const value = Number(format.decimal === "," ? joined.replace(",", ".") : joined);
  return negative ? -value : value;
}

const styleOf = ({ decimal, thousands }: Marks) =>
  STYLES.find((style) => style.decimal === decimal && style.thousands === thousands) ?? STYLES[0];

const CURRENCIES: ReadonlySet<string> = new Set([
  ...Intl.supportedValuesOf("currency"),
  "Rs",
  "Rs.",
  "kr",
  "kr.",
  "R$",
]);
const isCurrency = (text: string): boolean => CURRENCIES.has(text) || /^([A-Z]{1,3})?\p{Sc}$/u.test(text);
/** Letters and signs of which units are made; no more than a few, so that a sentence is none. */
const UNIT = /^[\p{L}\p{Sc}µ°%‰′″²³/·^. -]{1,16}$/u;
/** Units that say that a text is a number, whatever else the column holds. */
const KNOWN = /^(%|‰|[kmµc]?m[²³]?|[kmµ]?g|t|lbs?|oz|mi|ft|in|[mc]?l|ms|s|min|h|hrs?|°[CF]?|[kMG]?W(h)?|[kKMGT]i?B)$/;

const isUnit = (prefix: string, suffix: string): boolean =>
  (prefix === "" || isCurrency(prefix)) && (suffix === "" || UNIT.test(suffix));

/** A number in some style, bare or with a unit that everybody knows: more than likely meant as a number. */
export function looksNumeric(text: string): boolean {
  const pieces = cut(text);
  if (pieces === undefined || !STYLES.some(({ pattern }) => pattern.test(pieces.digits))) return false;
  const { prefix, suffix } = pieces;
  const known = suffix === "" || KNOWN.test(suffix) || isCurrency(suffix);
  return known && (prefix === "" || isCurrency(prefix));
}

/**
 * The format in which most of the different texts of a column are numbers; undefined if none of them is a number.
 *
 * Where the texts fit several formats ("1,234" alone does not say what its comma is), `hints.preferred` decides.
 */
export function learnFormat(texts: readonly string[], hints: NumberHints): NumberFormat | undefined {
  const cuts = texts.map(cut).filter((pieces) => pieces !== undefined);
  const [prefix, suffix] = mostCommonUnit(cuts);
  const digits = cuts.filter((p) => p.prefix === prefix && p.suffix === suffix).map((p) => p.digits);
  const marks = learnMarks(digits, hints);
  return marks && { ...marks, prefix, suffix };
}

function mostCommonUnit(cuts: readonly Pieces[]): [prefix: string, suffix: string] {
  const counts = new Map<string, number>();
  for (const { prefix, suffix } of cuts) {
    if (!isUnit(prefix, suffix)) continue;
    const key = `${prefix}\n${suffix}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [key] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ["\n", 0]);
  const [prefix, suffix] = key.split("\n");
  return [prefix, suffix];
}

function learnMarks(digits: readonly string[], hints: NumberHints): Marks | undefined {
  const { decimal: given, thousands: group, preferred = "." } = hints;
  const allowed = STYLES.filter(
    (style) => (given ?? style.decimal) === style.decimal && ["", group ?? style.thousands].includes(style.thousands),
  );
  const inOrder = [...allowed].sort((a, b) => Number(b.decimal === preferred) - Number(a.decimal === preferred));
  const fits = inOrder.map(({ pattern }) => digits.filter((text) => pattern.test(text)).length);
  const most = Math.max(...fits);
  if (most === 0) return undefined;
  const { decimal, thousands } = inOrder[fits.indexOf(most)];
  // Whole numbers without marks are written alike everywhere.
  return digits.every((text) => /^\d+$/.test(text)) ? PLAIN : { decimal, thousands };
}

/** The decimal mark that the texts of a column show beyond doubt, if any. */
export function certainDecimal(texts: readonly string[]): "." | "," | undefined {
  const point = learnFormat(texts, { preferred: "." });
  const comma = learnFormat(texts, { preferred: "," });
  if (point === undefined || comma === undefined || point.decimal !== comma.decimal) return undefined;
  return texts.some((text) => cut(text)?.digits.includes(point.decimal)) ? point.decimal : undefined;
}

/** A number in a format, such as "$1,234.5". */
export function exampleOf({ decimal, thousands, prefix, suffix }: NumberFormat): string {
  const unit = suffix === "" ? "" : ` ${suffix}`;
  return `${prefix}1${thousands}234${decimal}5${unit}`;
}

/** What is wrong with a text that is not a number in a format. */
export function notNumber(value: unknown, format: NumberFormat): string {
  const text = String(value);
  if (isBeyond(text, format)) return `${show(value)} is too large; numbers may be at most 3.4e38`;
  return `${show(value)} is not a number${looksNumeric(text) ? ` as training had them, such as ${JSON.stringify(exampleOf(format))}` : ""}`;
}

/** A format in words, such as `decimal comma, "." between thousands, unit "kg"`; undefined for the plain one. */
export function describeFormat({ decimal, thousands, prefix, suffix }: NumberFormat): string | undefined {
  const parts = [
    ...(decimal === "," ? ["decimal comma"] : []),
    ...(thousands === "" ? [] : [`${JSON.stringify(thousands)} between thousands`]),
    ...[prefix, suffix].filter((unit) => unit !== "").map((unit) => `unit "${unit}" removed`),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}
