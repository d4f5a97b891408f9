// Numbers as a person reads them: one way for the terminal, the studio's pages, their figures and tables, the report and the
// experiments.

/** A minus sign is not a hyphen, and what is rounded to 0 has no sign. */
const signed = (text: string): string => text.replace(/^-(?=[0.,%]*$)/, "").replace("-", "−");

const made = new Map<string, Intl.NumberFormat>();

function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const known = made.get(key) ?? new Intl.NumberFormat("en", options);
  made.set(key, known);
  return known;
}

/** As `Intl` writes it, with thousands apart; what is not finite has its sign: ∞, −∞, NaN. */
export const written = (value: number, options: Intl.NumberFormatOptions): string =>
  signed(formatter(options).format(value));

/** Significant digits, at most `figures` of them; below 0.0001 and from ten million up with a power of ten. */
export const formatFigures = (value: number, figures: number): string =>
  isExtreme(value) ? power(value, Math.min(figures, 3)) : written(value, { maximumSignificantDigits: figures });

/** Four significant digits, which suit most places. */
export const formatNumber = (value: number): string => formatFigures(value, 4);

/** Exactly `decimals` decimals. */
export const formatFixed = (value: number, decimals: number): string =>
  written(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

/** At most `decimals` decimals. */
export const formatRounded = (value: number, decimals: number): string =>
  written(value, { maximumFractionDigits: decimals });

/** A whole number. */
export const formatCount = (value: number): string => formatRounded(value, 0);

/** So many things, of which one is named in the singular: "1 row", "2,000 rows". */
export const counted = (count: number, one: string): string => `${formatCount(count)} ${one}${count === 1 ? "" : "s"}`;

/** All of a number's own digits, such as those of a limit. */
export const formatExact = (value: number): string => written(value, { maximumFractionDigits: 20 });

/** A share, from 0 to 1: 98.84%, so that two of 10,000 samples differ. */
export const formatPercent = (share: number, decimals = 2): string =>
  written(share, { style: "percent", minimumFractionDigits: decimals, maximumFractionDigits: decimals });

/** A large count in few characters: 61.7K, 1.2M. */
export const formatCompact = (value: number): string =>
  Number.isFinite(value) ? written(value, { notation: "compact", maximumSignificantDigits: 3 }) : NONE;

/** Stands for a number that is not known. */
export const NONE = "–";

const BYTE_UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** Bytes in the unit that fits, with three figures: 44.9 MiB. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return NONE;
  let [unit, scaled] = [0, bytes];
  // 999.5 would be written as 1,000: the next unit begins a little early.
  for (; Math.abs(scaled) >= 999.5 && unit < BYTE_UNITS.length - 1; unit++) scaled /= 1024;
  return `${formatFigures(scaled, 3)} ${BYTE_UNITS[unit]}`;
}

/** A duration: 12.3 ms, 4.2 s, 1 min 15 s, 1 h 2 min. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return NONE;
  if (seconds < 0.9995) return `${formatFigures(seconds * 1000, 3)} ms`;
  if (seconds < 59.95) return `${formatFixed(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${formatCount(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

/** A mean and its interval, which a single value does not have. */
interface Interval {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Decimals beyond which a number is easier to read with a power of ten. */
const MOST_DECIMALS = 6;

/** Writes numbers of one measure with two figures of its interval's width; where there is none, three of its own. */
export function likeInterval({ mean, low, high }: Interval): (value: number) => string {
  const width = (high ?? mean) - (low ?? mean);
  const decimals = width > 0 ? 1 - exponent(width) : mean === 0 ? 0 : 2 - exponent(mean);
  return decimals > MOST_DECIMALS ? formatNumber : (value) => formatFixed(value, Math.max(0, decimals));
}

const exponent = (x: number): number => Math.floor(Math.log10(Math.abs(x)));

const isExtreme = (value: number): boolean =>
  value !== 0 && Number.isFinite(value) && !(Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7);

/** 1.23×10⁻⁵: one word, which no line breaks. */
function power(value: number, figures: number): string {
  const [front, back] = Number(value.toPrecision(figures)).toExponential().split("e");
  return `${signed(front)}×${powerOfTen(Number(back))}`;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** 10⁻⁵. */
export const powerOfTen = (of: number): string =>
  `10${of < 0 ? "⁻" : ""}${[...String(Math.abs(of))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("")}`;

/** The number in a text that is written in one of these ways, or typed; NaN if there is none. */
export function numberFrom(text: string): number {
  const plain = text
    .trim()
    .replaceAll("−", "-")
    .replace(
      /×10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/,
      (_, minus: string, digits: string) =>
        `e${minus && "-"}${[...digits].map((digit) => SUPERSCRIPTS.indexOf(digit)).join("")}`,
    )
    // Groups of three are thousands; else a comma is a decimal mark, as many keyboards have it.
    .replace(/^(-?[1-9]\d{0,2}(?:,\d{3})+)(?=\.|e|$)/, (groups) => groups.replaceAll(",", ""))
    .replace(",", ".");
  return plain === "" ? Number.NaN : Number(plain);
}
