import type { ClassFindings, Mistake, ReportData } from "../data.js";
import { confusionMatrix } from "./confusion.js";
import { formatCount, formatPercent } from "./format.js";
import { type Html, html } from "./html.js";
import { listed, type Section, scrolling } from "./section.js";

/** What was taken for what, class by class. */
export function classes({ findings }: ReportData): Section | undefined {
  if (findings?.classes === undefined) return undefined;
  return {
    id: "classes",
    title: "Classes",
    content: html`<p>${formatCount(findings.samples)} samples of the ${findings.part} data.</p>
<div class="pair">
<div><h3>Confusion matrix</h3>${confusionMatrix(findings.classes)}</div>
<div><h3>Quality of each class</h3>${scrolling("Quality of each class", qualities(findings.classes))}</div>
</div>`,
  };
}

function qualities({ qualities }: ClassFindings): Html {
  const mean = (key: "precision" | "recall" | "f1"): string =>
    formatPercent(qualities.reduce((sum, q) => sum + q[key], 0) / qualities.length);
  const { names, head } = listed("class", ["precision", "recall", "F1", "support"]);
  return html`<table class="numbers listed" style="${names}">
${head}
<tbody>${qualities.map(
    (q) =>
      html`<tr><th scope="row">${q.name}</th>${[q.precision, q.recall, q.f1].map((share) => html`<td>${formatPercent(share)}</td>`)}<td>${formatCount(q.support)}</td></tr>`,
  )}</tbody>
<tfoot><tr><th scope="row">mean</th><td>${mean("precision")}</td><td>${mean("recall")}</td><td>${mean("f1")}</td><td></td></tr></tfoot>
</table>`;
}

/** Where the network was surest and wrong. */
export function mistakes({ findings }: ReportData): Section | undefined {
  if (findings?.classes === undefined) return undefined;
  const { wrong, mistakes } = findings.classes;
  const share = `${formatCount(wrong)} of ${formatCount(findings.samples)} samples are in the wrong class`;
  const shown = mistakes.length < wrong ? "; these are the ones in which the true class seemed least probable" : "";
  return {
    id: "mistakes",
    title: "Worst mistakes",
    content: html`<p>${share}${shown}.</p>
${mistakes.length > 0 && html`<ol class="cards">${mistakes.map(card)}</ol>`}`,
  };
}

function card({ sample, origin, truth, predicted, probabilities, picture }: Mistake): Html {
  const name = origin ?? `sample ${formatCount(sample)}`;
  const title = `${name}: ${truth}, predicted as ${predicted}`;
  const image =
    picture && html`<img src="${picture.source}" width="${picture.width}" height="${picture.height}" alt="${title}">`;
  const chances = probabilities.map(({ name, probability }) => {
    const look = name === truth ? "second" : "first";
    return html`<li class="${look}" style="--share:${Math.round(100 * probability)}%"><span>${name}${name === truth && " (true)"}</span> <span>${formatPercent(probability)}</span></li>`;
  });
  return html`<li>${image}<div><p><b>${truth}</b> predicted as <b>${predicted}</b><br><small>${name}</small></p>
<ul class="chances">${chances}</ul></div></li>`;
}
