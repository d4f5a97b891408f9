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

/**
 * The head of a table of numbers, whose rows are lists on a phone. There each number has its column's name before it, which
 * the table says once for all rows.
 *
 * @param first the name of what the rows are
 * @param columns names of the columns of numbers, at most eight
 */
export const listed = (first: string, columns: readonly string[]): { readonly names: string; readonly head: Html } => ({
  names: columns.map((name, i) => `--c${i + 1}:"${name} "`).join(";"),
  head: html`<thead><tr><th scope="col">${first}</th>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>`,
});

/** What may be wider than a phone; it scrolls by itself, with the keyboard too. */
export const scrolling = (label: string, content: Html): Html =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`;
