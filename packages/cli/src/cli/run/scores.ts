// A network's outputs as rows of numbers and as probabilities.
import { type nn, type Tensor, tensor } from "tidu";

const BATCH = 250;

/** The outputs of a network for inputs [inputs, …], batch by batch. */
export async function scoresOf(net: nn.Module, input: Tensor): Promise<Float32Array[]> {
  const scores: Float32Array[] = [];
  const count = input.shape[0];
  for (let from = 0; from < count; from += BATCH) {
    const rows = Int32Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => from + i);
    const all = await (await net.predict(input.gather(tensor(rows)))).data();
    const width = all.length / rows.length;
    for (const i of rows.keys()) scores.push(all.slice(i * width, (i + 1) * width) as Float32Array);
  }
  return scores;
}

/** Scores as probabilities that add up to 1 (softmax), in float64. */
export function probabilities(scores: ArrayLike<number>): number[] {
  const all = Array.from(scores);
  const most = all.reduce((m, s) => Math.max(m, s), -Infinity);
  const powers = all.map((s) => Math.exp(s - most));
  const total = powers.reduce((sum, p) => sum + p, 0);
  return powers.map((p) => p / total);
}
