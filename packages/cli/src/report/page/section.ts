// A section of a report's page.
import { type Html, html } from "./html.js";

/** A part of the page with a heading of its own. */
export interface Section {
  /** Name that links go to. */
  readonly id: string;
  readonly title: string;
  readonly content: Html;
}

export const drawSection = ({ id, title, content }: Section): Html => html`
<section id="${id}">
<h2>${title}</h2>
${content}
</section>`;

/** What may be wider than a phone; it scrolls by itself, with the keyboard too. */
export const scrolling = (label: string, content: Html): Html =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`;
