// The end of a run: measures the network, and saves and shows the results.
import type { Dataset } from "tidu/data";
import { conclude } from "./conclusion.js";
import type { RunResult } from "./folder.js";
import { type Judgement, judge } from "./judgement.js";
import type { EpochMetrics } from "./metrics.js";
import { type PartName, tellingPart } from "./parts.js";
import { type Quality, qualityOf } from "./quality.js";
import { makePage } from "./report.js";
import type { Run } from "./training.js";

/** Wrong answers that are drawn. */
const SHOWN = 6;

/**
 * Measures the trained network, saves the results and shows them: the network of the epoch that was best on the validation part,
 * which is used from now on, and where it is another, that of the last.
 */
export async function finish(run: Run, epochs: readonly EpochMetrics[]): Promise<void> {
  const { config, data, folder, trainer, output } = run;
  const { report = true } = config.training;
  const { net } = trainer;
  const name = tellingPart(data);
  const part = data[name] as Dataset;
  const bestEpoch = epochs.findLast(({ best }) => best)?.epoch ?? epochs.length;
  const uses = await folder.chosen();
  // With early stopping the network has the best epoch's weights already.
  const isOther = uses === "best" && bestEpoch !== epochs.at(-1)?.epoch && config.training.earlyStop === undefined;
  const last = isOther ? await measure(run, name) : undefined;
  if (isOther) await folder.loadModel(net, uses);
  const judgement = await judge(net, part, config, SHOWN);
  const result: RunResult = {
    parameters: net.parameters().reduce((n, p) => n + p.size, 0),
    epochs: epochs.length,
    bestEpoch,
    ...(await measure(run, name, judgement)),
    ...(last === undefined ? {} : { last }),
    seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    peakBytes: run.engine.device.memory.peak,
  };
  await folder.saveResult(result);
  const page = report ? await makePage({ config, folder, net }, name, part, result.seconds, data.origin) : undefined;
  output.event({ event: "end", directory: folder.path, report: page, ...result });
  if (!output.json) await conclude(run, epochs, result, { name, part, judgement, page });
}

/** The network's quality on the most informative part, and on the validation part. */
async function measure(
  { config, data, trainer }: Run,
  name: PartName,
  known?: Judgement,
): Promise<Partial<Record<PartName, Quality>>> {
  const part = data[name] as Dataset;
  const watched = data.validation === part ? undefined : data.validation;
  return {
    ...(watched === undefined ? {} : { validation: qualityOf(await judge(trainer.net, watched, config)) }),
    [name]: qualityOf(known ?? (await judge(trainer.net, part, config))),
  };
}
