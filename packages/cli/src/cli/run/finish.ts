import type { Evaluation } from "tidu";
import type { Dataset } from "tidu/data";
import { conclude } from "./conclusion.js";
import type { RunResult } from "./folder.js";
import { type Judgement, judge } from "./judgement.js";
import type { EpochMetrics } from "./metrics.js";
import { tellingPart } from "./parts.js";
import { makePage } from "./report.js";
import type { Run } from "./training.js";

/** Wrong answers that are drawn. */
const SHOWN = 6;

/** Measures what training came to, keeps it and shows it. @param report whether to write a page, too. */
export async function finish(run: Run, epochs: readonly EpochMetrics[], report: boolean): Promise<void> {
  const { config, data, folder, trainer, output } = run;
  const name = tellingPart(data);
  const part = data[name] as Dataset;
  const judgement = await judge(trainer.net, part, config, SHOWN);
  const watched = data.validation === part ? undefined : data.validation;
  const result: RunResult = {
    parameters: trainer.net.parameters().reduce((n, p) => n + p.size, 0),
    epochs: epochs.length,
    bestEpoch: epochs.findLast(({ best }) => best)?.epoch ?? epochs.length,
    ...(watched === undefined ? {} : { validation: evaluation(await judge(trainer.net, watched, config)) }),
    [name]: evaluation(judgement),
    seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    peakBytes: run.engine.device.memory.peak,
  };
  await folder.saveResult(result);
  const page = report ? await makePage({ config, folder, net: trainer.net }, name, part, result.seconds) : undefined;
  output.event({ event: "end", directory: folder.path, report: page, ...result });
  if (!output.json) await conclude(run, epochs, result, { name, part, judgement, page });
}

const evaluation = ({ loss, accuracy }: Judgement): Evaluation => ({ loss, accuracy });
