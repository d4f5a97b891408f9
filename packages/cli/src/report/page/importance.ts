// The report's section about which columns the network needs.
import type { ImportanceFindings, ReportData } from "../data.js";
import { formatCount, formatNumber, formatPercent } from "./format.js";
import { html } from "./html.js";
import type { Section } from "./section.js";

/** What each column is worth: how far the score falls without it. */
export function importance({ findings }: ReportData): Section | undefined {
  const found = findings?.importance;
  if (found === undefined || found.features.length === 0) return undefined;
  const most = Math.max(...found.features.map(({ mean }) => mean), Number.MIN_VALUE);
  const bars = found.features.map(({ name, mean, deviation }) => {
    const share = Math.round((100 * Math.max(mean, 0)) / most);
    return html`<li class="first" style="--share:${share}%"><span>${name}</span> <span>${written(found, mean)} ± ${written(found, deviation)}</span></li>`;
  });
  return {
    id: "importance",
    title: "Importance of columns",
    content: html`<p>How far the ${found.score} of ${written(found, found.whole)} falls when a column's values change places between ${formatCount(found.samples)} samples of the ${findings?.part} data: mean and deviation of five shuffles. Columns that say the same stand in for each other.</p>
<ol class="chances">${bars}</ol>`,
  };
}

const written = ({ score }: ImportanceFindings, value: number): string =>
  score === "accuracy" ? formatPercent(value) : formatNumber(value);
