// The report's table of epochs.
import type { EpochRecord } from "../data.js";
import { type Format, formatNumber, formatPercent, formatSeconds } from "./format.js";
import { type Html, html } from "./html.js";
import { listed } from "./section.js";

type Column = readonly [title: string, format: Format, of: (epoch: EpochRecord) => number | undefined];

const COLUMNS: readonly Column[] = [
  ["loss", formatNumber, (e) => e.loss],
  ["accuracy", formatPercent, (e) => e.accuracy],
  ["validation loss", formatNumber, (e) => e.validationLoss],
  ["validation accuracy", formatPercent, (e) => e.validationAccuracy],
  ["learning rate", formatNumber, (e) => e.lr],
  ["time", formatSeconds, (e) => e.seconds],
];

/** What is known of each epoch. */
export function epochsTable(epochs: readonly EpochRecord[]): Html {
  const best = epochs.findLast((e) => e.best);
  const columns = COLUMNS.filter(([, , of]) => epochs.some((e) => of(e) !== undefined));
  const { names, head } = listed(
    "epoch",
    columns.map(([title]) => title),
  );
  return html`<table class="listed" style="${names}">
${head}
<tbody>${epochs.map(
    (e) =>
      html`<tr><th scope="row">${e.epoch}${e === best && " (best)"}</th>${columns.map(
        ([, format, of]) => html`<td>${format(of(e))}</td>`,
      )}</tr>`,
  )}</tbody>
</table>`;
}
