// Points in a plane, for the terminal: what a measure was for each value of a setting.
import plot from "simple-ascii-chart";
import { withoutMargins } from "./curve.js";

export interface ScatterOptions {
  readonly xLabel: string;
  readonly yLabel: string;
  /** Whether the x axis has equal factors rather than equal differences. Default false. */
  readonly log?: boolean;
}

const [WIDTH, HEIGHT] = [56, 10];
const TICKS = 4;

/** A drawing of points; an empty string where all have the same x, or there is no number. */
export function scatter(points: readonly (readonly [x: number, y: number])[], options: ScatterOptions): string {
  const { xLabel, yLabel, log = false } = options;
  const place = (x: number): number => (log ? Math.log10(x) : x);
  const drawn = points.flatMap(([x, y]) => (Number.isFinite(place(x)) && Number.isFinite(y) ? [[place(x), y]] : []));
  const [xs, ys] = [drawn.map(([x]) => x), drawn.map(([, y]) => y)];
  if (new Set(xs).size < 2) return "";
  const flat = new Set(ys).size < 2;
  const yRange: [number, number] = flat ? [ys[0] - 1, ys[0] + 1] : [Math.min(...ys), Math.max(...ys)];
  const text = plot([drawn as [number, number][]], {
    mode: "point",
    width: WIDTH,
    height: HEIGHT,
    yRange,
    customXAxisTicks: ticks(Math.min(...xs), Math.max(...xs)),
    customYAxisTicks: ticks(...yRange),
    xLabel,
    title: yLabel,
    formatter: (tick, { axis }) => rounded(axis === "x" && log ? 10 ** tick : tick),
  });
  return withoutMargins(text);
}

const ticks = (low: number, high: number): number[] =>
  Array.from({ length: TICKS }, (_, i) => low + ((high - low) * i) / (TICKS - 1));

/** Three digits. */
function rounded(value: number): string {
  const three = Number(value.toPrecision(3));
  return three === 0 || (Math.abs(three) >= 1e-3 && Math.abs(three) < 1e5) ? String(three) : three.toExponential();
}
