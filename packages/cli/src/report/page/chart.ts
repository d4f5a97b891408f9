// Plot makes charts without a browser, on a document of linkedom's.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Content, Html, html } from "./html.js";

/** Sizes fit a phone; on wider screens charts stand beside each other. */
const [WIDTH, HEIGHT] = [340, 210];

/** A chart as inline SVG. @param label says what it shows to those who cannot see it. */
export function chart(label: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = Plot.plot({ document, width: WIDTH, height: HEIGHT, marginRight: 16, ...options });
  svg.querySelector("style")?.remove();
  for (const name of ["class", "font-family", "width", "height"]) svg.removeAttribute(name);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.querySelectorAll("*").forEach(tidy);
  return new Html(svg.outerHTML);
}

/** What a picture as a whole says, its parts need not; and tenths of a pixel are enough. */
function tidy(part: Element): void {
  for (const name of ["aria-label", "aria-hidden"]) part.removeAttribute(name);
  for (const name of ["d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "cx", "cy"]) {
    const value = part.getAttribute(name);
    if (value?.includes(".")) part.setAttribute(name, value.replaceAll(/\d+\.\d{2,}/g, rounded));
  }
}

const rounded = (digits: string): string => String(Math.round(Number(digits) * 10) / 10);

/** A chart with its title, and what else there is to say. */
export const figure = (title: Content, drawing: Html, more?: Html): Html =>
  html`<figure><figcaption>${title}</figcaption>${drawing}${more}</figure>`;

/** What each look of a line stands for. */
export const legend = (entries: readonly (readonly [look: string, name: string])[]): Html =>
  html`<ul class="legend">${entries.map(([look, name]) => html`<li><span class="key ${look}"></span>${name}</li>`)}</ul>`;
