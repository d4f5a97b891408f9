import * as Plot from "@observablehq/plot";
import type { Histogram } from "../data.js";
import { chart } from "./chart.js";
import { formatTick } from "./format.js";
import type { Html } from "./html.js";

/** How often numbers occur; heights have no scale, since only the form matters. */
export function drawHistogram(
  label: string,
  { low, high, counts }: Histogram,
  color: string,
  size: { readonly width: number; readonly height: number },
): Html {
  // Where all numbers are the same, a bin around them.
  const [start, width] = high > low ? [low, (high - low) / counts.length] : [low - 0.5, 1 / counts.length];
  const bins = counts.map((count, i) => ({ from: start + i * width, to: start + (i + 1) * width, count }));
  return chart(label, {
    ...size,
    marginLeft: 12,
    marginRight: 12,
    marginTop: 6,
    marginBottom: 22,
    x: { label: null, ticks: Math.floor(size.width / 70), tickFormat: formatTick },
    y: { axis: null },
    marks: [
      Plot.rectY(bins, { x1: "from", x2: "to", y: "count", fill: color, insetLeft: 0.5, insetRight: 0 }),
      Plot.ruleY([0]),
    ],
  });
}
