// Measures a network on its test data.
import { compile, type nn, tensor, zeros } from "tidu";
import type { Loss } from "./costs.js";
import type { Data } from "./data.js";
import type { EpochResult, Measure } from "./protocol.js";

/** Samples that are measured together, as `Trainer` does. */
const BATCH = 250;

export type Evaluation = Measure & Pick<EpochResult, "confusion">;

/** A function that measures a network on the data that it does not learn from. */
export function measure(net: nn.Module, cost: Loss, { test, classes }: Data): () => Promise<Evaluation> {
  const run = compile((samples) => {
    const { x, t } = test.batch(samples);
    const scores = net.during(false, () => net.forward(x));
    if (classes === undefined) return [cost(scores, t), zeros([1]).toInt(), zeros([1]).toInt()];
    return [cost(scores, t), scores.argmax(1).toInt(), t];
  });
  const batches = test.batches({ batchSize: Math.min(BATCH, test.count), shuffle: false, dropLast: false, seed: 0 });
  return async () => {
    const confusion = new Array<number>((classes ?? 0) ** 2).fill(0);
    let loss = 0;
    for await (const { samples } of batches.epoch(0)) {
      const [value, predicted, labels] = await run(tensor(samples));
      loss += (await value.item()) * samples.length;
      if (classes === undefined) continue;
      const [found, wanted] = await Promise.all([predicted.data(), labels.data()]);
      wanted.forEach((label, i) => confusion[label * classes + found[i]]++);
    }
    if (classes === undefined) return { loss: loss / test.count };
    const right = confusion.reduce((sum, n, i) => (i % (classes + 1) === 0 ? sum + n : sum), 0);
    return { loss: loss / test.count, accuracy: right / test.count, confusion };
  };
}
