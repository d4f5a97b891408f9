// Numbers of the report: what is not a finite number is a dash.
import {
  formatCount as count,
  formatCompact,
  formatDuration,
  formatFigures,
  NONE,
  formatNumber as number,
  formatPercent as percent,
  written,
} from "../../text/numbers.js";

export { formatBytes } from "../../text/numbers.js";

/** A way to write numbers. */
export type Format = (value: number | undefined) => string;

const known =
  (write: (value: number) => string): Format =>
  (value) =>
    Number.isFinite(value) ? write(value as number) : NONE;

/** Two significant digits. */
export const formatRough = known((value) => formatFigures(value, 2));

/** Four significant digits; very small and very large numbers with a power of ten. */
export const formatNumber = known(number);

/** As short as an axis needs it. */
export const formatTick: Format = (value) => (Math.abs(value ?? 0) >= 10_000 ? compact(value) : formatNumber(value));

const compact = known(formatCompact);

export const formatCount = known(count);

/** A share, from 0 to 1. */
export const formatPercent = known((share) => percent(share));

/** A share on an axis. */
export const formatPercentTick = known((share) => written(share, { style: "percent", maximumFractionDigits: 1 }));

/** A duration; a dash where it is not known. */
export const formatSeconds = known(formatDuration);

/** Sizes of axes, joined. */
export const formatSizes = (sizes: readonly number[]): string => sizes.join("\u2009×\u2009") || "one number";
