// Line charts of the report, as SVG.
import * as Plot from "@observablehq/plot";
import { chart, figure, legend } from "./chart.js";
import { epochAxis } from "./epoch-axis.js";
import { extent } from "./extent.js";
import type { Format } from "./format.js";
import type { Html } from "./html.js";

export interface Point {
  readonly epoch: number;
  readonly value: number;
}

/** How a line is drawn; `key` is the class of its sample in the legend. */
const LOOKS = {
  training: { key: "solid first", stroke: "var(--first)", strokeWidth: 2 },
  validation: { key: "dashed second", stroke: "var(--second)", strokeWidth: 2, strokeDasharray: "6 3" },
  rate: { key: "solid third", stroke: "var(--third)", strokeWidth: 2, curve: "step" },
  parts: { key: "thin faint", stroke: "var(--faint)", strokeWidth: 1 },
} as const;

/** A line of a chart. */
export interface Series {
  readonly name: string;
  readonly look: keyof typeof LOOKS;
  readonly points: readonly Point[];
}

export interface LineChart {
  readonly title: string;
  /** The first is drawn on top. */
  readonly series: readonly Series[];
  /** How values are written, and how on the axis. */
  readonly format: Format;
  readonly tick: Format;
  /** What becomes of the axis of values. */
  readonly axis?: "from zero" | "logarithmic where steep";
  /** A point to be marked, and its name. */
  readonly best?: { readonly name: string; readonly point: Point };
}

/** Lines with more points than this have no dots. */
const MOST_DOTS = 30;
/** Ratio of the largest to the smallest value from which a linear axis would hide the smaller ones. */
const STEEP = 50;

/** Lines over the epochs, with a legend; undefined where there is nothing to draw. */
export function lineChart({ title, format, tick, axis, best, ...given }: LineChart): Html | undefined {
  const series = given.series.filter(({ points }) => points.length > 0);
  const all = series.flatMap(({ points }) => points);
  if (all.length === 0) return undefined;
  const values = all.map(({ value }) => value);
  const [low, high] = extent(values);
  const logarithmic = axis === "logarithmic where steep" && low > 0 && high > STEEP * low;
  const label = series.map(({ name, points }) => `${name}: ${trend(points, format)}`).join("; ");
  const place = { x: "epoch", y: "value" } as const;
  const drawing = chart(`${title}. ${label}`, {
    marginLeft: 50,
    x: epochAxis(all.map(({ epoch }) => epoch)),
    y: {
      label: null,
      grid: true,
      ticks: 5,
      tickFormat: tick,
      zero: axis === "from zero",
      type: logarithmic ? "log" : "linear",
    },
    marks: [
      ...series.toReversed().map(({ look, points }) => Plot.lineY(points, { ...place, ...LOOKS[look] })),
      ...series.map(({ look, points }) => dots(look, points)),
      Plot.dot(best === undefined ? [] : [best.point], { ...place, stroke: "var(--second)", strokeWidth: 2, r: 7 }),
    ],
  });
  const keys = series.map(({ look, name }) => [LOOKS[look].key, name] as const);
  const ring = best === undefined ? [] : [["ring second", best.name] as const];
  return figure(logarithmic ? `${title}, logarithmic` : title, drawing, legend([...keys, ...ring]));
}

function dots(look: Series["look"], points: readonly Point[]): Plot.Dot {
  const shown = look === "parts" || points.length > MOST_DOTS ? [] : points;
  const symbol = look === "validation" ? "diamond" : "circle";
  return Plot.dot(shown, { x: "epoch", y: "value", fill: LOOKS[look].stroke, r: 2.7, symbol });
}

/** From where to where a line goes. */
function trend(points: readonly Point[], format: Format): string {
  const [first, last] = [points[0], points[points.length - 1]];
  return `${format(first.value)} in epoch ${Math.ceil(first.epoch)}, ${format(last.value)} in epoch ${last.epoch}`;
}
