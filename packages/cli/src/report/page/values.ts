import * as Plot from "@observablehq/plot";
import type { Miss, ReportData, ValueFindings } from "../data.js";
import { chart, figure } from "./chart.js";
import { extent } from "./extent.js";
import { formatCount, formatNumber, formatTick } from "./format.js";
import { drawHistogram } from "./histogram.js";
import { type Html, html } from "./html.js";
import { listed, type Section, scrolling } from "./section.js";

/** How far predicted values are from the true ones. */
export function values({ findings }: ReportData): Section | undefined {
  if (findings?.values === undefined) return undefined;
  return {
    id: "values",
    title: "Predicted values",
    content: html`<p>${formatCount(findings.samples)} samples of the ${findings.part} data.</p>
${scrolling("Errors", errors(findings.values))}
${findings.values.map(
  (value) => html`<h3>${value.name}</h3>
<div class="charts">${scatter(value)}${residuals(value)}</div>`,
)}`,
  };
}

function errors(values: readonly ValueFindings[]): Html {
  const { names, head } = listed("value", ["mean absolute error", "root mean square error", "R²"]);
  return html`<table class="numbers listed" style="${names}">
${head}
<tbody>${values.map(
    (v) =>
      html`<tr><th scope="row">${v.name}</th>${[v.mae, v.rmse, v.r2].map((n) => html`<td>${formatNumber(n)}</td>`)}</tr>`,
  )}</tbody>
</table>`;
}

function scatter({ name, points, r2 }: ValueFindings): Html {
  const all = points.flat();
  const ends = extent(all);
  const label = `Predicted against true ${name} of ${points.length} samples; R² is ${formatNumber(r2)}`;
  const drawing = chart(label, {
    height: 280,
    marginLeft: 48,
    x: { label: "true", ticks: 5, tickFormat: formatTick },
    y: { label: "predicted", ticks: 5, grid: true, tickFormat: formatTick },
    marks: [
      Plot.line([ends, ends], {
        x: (_, i) => ends[i],
        y: (_, i) => ends[i],
        stroke: "var(--second)",
        strokeWidth: 1.5,
      }),
      Plot.dot(points, {
        x: ([truth]) => truth,
        y: ([, predicted]) => predicted,
        r: 2.5,
        fill: "var(--first)",
        fillOpacity: 0.6,
      }),
    ],
  });
  return figure(html`Predicted against true <small>on the line both are equal</small>`, drawing);
}

function residuals({ name, residuals: all }: ValueFindings): Html {
  const label = `Residuals of ${name}, predicted minus true: mean ${formatNumber(all.mean)}, standard deviation ${formatNumber(all.deviation)}, from ${formatNumber(all.low)} to ${formatNumber(all.high)}`;
  const drawing = drawHistogram(label, all, "var(--first)", { width: 340, height: 280 });
  return figure(html`Residuals <small>predicted minus true</small>`, drawing);
}

/** The samples that are predicted worst. */
export function misses({ findings }: ReportData): Section | undefined {
  if (findings?.values === undefined) return undefined;
  return {
    id: "mistakes",
    title: "Worst mistakes",
    content: html`${findings.values.map(
      ({ name, misses }) => html`<h3>${name}</h3><ol class="cards">${misses.map(card)}</ol>`,
    )}`,
  };
}

function card({ sample, origin, truth, predicted, picture }: Miss): Html {
  const name = origin ?? `sample ${formatCount(sample)}`;
  return html`<li>${
    picture && html`<img src="${picture.source}" width="${picture.width}" height="${picture.height}" alt="${name}">`
  }<div><p><b>${formatNumber(predicted)}</b> for <b>${formatNumber(truth)}</b><br><small>${name}</small></p></div></li>`;
}
