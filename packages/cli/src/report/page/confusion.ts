// The confusion matrix of a report: a table of numbers, or a drawing where there are many classes.
import type { ClassFindings } from "../data.js";
import { toPicture } from "../picture.js";
import { formatCount, formatPercent } from "./format.js";
import { type Html, html } from "./html.js";
import { scrolling } from "./section.js";

/** Classes that a table of numbers has at most; more are drawn. */
const MOST_CLASSES = 26;
const PAIRS = 6;
/** Letters from which names do not fit above their columns unless they are turned. */
const LONG = 4;

/** What was taken for what. */
export function confusionMatrix({ confusion, qualities }: ClassFindings): Html {
  const names = qualities.map(({ name }) => name);
  const pairs = confusedPairs(confusion, names);
  return html`<p class="note">Rows: true class. Columns: predicted class. Blue: right; orange: wrong.</p>
${names.length > MOST_CLASSES ? picture(confusion) : scrolling("Confusion matrix", table(confusion, names))}
${pairs.length > 0 && html`<p class="note">Most often confused: ${pairs.join("; ")}.</p>`}`;
}

type Matrix = readonly (readonly number[])[];

const table = (
  confusion: Matrix,
  names: readonly string[],
): Html => html`<table class="confusion${names.some((name) => name.length > LONG) && " upright"}">
<thead><tr><td></td>${names.map((name) => html`<th scope="col"><span>${name}</span></th>`)}</tr></thead>
<tbody>${confusion.map(
  (row, truth) =>
    html`<tr><th scope="row">${names[truth]}</th>${row.map((count, predicted) =>
      cell(count, total(row), truth === predicted),
    )}</tr>`,
)}</tbody>
</table>`;

const cell = (count: number, of: number, right: boolean): Html =>
  count === 0
    ? html`<td class="none">0</td>`
    : html`<td class="${right ? "right" : "wrong"}" style="--heat:${Math.round(50 * Math.cbrt(count / of))}%">${count}</td>`;

/** One pixel for each pair of classes: blue where right, orange where wrong. */
function picture(confusion: Matrix): Html {
  const size = confusion.length;
  const data = Uint8Array.from(
    confusion.flatMap((row, truth) =>
      row.flatMap((count, predicted) => {
        const heat = Math.cbrt(count / (total(row) || 1));
        const full = truth === predicted ? [0, 114, 178] : [213, 94, 0];
        return full.map((c) => Math.round(255 + heat * (c - 255)));
      }),
    ),
  );
  const { source } = toPicture({ width: size, height: size, channels: 3, data });
  const label = `Confusion matrix of ${size} classes, one pixel for each pair`;
  return html`<img class="matrix" src="${source}" alt="${label}">`;
}

function confusedPairs(confusion: Matrix, names: readonly string[]): string[] {
  const pairs = confusion.flatMap((row, truth) =>
    row.flatMap((count, predicted) => (count > 0 && truth !== predicted ? [{ truth, predicted, count, row }] : [])),
  );
  return pairs
    .sort((a, b) => b.count - a.count)
    .slice(0, PAIRS)
    .map(
      ({ truth, predicted, count, row }) =>
        `${names[truth]} predicted as ${names[predicted]} (${formatCount(count)}, ${formatPercent(count / total(row))})`,
    );
}

const total = (row: readonly number[]): number => row.reduce((sum, n) => sum + n, 0);
