// simple-ascii-chart: kept up, typed, no dependencies, and the one small chart library with both axes and a legend.
import plot from "simple-ascii-chart";

export interface Series {
  label: string;
  /** Evenly spaced; the last value belongs to the right end of the axis. Only positive numbers are drawn. */
  values: number[];
}

export interface CurveOptions {
  /** Characters for the drawing itself, without the axis. Default 64. */
  width?: number;
  xLabel?: string;
  yLabel?: string;
  /** What the right end of the x axis stands for, such as the number of epochs. Default: the line's length. */
  xMax?: number;
  /** Default false. */
  color?: boolean;
}

const COLORS = ["ansiCyan", "ansiYellow"] as const;
const HEIGHT = 15;
const MOST_TICKS = 8;
/** From what float32 training cannot tell from zero to what it cannot hold. */
const [SMALLEST, LARGEST] = [1e-30, 1e39];

type Point = [x: number, y: number];

/**
 * How a cost fell in training: a line (each step) with single points on it (each epoch), on a logarithmic axis, because
 * a cost falls by orders of magnitude. An empty string when there is nothing to draw a line through.
 */
export function learningCurve(line: Series, points: Series, options: CurveOptions = {}): string {
  const { width = 64, xMax = Math.max(1, line.values.length), color = false } = options;
  const path = place(line.values, xMax, width);
  if (path.length === 0) return "";
  const marks = place(points.values, xMax, width);
  const heights = [...path, ...marks].map(([, y]) => y);
  const yTicks = logTicks(Math.min(...heights), Math.max(...heights));
  const text = plot([path.map(toLog)], {
    width,
    height: HEIGHT,
    yRange: [Math.log10(yTicks[0]), Math.log10(yTicks[yTicks.length - 1])],
    customXAxisTicks: ticks(xMax),
    customYAxisTicks: yTicks.map(Math.log10),
    xLabel: options.xLabel,
    // As a title it reads level; the library's own y label runs down the axis and into the numbers.
    title: options.yLabel,
    formatter: (tick, { axis }) => tickLabel(axis === "y" ? 10 ** tick : tick),
    points: marks.map(toLog).map(([x, y]) => ({ x, y, ...(color ? { color: COLORS[1] } : {}) })),
    color: color ? [COLORS[0]] : undefined,
    legend: { position: "bottom", series: [line.label], points: marks.length > 0 ? [points.label] : [] },
  });
  return withoutMargins(text);
}

/** What the library draws, without blank rows and what is blank at the ends of others. */
export function withoutMargins(drawing: string): string {
  const rows = drawing.split("\n").map((row) => row.trimEnd());
  return rows.filter((row) => row !== "").join("\n");
}

const toLog = ([x, y]: Point): Point => [x, Math.log10(y)];

/** Gives each value its place on the x axis, and replaces values that would share a column by their mean. */
function place(values: number[], xMax: number, width: number): Point[] {
  const columns = Math.min(values.length, width);
  const points: Point[] = [];
  for (let column = 0; column < columns; column++) {
    const start = Math.floor((column * values.length) / columns);
    const end = Math.floor(((column + 1) * values.length) / columns);
    const drawn = values.slice(start, end).filter((value) => value >= SMALLEST && value <= LARGEST);
    if (drawn.length === 0) continue;
    points.push([(end / values.length) * xMax, drawn.reduce((sum, value) => sum + value, 0) / drawn.length]);
  }
  return points;
}

/** Round numbers from at most `low` to at least `high`, by factors of about 2 or, over a wide range, by powers of 10. */
function logTicks(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)) + 1];
  const exponents = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const fine = exponents.flatMap((e) => [1, 2, 5].map((round) => Number(`${round}e${e}`)));
  const tight = enclosing(fine, low, high);
  if (tight.length <= MOST_TICKS) return tight;
  const step = Math.ceil((last - first) / MOST_TICKS);
  const coarse = Array.from({ length: MOST_TICKS + 2 }, (_, i) => Number(`1e${first + i * step}`));
  return enclosing(coarse, low, high);
}

/** The part of a rising list that reaches from the last value up to `low` to the first above it from `high` on. */
function enclosing(rising: number[], low: number, high: number): number[] {
  const start = rising.findLastIndex((tick) => tick <= low);
  const end = rising.findIndex((tick, i) => i > start && tick >= high);
  return rising.slice(start, end + 1);
}

/** Round numbers, evenly spaced, above 0 and up to `most`. */
function ticks(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most / MOST_TICKS));
  const step = [1, 2, 5, 10].map((round) => round * power).find((gap) => most / gap <= MOST_TICKS) ?? 10 * power;
  // Twelve digits, so that three times 0.1 is 0.3.
  return Array.from({ length: Math.floor(most / step + 1e-9) }, (_, i) => Number(((i + 1) * step).toPrecision(12)));
}

function tickLabel(tick: number): string {
  const rounded = Number(tick.toPrecision(6));
  return rounded >= 1e-4 && rounded < 1e6 ? String(rounded) : rounded.toExponential();
}
