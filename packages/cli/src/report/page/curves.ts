import type { EpochRecord, ReportData } from "../data.js";
import { epochsTable } from "./epochs.js";
import { formatNumber, formatPercent, formatPercentTick, formatTick } from "./format.js";
import { html } from "./html.js";
import { type LineChart, lineChart, type Point, type Series } from "./line-chart.js";
import { type Section, scrolling } from "./section.js";

/** How training went. */
export function curves({ epochs }: ReportData): Section | undefined {
  if (epochs.length === 0) return undefined;
  return {
    id: "curves",
    title: "Learning curves",
    content: html`<div class="charts">${chartsOf(epochs).map(lineChart)}</div>
<details><summary>All epochs in numbers</summary>${scrolling("All epochs in numbers", epochsTable(epochs))}</details>`,
  };
}

function chartsOf(epochs: readonly EpochRecord[]): LineChart[] {
  const line = (look: Series["look"], name: string, of: (epoch: EpochRecord) => number | undefined): Series => ({
    name,
    look,
    points: epochs.flatMap((e) => pointOf(e, of(e))),
  });
  const best = epochs.findLast((e) => e.best);
  const mark = (value: number | undefined): LineChart["best"] =>
    best && value !== undefined
      ? { name: `best, epoch ${best.epoch}`, point: { epoch: best.epoch, value } }
      : undefined;
  return [
    {
      title: "Loss",
      series: [
        line("training", "training", (e) => e.loss),
        line("validation", "validation", (e) => e.validationLoss),
        { name: "parts of an epoch", look: "parts", points: epochs.flatMap(partsOf) },
      ],
      format: formatNumber,
      tick: formatTick,
      axis: "logarithmic where steep",
      best: mark(best?.validationLoss),
    },
    {
      title: "Accuracy",
      series: [
        line("training", "training", (e) => e.accuracy),
        line("validation", "validation", (e) => e.validationAccuracy),
      ],
      format: formatPercent,
      tick: formatPercentTick,
      best: mark(best?.validationAccuracy),
    },
    {
      title: "Learning rate",
      series: [line("rate", "learning rate", (e) => e.lr)],
      format: formatNumber,
      tick: formatTick,
      axis: "from zero",
    },
  ];
}

const pointOf = ({ epoch }: EpochRecord, value: number | undefined): Point[] =>
  value !== undefined && Number.isFinite(value) ? [{ epoch, value }] : [];

/** The means of an epoch's parts, each where its part ends. An epoch's own number stands at its end. */
const partsOf = ({ epoch, losses }: EpochRecord): Point[] =>
  losses.length < 2 ? [] : losses.map((value, i) => ({ epoch: epoch - 1 + (i + 1) / losses.length, value }));
