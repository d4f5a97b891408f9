import type { ReportData } from "../data.js";
import { formatCount, formatNumber } from "./format.js";
import { html } from "./html.js";
import type { Section } from "./section.js";

/** What the first layer looks for. */
export function kernels({ findings }: ReportData): Section | undefined {
  if (findings?.kernels === undefined) return undefined;
  const { layer, count, most, colored, pictures } = findings.kernels;
  const shown = pictures.length < count ? `The first ${pictures.length} of ${formatCount(count)}` : formatCount(count);
  const colors = colored
    ? "Weights of red, green and blue in these colors, gray for zero; full color"
    : "Orange is positive, blue negative, near white zero; full color";
  return {
    id: "kernels",
    title: "Weights of the first layer",
    content: html`<p>${shown} kernels of layer ${layer}. ${colors} is ±${formatNumber(most)}.</p>
<ul class="pictures">${pictures.map(
      ({ name, source, width, height }) =>
        html`<li><img src="${source}" width="${width}" height="${height}" alt="${name}"></li>`,
    )}</ul>`,
  };
}
