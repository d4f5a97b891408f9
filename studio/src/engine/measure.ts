import { compile, type nn, type Tensor, tensor } from "tidu";
import type { Data } from "./data.js";
import type { EpochResult, Measure } from "./protocol.js";

/** Samples that are measured together, as `Trainer` does. */
const BATCH = 250;

export type Evaluation = Measure & Pick<EpochResult, "confusion">;

/** A function that measures a network on the data that it does not learn from. */
export function measure(
  net: nn.Module,
  cost: (scores: Tensor, labels: Tensor) => Tensor,
  { test, classes }: Data,
): () => Promise<Evaluation> {
  const run = compile((samples) => {
    const { x, t } = test.batch(samples);
    const scores = net.during(false, () => net.forward(x));
    return [cost(scores, t), scores.argmax(1).toInt(), t];
  });
  const batches = test.batches({ batchSize: Math.min(BATCH, test.count), shuffle: false, dropLast: false, seed: 0 });
  return async () => {
    const confusion = new Array<number>(classes * classes).fill(0);
    let loss = 0;
    for await (const { samples } of batches.epoch(0)) {
      const [value, predicted, labels] = await run(tensor(samples));
      loss += (await value.item()) * samples.length;
      const [found, wanted] = await Promise.all([predicted.data(), labels.data()]);
      wanted.forEach((label, i) => confusion[label * classes + found[i]]++);
    }
    const right = confusion.reduce((sum, n, i) => (i % (classes + 1) === 0 ? sum + n : sum), 0);
    return { loss: loss / test.count, accuracy: right / test.count, confusion };
  };
}
