// The report's section about weights and their gradients.
import type { Histogram, ParameterFindings, ReportData } from "../data.js";
import { formatNumber, formatRough, formatSizes } from "./format.js";
import { drawHistogram } from "./histogram.js";
import { type Html, html } from "./html.js";
import type { Section } from "./section.js";

const SIZE = { width: 170, height: 90 };

/** How weights and gradients are spread. */
export function parameters({ findings }: ReportData): Section | undefined {
  if (findings === undefined || findings.parameters.length === 0) return undefined;
  return {
    id: "weights",
    title: "Weights and gradients",
    content: html`<p>Each parameter's values (left, blue) and the gradient of the loss by them for one batch of the ${findings.part} data (right, orange).</p>
<div class="charts">${findings.parameters.map(draw)}</div>`,
  };
}

const draw = ({ name, layer, shape, values, gradient }: ParameterFindings): Html => html`<figure>
<figcaption>${name} <small>${layer}, ${formatSizes(shape)}</small></figcaption>
<div class="halves"><div>${half(name, values, "var(--first)")}</div><div>${half(`gradient of ${name}`, gradient, "var(--second)")}</div></div>
</figure>`;

function half(what: string, numbers: Histogram, color: string): Html {
  const { low, high, mean, deviation, notFinite } = numbers;
  const text = `${formatRough(mean)} ± ${formatRough(deviation)}`;
  const bad = notFinite === undefined ? "" : `; ${notFinite} not finite`;
  const label = `Histogram, ${what}: mean and standard deviation ${text}, from ${formatNumber(low)} to ${formatNumber(high)}${bad}`;
  return html`${drawHistogram(label, numbers, color, SIZE)}<p class="under">${text}${bad}</p>`;
}
