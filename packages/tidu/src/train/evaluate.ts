// Measures a network on a data set.
import { Means } from "./metrics.js";
import type { StopSignal } from "./options.js";
import type { Evaluation } from "./reports.js";
import type { Measured } from "./sharding.js";
import type { Ingredients, Steps } from "./steps.js";

/** Default number of samples that are measured together. */
export const EVALUATION_BATCH = 250;

/** Measures a network on all samples, in batches; undefined if `signal` was aborted meanwhile. */
export async function evaluate(
  steps: Steps,
  { sharding }: Pick<Ingredients, "sharding">,
  batchSize: number,
  signal?: StopSignal,
): Promise<Evaluation | undefined> {
  const reads = sharding && ((n: number) => sharding.measures(n));
  const batches = steps.data.batches({ batchSize, shuffle: false, dropLast: false, seed: 0, reads });
  const measured: Measured[] = [];
  let n = 0;
  for await (const batch of batches.epoch(0)) {
    if (sharding?.measures(n++) === false) continue;
    measured.push({ ...(await steps.measure(batch)), samples: batch.samples.length });
    if (signal?.aborted && sharding === undefined) return undefined;
  }
  const means = new Means();
  for (const batch of sharding?.join(measured) ?? measured) means.add(batch, batch.samples);
  return means.evaluation(steps.classifies);
}
