import { compile, Generator, loss, metrics, type nn, type Tensor, withGenerator } from "tidu";

/** Mean loss and accuracy (in percent) of scores [samples, classes]. */
export async function judged(scores: Tensor, t: Tensor): Promise<{ loss: number; accuracy: number }> {
  const [cost, right] = [loss.crossEntropy(scores, t), metrics.accuracy(scores, t)];
  return { loss: await cost.item(), accuracy: 100 * (await right.item()) };
}

/** Several networks' mean probabilities, as logarithms, which a loss takes for scores. */
export const averaged = (probabilities: readonly Tensor[]): Tensor =>
  probabilities
    .reduce((sum, y) => sum.add(y))
    .div(probabilities.length)
    .maximum(1e-30)
    .log();

/** A network's scores under so many random draws of its dropout masks; each sample has its own mask in each draw. */
export async function drawn(net: nn.Module, x: Tensor, draws: number, seed: number): Promise<Tensor[]> {
  const generator = new Generator(seed);
  await generator.state.realize();
  const run = compile((input: Tensor) => withGenerator(generator, () => net.during(true, () => net.forward(input))));
  const scores: Tensor[] = [];
  for (let i = 0; i < draws; i++) scores.push(await run(x));
  return scores;
}

/** Share of samples on which two networks' answers differ, as a mean over neighbors of a list, in percent. */
export async function disagreement(scores: readonly Tensor[]): Promise<number> {
  const answers = await Promise.all(scores.map((y) => y.argmax(1).data()));
  const differing = answers.slice(1).map((answer, i) => answer.filter((a, j) => a !== answers[i][j]).length);
  return (100 * mean(differing)) / answers[0].length;
}

export const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
