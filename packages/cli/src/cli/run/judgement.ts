// Measures a trained network on data.
import type { Evaluation, nn } from "tidu";
import type { Dataset } from "tidu/data";
import { findClasses } from "../../report/collect/classes.js";
import { runOn } from "../../report/collect/run.js";
import { findValues } from "../../report/collect/values.js";
import type { ClassFindings, ValueFindings } from "../../report/data.js";
import type { RunConfig } from "./config.js";
import { lossOf } from "./trainer.js";

/** A network's quality on some data, overall and in detail. */
export interface Judgement extends Evaluation {
  readonly samples: number;
  /** For classification. */
  readonly classes?: ClassFindings;
  /** For regression. */
  readonly values?: readonly ValueFindings[];
}

/**
 * Measures a run's network on a data set.
 *
 * @param mistakes how many wrong answers to name, the worst first.
 * @param origin where a sample comes from.
 */
export async function judge(
  net: nn.Module,
  data: Dataset,
  config: RunConfig,
  mistakes = 0,
  origin?: (sample: number) => string,
): Promise<Judgement> {
  const { task, preprocess } = config.data;
  const outputs = await runOn(net, data, lossOf(config));
  const whole = { samples: data.count, loss: outputs.loss };
  if (task === "regression") return { ...whole, values: await findValues(data, outputs, preprocess.targets, origin) };
  const classes = await findClasses(data, outputs, mistakes, origin);
  return { ...whole, accuracy: (data.count - classes.wrong) / data.count, classes };
}
