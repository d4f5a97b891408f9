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

/** What a page is about. */
export interface Reported {
  readonly config: RunConfig;
  readonly folder: RunFolder;
  readonly net: nn.Module;
}

/** Looks into a run's network and writes its page. @returns where it is. */
export async function makePage(
  { config, folder, net }: Reported,
  part: PartName,
  data: Dataset,
  seconds: number,
  origin: Origin,
): Promise<string> {
  // Loaded when a page is wanted: what draws pictures takes its time.
  const { collectReport, writeReport } = await import("../../report/index.js");
  const { optimizer, lr, batchSize } = config.training;
  const findings = await collectReport(net, data, {
    loss: lossOf(config),
    optimizer: makeOptimizer(optimizer, lr),
    batchSize,
    part,
    targets: config.data.preprocess.targets,
    features: featuresOf(config.data.preprocess),
    origin: (sample) => origin(part, sample),
    profileMilliseconds: Math.min(seconds * 1000 * TIMING_SHARE, LONGEST_TIMING),
  });
  return writeReport(folder.path, findings);
}

/** The columns of a table, and how many numbers each becomes. */
const featuresOf = (preprocess: Preprocess): Feature[] | undefined =>
  preprocess.kind === "table"
    ? preprocess.columns.map((column) => ({ name: column.name, width: featureCount([column]) }))
    : undefined;
