// Numbers as a person reads them. What is not a finite number is a dash.

const NONE = "–";

/** A way to write numbers. */
export type Format = (value: number | undefined) => string;

const formatter = (options: Intl.NumberFormatOptions): Format => {
  const format = new Intl.NumberFormat("en", options);
  return (value) => (Number.isFinite(value) ? format.format(value as number).replace("-", "−") : NONE);
};

const short = formatter({ maximumSignificantDigits: 4 });

const rough = formatter({ maximumSignificantDigits: 2 });

/** Two digits that count. */
export const formatRough: Format = (value) => (isExtreme(value) ? exponential(value, 2) : rough(value));

/** Four digits that count; very small and very large numbers with an exponent. */
export const formatNumber: Format = (value) => (isExtreme(value) ? exponential(value, 3) : short(value));

const isExtreme = (value: number | undefined): value is number =>
  value !== undefined && value !== 0 && Number.isFinite(value) && !(Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7);

const exponential = (value: number, digits: number): string =>
  Number(value.toPrecision(digits)).toExponential().replaceAll("-", "−");

const compact = formatter({ notation: "compact", maximumSignificantDigits: 3 });

/** As short as an axis needs it. */
export const formatTick: Format = (value) => (Math.abs(value ?? 0) >= 10_000 ? compact(value) : formatNumber(value));

export const formatCount = formatter({ maximumFractionDigits: 0 });

/** A share, from 0 to 1. */
export const formatPercent = formatter({ style: "percent", minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A share on an axis. */
export const formatPercentTick = formatter({ style: "percent", maximumFractionDigits: 1 });

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

export function formatBytes(bytes: number): string {
  const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  return `${short(bytes / 1024 ** unit)} ${UNITS[unit]}`;
}

export function formatSeconds(seconds: number | undefined): string {
  if (seconds === undefined) return NONE;
  if (!(seconds >= 60)) return `${short(seconds)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** Sizes of axes, joined. */
export const formatSizes = (sizes: readonly number[]): string => sizes.join("\u2009×\u2009") || "one number";
