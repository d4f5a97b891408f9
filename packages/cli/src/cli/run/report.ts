// Analyzes a run's network and writes its report.html.
import type { nn } from "tidu";
import type { Dataset } from "tidu/data";
import type { Feature } from "../../report/collect/importance.js";
import type { Preprocess } from "../../sources/source.js";
import { featureCount } from "../../sources/tables/features.js";
import type { RunConfig } from "./config.js";
import type { RunData } from "./data.js";
import type { RunFolder } from "./folder.js";
import { makeOptimizer } from "./optimizers.js";
import type { PartName } from "./parts.js";
import { lossOf } from "./trainer.js";

/** Kernels are timed for a hundredth of what training took, and no longer than half a second. */
const [TIMING_SHARE, LONGEST_TIMING] = [0.01, 500];

/** Where a sample of a part comes from. */
type Origin = RunData["origin"];

/** The subject of a page. */
export interface Reported {
  readonly config: RunConfig;
  readonly folder: RunFolder;
  readonly net: nn.Module;
}

/** Analyzes a run's network and writes its page. @returns the page's path. */
export async function makePage(
  { config, folder, net }: Reported,
  part: PartName,
  data: Dataset,
  seconds: number,
  origin: Origin,
): Promise<string> {
  // Loaded on demand, since drawing code takes long to load.
  const { collectReport, writeReport } = await import("../../report/index.js");
  const { optimizer, lr, batchSize } = config.training;
  const findings = await collectReport(net, data, {
    loss: lossOf(config),
    optimizer: makeOptimizer(optimizer, lr),
    batchSize,
    part,
    epoch: await epochUsed({ config, folder }),
    targets: config.data.preprocess.targets,
    features: featuresOf(config.data.preprocess),
    origin: (sample) => origin(part, sample),
    profileMilliseconds: Math.min(seconds * 1000 * TIMING_SHARE, LONGEST_TIMING),
  });
  return writeReport(folder.path, findings);
}

/** The epoch whose network a run uses. */
async function epochUsed({ config, folder }: Pick<Reported, "config" | "folder">): Promise<number | undefined> {
  const epochs = await folder.metrics();
  // With early stopping the last network, too, has the best epoch's weights.
  const isBest = (await folder.chosen()) === "best" || config.training.earlyStop !== undefined;
  return (isBest ? epochs.findLast(({ best }) => best) : epochs.at(-1))?.epoch;
}

/** The columns of a table, and how many numbers each becomes. */
const featuresOf = (preprocess: Preprocess): Feature[] | undefined =>
  preprocess.kind === "table"
    ? preprocess.columns.map((column) => ({ name: column.name, width: featureCount([column]) }))
    : undefined;
