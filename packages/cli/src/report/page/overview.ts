// The head of a report: the command, and the main numbers, each with its epoch.
import { settingValue } from "../../runs/setting-values.js";
import type { EpochRecord, Json, ReportData } from "../data.js";
import { formatCount, formatNumber, formatPercent, formatSeconds } from "./format.js";
import { type Html, html } from "./html.js";

type Fact = readonly [name: string, value: string | undefined];

/** The command, and the main metrics: each says of which epoch it is. */
export function overview(data: ReportData): Html {
  const { config, epochs, findings } = data;
  const seconds = epochs.reduce((sum, e) => sum + (e.seconds ?? 0), 0);
  const { command, training } = (config ?? {}) as {
    readonly command?: Json;
    readonly training?: { epochs?: Json; metric?: Json };
  };
  const facts: Fact[] = [
    ...found(data),
    ...measured(data),
    ["parameters", findings && formatCount(findings.network.parameters)],
    ["epochs", epochsOf(epochs.length, training?.epochs)],
    [
      "best epoch chosen by",
      typeof training?.metric === "string" ? settingValue("training.metric", training.metric).en : undefined,
    ],
    ["time of training", seconds === 0 ? undefined : formatSeconds(seconds)],
  ];
  return html`${typeof command === "string" && html`<p><code>${command}</code></p>`}
<dl class="tiles">${facts.map(
    ([name, value]) => value !== undefined && html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>
${epochs.length === 0 && html`<p>No epoch is known, so there are no learning curves: metrics.jsonl is missing or has no complete line.</p>`}`;
}

/** What was found out with the network that is used. */
function found({ epochs, findings }: ReportData): Fact[] {
  if (findings === undefined) return [];
  const { part, epoch, accuracy, loss } = findings;
  const of = epoch === undefined ? "" : `, ${epochName(epoch, epochs)}`;
  return [
    [`${part} accuracy${of}`, accuracy === undefined ? undefined : formatPercent(accuracy)],
    [`${part} loss${of}`, formatNumber(loss)],
  ];
}

/** What was measured after the best and the last epoch, as far as it is not what was found out. */
function measured({ epochs, findings }: ReportData): Fact[] {
  const [best, last] = [epochs.findLast((e) => e.best), epochs.at(-1)];
  const shown = [...new Set([best, last])].filter((e) => e !== undefined);
  const known = findings?.part === "validation" ? findings.epoch : undefined;
  return shown
    .filter(({ epoch }) => epoch !== known)
    .flatMap(({ epoch, validationAccuracy, validationLoss }): Fact[] => {
      const of = epochName(epoch, epochs);
      return [
        [
          `validation accuracy, ${of}`,
          validationAccuracy === undefined ? undefined : formatPercent(validationAccuracy),
        ],
        [`validation loss, ${of}`, validationLoss === undefined ? undefined : formatNumber(validationLoss)],
      ];
    });
}

/** An epoch, and whether it is the best or the last. */
function epochName(epoch: number, epochs: readonly EpochRecord[]): string {
  const isBest = epochs.findLast((e) => e.best)?.epoch === epoch;
  const isLast = epochs.at(-1)?.epoch === epoch;
  const is = [isBest && "best", isLast && "last"].filter(Boolean).join(" and ");
  return `epoch ${formatCount(epoch)}${is === "" ? "" : ` (${is})`}`;
}

/** How many there are, of how many if there were to be more. */
const epochsOf = (count: number, wanted: Json | undefined): string | undefined => {
  if (count === 0) return undefined;
  return typeof wanted === "number" && wanted > count
    ? `${formatCount(count)} of ${formatCount(wanted)}`
    : formatCount(count);
};
