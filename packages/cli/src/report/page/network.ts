import type { NetworkFindings, ReportData } from "../data.js";
import { formatBytes, formatCount, formatSizes } from "./format.js";
import { type Content, type Html, html } from "./html.js";
import { type Section, scrolling } from "./section.js";
import { drawShape } from "./shape.js";

/** The layers, from top to bottom, each with a drawing of what it gives. */
export function network({ findings }: ReportData): Section | undefined {
  if (findings === undefined) return undefined;
  const { parameters, batchSize, trainingBytes } = findings.network;
  return {
    id: "network",
    title: "Network",
    content: html`<p>${formatCount(parameters)} parameters; training with batches of ${batchSize} takes ${formatBytes(trainingBytes)} of engine memory.</p>
${scrolling("Layers", layers(findings.network))}`,
  };
}

function layers({ inputShape, layers, parameters }: NetworkFindings): Html {
  const sides = [inputShape, ...layers.map((l) => l.outputShape)].flatMap((shape) => shape.slice(1));
  const largest = Math.max(...sides, 1);
  const row = (name: Content, shape: readonly number[], count: number): Html =>
    html`<tr><td class="drawn">${drawShape(shape, largest)}</td><th scope="row">${name}</th><td>${formatSizes(shape)}</td>${count > 0 ? html`<td class="share" style="--share:${((100 * count) / parameters).toFixed(1)}%">${formatCount(count)}</td>` : html`<td></td>`}</tr>`;
  return html`<table class="network">
<thead><tr><td></td><th scope="col">layer</th><th scope="col">output</th><th scope="col">parameters</th></tr></thead>
<tbody>${row("input", inputShape, 0)}
${layers.map((l) => row(html`<small>${l.name}</small> ${l.layer}`, l.outputShape, l.parameters))}</tbody>
</table>`;
}
