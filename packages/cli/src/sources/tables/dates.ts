// The formats of a column's dates, and the features of a date.

/** The order of year, month and day; or a time of day, YYYYMMDD, a count since 1970, or the days that spreadsheets count. */
export type DateFormat = "ymd" | "dmy" | "mdy" | "time" | "compact" | "days" | "seconds" | "milliseconds";

/** The features of a date. A year has its fraction; the others are periodic, and become sine and cosine of an angle. */
export type DatePart = "year" | "month" | "day" | "weekday" | "hour";

/** The formats that a column's texts show; the others are numbers, unless a person says that they are dates. */
export const SHOWN: readonly DateFormat[] = ["ymd", "dmy", "mdy", "time"];
const COUNTED: readonly DateFormat[] = ["compact", "days", "seconds", "milliseconds"];

/** How the names of months begin in English, German, French and Spanish, without accents. */
const MONTHS = [
  ["jan", "ene"],
  ["feb", "fev"],
  ["mar", "mrz", "maer"],
  ["apr", "avr", "abr"],
  ["may", "mai"],
  ["jun", "juin"],
  ["jul", "juil"],
  ["aug", "aou", "ago"],
  ["sep"],
  ["oct", "okt"],
  ["nov"],
  ["dec", "dez", "dic"],
];
const MONTH = `(?<word>${MONTHS.flat().join("|")})[a-z]{0,7}\\.?`;
/** A day before its month's name: 3, 3rd, 3., 1er. */
const DAY_NAMED = "(?<d>\\d{1,2})(?:(?:st|nd|rd|th|er|o)?[ -]|\\. ?)(?:de )?";
const CLOCK = "(?<h>\\d{1,2}):(?<min>\\d{2})(?::(?<s>\\d{2}(?:[.,]\\d{1,9})?))? ?(?<half>[ap]m)?";
/** A time of day after a date. The time zone is ignored: the local clock says more. */
const TIME = `(?:(?:T|,? )${CLOCK} ?(?:Z|UTC|GMT|[+-]\\d{2}:?\\d{2})?)?`;
/** The same where no blank is needed. */
const TIME_BEHIND = `(?: ?${CLOCK})?`;
const YEAR = "(?<y>\\d{4}|(?<=[/\\s-])\\d{2})";
const whole = (...forms: readonly string[]): RegExp[] => forms.map((form) => new RegExp(`^${form}$`, "i"));

/** Each takes time linear in the length of a text. */
const PATTERNS: Readonly<Record<DateFormat, readonly RegExp[]>> = {
  ymd: whole(
    `(?<y>\\d{4})-(?<m>\\d{1,2})-(?<d>\\d{1,2})${TIME}`,
    `(?<y>\\d{4})/(?<m>\\d{1,2})/(?<d>\\d{1,2})${TIME}`,
    `(?<y>\\d{4})\\.(?<m>\\d{1,2})\\.(?<d>\\d{1,2})${TIME}`,
    `(?<y>\\d{4}) ?年 ?(?<m>\\d{1,2}) ?月 ?(?<d>\\d{1,2}) ?日${TIME_BEHIND}`,
    "(?<y>\\d{4})[-/](?<m>\\d{1,2})",
    "(?<y>\\d{4}) ?年 ?(?<m>\\d{1,2}) ?月",
  ),
  dmy: whole(
    `(?<d>\\d{1,2})/(?<m>\\d{1,2})/${YEAR}${TIME}`,
    `(?<d>\\d{1,2})\\.(?<m>\\d{1,2})\\.(?<y>\\d{4})${TIME}`,
    `(?<d>\\d{2})\\.(?<m>\\d{2})\\.(?<y>\\d{2})${TIME}`,
    `(?<d>\\d{1,2})-(?<m>\\d{1,2})-(?<y>\\d{4})${TIME}`,
    `(?:[a-z]{2,10}\\.?,? )?${DAY_NAMED}${MONTH}(?:[ ,-]{1,2}| de )${YEAR}${TIME}`,
  ),
  mdy: whole(
    `(?<m>\\d{1,2})/(?<d>\\d{1,2})/${YEAR}${TIME}`,
    `(?<m>\\d{1,2})\\.(?<d>\\d{1,2})\\.(?<y>\\d{4})${TIME}`,
    `(?<m>\\d{1,2})-(?<d>\\d{1,2})-(?<y>\\d{4})${TIME}`,
    `(?:[a-z]{3,9},? )?${MONTH} (?<d>\\d{1,2})(?:st|nd|rd|th)?,? ${YEAR}${TIME}`,
  ),
  time: whole(CLOCK),
  compact: whole("(?<y>\\d{4})(?<m>\\d{2})(?<d>\\d{2})"),
  // From 1927 to 2119: as seconds they would all be of one day.
  days: whole("(?<count>[1-7]\\d{4}(?:\\.\\d{1,12})?)"),
  seconds: whole("(?<count>-?\\d{1,10}(?:\\.\\d{1,9})?)"),
  milliseconds: whole("(?<count>-?\\d{11,14})"),
};

const ACCENTED = /[\u00c0-\u024f]|[\u0300-\u036f]/;
/** A text longer than this is not a date. */
const LONGEST = 60;
const [SECOND, DAY] = [1000, 86_400_000];

