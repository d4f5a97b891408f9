// simple-ascii-chart: kept up, typed, no dependencies, and the one small chart library with both axes and a legend.
import plot from "simple-ascii-chart";

export interface Series {
  label: string;
  /** Evenly spaced; the last value belongs to the right end of the axis. Values that are not finite leave a gap. */
  values: number[];
}

export interface CurveOptions {
  /** Characters for the drawing itself, without the axis. */
  width?: number;
  xLabel?: string;
  yLabel?: string;
  /** What the right end of the x axis stands for, such as the number of epochs. */
  xMax?: number;
  /** With colour all series share one chart; without it they could not be told apart, so each gets its own. */
  color?: boolean;
}

const COLORS = ["ansiCyan", "ansiYellow", "ansiMagenta", "ansiGreen", "ansiRed", "ansiBlue"] as const;
const MOST_TICKS = 6;
/** Values closer together than this, relative to their size, make a flat line. */
const FLAT = 1e-4;
/** What float32 training cannot tell from zero. */
const SMALLEST = 1e-30;

type Point = [x: number, y: number];

/** A line chart of how training went; an empty string when no series holds a finite value. */
export function learningCurve(series: Series[], options: CurveOptions = {}): string {
  const { width = 64, xMax = Math.max(1, ...series.map(({ values }) => values.length)), color = false } = options;
  const lines = series
    .map(({ label, values }) => ({ label, points: place(values, xMax, width) }))
    .filter(({ points }) => points.length > 0);
  const charts = color && lines.length > 0 ? [lines] : lines.map((line) => [line]);
  return charts.map((chart) => draw(chart, xMax, { ...options, width, color })).join("\n\n");
}

function draw(lines: { label: string; points: Point[] }[], xMax: number, options: CurveOptions): string {
  const values = lines.flatMap(({ points }) => points.map(([, y]) => y));
  const y = ticks(Math.min(...values), Math.max(...values));
  const x = ticks(0, xMax).filter((tick) => tick > 0 && tick <= xMax);
  const text = plot(
    lines.map(({ points }) => points),
    {
      width: options.width,
      // One empty row between two labels keeps them legible.
      height: 2 * y.length - 1,
      yRange: [y[0], y[y.length - 1]],
      customXAxisTicks: x,
      customYAxisTicks: y,
      xLabel: options.xLabel,
      // As a title it reads level; the library's own y label runs down the axis and into the numbers.
      title: options.yLabel,
      // Ticks are already round; without this the library would cut them to whole thousands and the like.
      formatter: tickLabel,
      color: options.color ? [...COLORS] : undefined,
      legend: { position: "bottom", series: lines.map(({ label }) => label) },
    },
  );
  return text
    .split("\n")
    .map((row) => row.trimEnd())
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
}

/** Gives each value its place on the x axis, and replaces values that would share a column by their mean. */
function place(values: number[], xMax: number, width: number): Point[] {
  const columns = Math.min(values.length, width);
  const points: Point[] = [];
  for (let column = 0; column < columns; column++) {
    const start = Math.floor((column * values.length) / columns);
    const end = Math.floor(((column + 1) * values.length) / columns);
    const finite = values.slice(start, end).filter(Number.isFinite);
    if (finite.length === 0) continue;
    points.push([(end / values.length) * xMax, finite.reduce((sum, value) => sum + value, 0) / finite.length]);
  }
  return points;
}

/** Round numbers, evenly spaced, from just below `low` to just above `high`. */
function ticks(low: number, high: number): number[] {
  const size = Math.max(Math.abs(low), Math.abs(high));
  // Against a nearly flat line the rounding of the values would be drawn as if it were news: show the scale instead.
  const span = size < SMALLEST ? 1 : high - low < size * FLAT ? size : high - low;
  const power = 10 ** Math.floor(Math.log10(span / MOST_TICKS));
  const step = [1, 2, 5, 10].map((round) => round * power).find((gap) => span / gap <= MOST_TICKS) ?? 10 * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  // Twelve digits, so that three times 0.1 is 0.3.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function tickLabel(tick: number): string {
  const size = Math.abs(tick);
  const rounded = Number(tick.toPrecision(6));
  return size === 0 || (size >= 1e-4 && size < 1e6) ? String(rounded) : rounded.toExponential();
}
