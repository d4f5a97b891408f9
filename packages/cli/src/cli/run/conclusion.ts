// The summary that a command prints at the end of training: the loss, the mistakes, the metrics.
import type { Dataset } from "tidu/data";
import { formatBytes, formatDuration } from "../ui/format.js";
import { usesColor } from "../ui/terminal.js";
import type { RunConfig } from "./config.js";
import { drawConfusion, drawHistory, drawMistakes } from "./drawings.js";
import type { RunResult } from "./folder.js";
import type { Judgement } from "./judgement.js";
import type { EpochMetrics } from "./metrics.js";
import type { PartName } from "./parts.js";
import { describeQuality, type Quality } from "./quality.js";
import type { Run } from "./training.js";

const COLUMNS = 80;

/** What was measured in detail. */
export interface Measured {
  readonly name: PartName;
  readonly part: Dataset;
  readonly judgement: Judgement;
  /** Where the run's page is, if there is one. */
  readonly page?: string;
}

/** Shows the result of training: the loss curve, the mistakes of classification, and the final metrics. */
export async function conclude(run: Run, epochs: readonly EpochMetrics[], result: RunResult, measured: Measured) {
  for (const text of await drawings(run, epochs, measured)) if (text !== "") run.output.draw(`\n${text}`);
  run.output.say("");
  for (const line of lines(run, epochs, result, measured)) run.output.say(line);
}

async function drawings(
  { data, output }: Run,
  epochs: readonly EpochMetrics[],
  { part, judgement: { classes } }: Measured,
): Promise<string[]> {
  const color = usesColor(output.stream);
  const curve = drawHistory(epochs, data.validationName, color);
  if (classes === undefined) return [curve];
  const columns = output.stream.columns ?? COLUMNS;
  return [curve, drawConfusion(classes, color), await drawMistakes(part, classes, columns, color)];
}

function lines(
  { config, data, folder }: Run,
  epochs: readonly EpochMetrics[],
  result: RunResult,
  measured: Measured,
): string[] {
  const { bestEpoch, seconds, peakBytes, last } = result;
  const { name, page } = measured;
  return [
    ...(epochs.at(-1)?.stopped ? [`stopped early, after epoch ${epochs.length}`] : []),
    ...(data.validationName === "test"
      ? ["the best epoch was chosen on the test part, so the test result is too optimistic"]
      : []),
    `peak engine memory ${formatBytes(peakBytes)}`,
    ...(page === undefined ? [] : [`report ${page}`]),
    `trained in ${formatDuration(seconds)}; saved to ${folder.path}`,
    ...(last === undefined ? [] : [`last epoch ${epochs.length}: ${qualities(last, name)}`]),
    `${used(epochs, bestEpoch)}${last === undefined ? "" : chosenBy(config)}: ${qualities(result, name)}`,
  ];
}

/** The epoch whose network eval, predict and export use. */
function used(epochs: readonly EpochMetrics[], best: number): string {
  const watched = epochs.some(({ validation }) => validation !== undefined);
  return watched ? `best epoch ${best}` : `last epoch ${epochs.length}`;
}

/** The metric that chose the epoch, where it is not the last, unless it is shown anyway. */
function chosenBy({ training: { metric = "loss" } }: RunConfig): string {
  return metric === "loss" || metric === "accuracy" ? "" : ` (by ${metric}; see --metric)`;
}

/** On the validation part, then on the most informative part. */
const qualities = (of: Partial<Record<PartName, Quality>>, name: PartName): string =>
  [...new Set<PartName>(["validation", name])]
    .flatMap((part) => (of[part] === undefined ? [] : [describeQuality(part, of[part])]))
    .join("; ");
