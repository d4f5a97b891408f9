import type { Json, ReportData } from "../data.js";
import { formatCount, formatNumber, formatPercent, formatSeconds } from "./format.js";
import { type Html, html } from "./html.js";

/** The command, and the main metrics. */
export function overview({ config, epochs, findings }: ReportData): Html {
  const best = epochs.findLast((e) => e.best) ?? epochs.at(-1);
  const seconds = epochs.reduce((sum, e) => sum + (e.seconds ?? 0), 0);
  const facts: [name: string, value: string | undefined][] = [
    [`${findings?.part} accuracy`, findings?.accuracy === undefined ? undefined : formatPercent(findings.accuracy)],
    [`${findings?.part} loss`, findings && formatNumber(findings.loss)],
    [
      "best validation accuracy",
      best?.validationAccuracy === undefined ? undefined : formatPercent(best.validationAccuracy),
    ],
    ["parameters", findings && formatCount(findings.network.parameters)],
    ["epochs", epochs.length === 0 ? undefined : formatCount(epochs.length)],
    ["time of training", seconds === 0 ? undefined : formatSeconds(seconds)],
  ];
  const command = (config as { readonly command?: Json } | undefined | null)?.command;
  return html`${typeof command === "string" && html`<p><code>${command}</code></p>`}
<dl class="tiles">${facts.map(
    ([name, value]) => value !== undefined && html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}
