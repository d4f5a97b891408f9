import type { nn } from "tidu";
import type { Dataset } from "tidu/data";
import { collectReport, writeReport } from "../../report/index.js";
import type { RunConfig } from "./config.js";
import type { RunFolder } from "./folder.js";
import { makeOptimizer } from "./optimizers.js";
import type { PartName } from "./parts.js";
import { lossOf } from "./trainer.js";

/** Kernels are timed for a hundredth of what training took, and no longer than half a second. */
const [TIMING_SHARE, LONGEST_TIMING] = [0.01, 500];

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
): Promise<string> {
  const { optimizer, lr, batchSize } = config.training;
  const findings = await collectReport(net, data, {
    loss: lossOf(config),
    optimizer: makeOptimizer(optimizer, lr),
    batchSize,
    part,
    targets: config.data.preprocess.targets,
    profileMilliseconds: Math.min(seconds * 1000 * TIMING_SHARE, LONGEST_TIMING),
  });
  return writeReport(folder.path, findings);
}
