import type { Meter } from "./metrics.js";
import { Means } from "./metrics.js";
import type { StopSignal } from "./options.js";
import type { Evaluation } from "./reports.js";
import type { Steps } from "./steps.js";

/** Samples that are measured together unless told. */
export const EVALUATION_BATCH = 250;

/** Measures a network on all samples, so many at a time; undefined if `signal` was aborted meanwhile. */
export async function evaluate(
  steps: Steps,
  meter: Meter,
  batchSize: number,
  signal?: StopSignal,
): Promise<Evaluation | undefined> {
  const batches = steps.data.batches({ batchSize, shuffle: false, dropLast: false, seed: 0 });
  const means = new Means();
  for await (const batch of batches.epoch(0)) {
    await steps.evaluate(...(await steps.feed.load(batch)));
    means.add(await meter.read(), batch.samples.length);
    if (signal?.aborted) return undefined;
  }
  return means.evaluation(steps.classifies);
}