/** The moment that a text stands for in a format, in milliseconds since 1970 by its own clock; NaN if it stands for none. */
export function readDate(text: string, format: DateFormat): number {
  if (text.length > LONGEST || !(text[0] <= "9" || /^[a-z]/i.test(text))) return Number.NaN;
  // März, août and décembre, with or without accents.
  const letters = ACCENTED.test(text) ? text.normalize("NFD").replaceAll(/[\u0300-\u036f]/g, "") : text;
  for (const pattern of PATTERNS[format]) {
    const groups = pattern.exec(letters)?.groups;
    if (groups !== undefined) return momentOf(groups, format);
  }
  return Number.NaN;
}

function momentOf(groups: Readonly<Record<string, string | undefined>>, format: DateFormat): number {
  if (groups.count !== undefined) return inRange(counted(Number(groups.count), format));
  const time = timeOf(groups);
  if (format === "time") return time;
  // A month alone is its first day.
  const [year, day] = [Number(groups.y), Number(groups.d ?? 1)];
  // Two digits mean 1969 to 2068, as in POSIX.
  const full = groups.y?.length === 2 ? year + (year < 69 ? 2000 : 1900) : year;
  const word = groups.word?.toLowerCase() ?? "";
  const month = word === "" ? Number(groups.m) - 1 : MONTHS.findIndex((names) => names.includes(word));
  const date = new Date(0);
  date.setUTCFullYear(full, month, day);
  return date.getUTCMonth() === month && date.getUTCDate() === day ? date.getTime() + time : Number.NaN;
}

/** A count of days begins with 1899-12-30, so that those since March 1900 are the ones of spreadsheets. */
function counted(count: number, format: DateFormat): number {
  if (format === "days") return Math.round((count - DAYS_TO_1970) * DAY);
  return count * (format === "seconds" ? SECOND : 1);
}

const DAYS_TO_1970 = 25_569;

/** Milliseconds since midnight. */
function timeOf({ h, min, s, half }: Readonly<Record<string, string | undefined>>): number {
  if (h === undefined) return 0;
  const [hour, minute, second] = [Number(h), Number(min), Number(s?.replace(",", ".") ?? 0)];
  if (half !== undefined && (hour < 1 || hour > 12)) return Number.NaN;
  if (hour > 23 || minute > 59 || second >= 61) return Number.NaN;
  const full = half === undefined ? hour : (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  return ((full * 60 + minute) * 60 + second) * SECOND;
}

const inRange = (moment: number): number => (Math.abs(moment) < 8.64e15 ? moment : Number.NaN);

/** Whether a text is a date in some format that shows. */
export const looksLikeDate = (text: string): boolean => SHOWN.some((format) => !Number.isNaN(readDate(text, format)));

/** What is known of a table's dates before a column is read. */
export interface DateHints {
  /** The order that the user gave. */
  readonly order?: "ymd" | "dmy" | "mdy";
  /** The order to assume where a column's dates with slashes are ambiguous. */
  readonly preferred: "dmy" | "mdy";
}

/** A column's format. */
export interface LearnedFormat {
  readonly format: DateFormat;
  /** Whether day and month could be the other way round. */
  readonly open: boolean;
}

/**
 * The format in which most of the different texts of a column are dates; undefined if none of them is one.
 *
 * @param certain whether a person says that they are: then counts are dates, too.
 */
export function learnDateFormat(
  texts: readonly string[],
  { order, preferred }: DateHints,
  certain: boolean,
): LearnedFormat | undefined {
  const allowed = SHOWN.filter((format) => order === undefined || format === order || format === "time");
  const formats = certain ? [...allowed, ...COUNTED] : allowed;
  const fits = formats.map((format) => texts.filter((text) => !Number.isNaN(readDate(text, format))).length);
  const most = Math.max(...fits);
  if (most === 0) return undefined;
  const format = formats[fits.indexOf(most)];
  const other = fits[formats.indexOf("mdy")];
  if (format !== "dmy" || other !== most || !texts.some(isOpen)) return { format, open: false };
  const slashes = texts.some((text) => text.includes("/"));
  return { format: slashes ? preferred : "dmy", open: true };
}

/** Whether day and month of a date may be exchanged, and are not the same. */
function isOpen(text: string): boolean {
  const [one, other] = [readDate(text, "dmy"), readDate(text, "mdy")];
  return one !== other && !Number.isNaN(one) && !Number.isNaN(other);
}

/** A format in words. */
export const DATE_FORMATS: Readonly<Record<DateFormat, string>> = {
  ymd: "year first",
  dmy: "day first",
  mdy: "month first",
  time: "times of day",
  compact: "YYYYMMDD",
  days: "days since 1900",
  seconds: "seconds since 1970",
  milliseconds: "milliseconds since 1970",
};

/** The parts that a date may be told by, in the order of their features. */
export const DATE_PARTS: readonly DatePart[] = ["year", "month", "day", "weekday", "hour"];

/** Years with their fraction, such as 2024.5 for the middle of 2024. */
export function yearOf(moment: number): number {
  const year = new Date(moment).getUTCFullYear();
  const [first, next] = [Date.UTC(year, 0), Date.UTC(year + 1, 0)];
  return year + (moment - first) / (next - first);
}

/** The elapsed share of each part's period, from 0 to below 1. */
export const TURNS: Readonly<Record<Exclude<DatePart, "year">, (moment: number) => number>> = {
  month: (moment) => new Date(moment).getUTCMonth() / 12,
  day: (moment) => {
    const date = new Date(moment);
    const days = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    return (date.getUTCDate() - 1) / days;
  },
  weekday: (moment) => new Date(moment).getUTCDay() / 7,
  hour: (moment) => (((moment % DAY) + DAY) % DAY) / DAY,
};
