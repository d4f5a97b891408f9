// Finds how well a network predicts each class, and its worst mistakes.
import { metrics, tensor } from "tidu";
import type { Dataset } from "tidu/data";
import type { ClassFindings, ClassQuality, Mistake } from "../data.js";
import type { Outputs } from "./run.js";
import { largest, picturesOf } from "./samples.js";

/** Classes that a mistake is shown with, the true one not counted. */
const SHOWN = 3;

/** How well scores tell classes apart, and where they fail worst. */
export async function findClasses(
  data: Dataset,
  { values, width }: Outputs,
  most: number,
  origin?: (sample: number) => string,
): Promise<ClassFindings> {
  await data.check(width);
  const names = Array.from({ length: width }, (_, c) => data.classes?.[c] ?? String(c));
  const truth = await data.targets.data();
  const chances = Array.from(truth, (_, i) => softmax(values.subarray(i * width, (i + 1) * width)));
  const found = chances.map((row) => row.reduce((best, p, c) => (p > row[best] ? c : best), 0));
  const confusion = names.map(() => new Array<number>(width).fill(0));
  found.forEach((f, i) => confusion[truth[i]][f]++);

  const ranks = await rankings(chances, data);
  const wrong = [...found.keys()].filter((i) => found[i] !== truth[i]);
  const doubts = chances.map((row, i) => 1 - row[truth[i]]);
  const worst = largest(doubts, wrong, most);
  const pictures = await picturesOf(data, worst);
  const mistakes = worst.map(
    (sample, i): Mistake => ({
      sample,
      origin: origin?.(sample),
      truth: names[truth[sample]],
      predicted: names[found[sample]],
      probabilities: ranking(chances[sample], truth[sample]).map((c) => ({
        name: names[c],
        probability: chances[sample][c],
      })),
      picture: pictures[i],
    }),
  );
  return {
    confusion,
    qualities: (await qualities(confusion, names)).map((quality, c) => ({ ...quality, ...ranks[c] })),
    brier: brierScore(chances, truth),
    wrong: wrong.length,
    mistakes,
  };
}

function brierScore(chances: readonly Float64Array[], truth: ArrayLike<number>): number {
  const parts = chances.map((row, i) => row.reduce((sum, p, c) => sum + (p - Number(c === truth[i])) ** 2, 0));
  return parts.reduce((sum, part) => sum + part, 0) / parts.length;
}

/** Probabilities beyond which sorting all of them would take longer than everything else. */
const MOST_SORTED = 2e7;

/** AUC and average precision of each class, where there are samples of it and others; none of too many samples. */
async function rankings(chances: readonly Float64Array[], data: Dataset): Promise<Partial<ClassQuality>[]> {
  const [first] = chances;
  if (first === undefined || chances.length * first.length > MOST_SORTED) return [];
  // Log-odds: in float32 probabilities near 1 would be the same.
  const odds = Float32Array.from({ length: chances.length * first.length }, (_, i) =>
    logOdds(chances[Math.floor(i / first.length)][i % first.length]),
  );
  const scores = tensor(odds, [chances.length, first.length]);
  const { auc, averagePrecision } = await metrics.rankingScores(scores, data.targets);
  return auc.map((area, c) => (Number.isNaN(area) ? {} : { auc: area, averagePrecision: averagePrecision[c] }));
}

const logOdds = (p: number): number => Math.log(p) - Math.log1p(-p);

/** Scores as probabilities that add up to 1. */
function softmax(scores: Float32Array): Float64Array {
  const most = scores.reduce((m, s) => Math.max(m, s), -Infinity);
  const powers = Float64Array.from(scores, (s) => Math.exp(s - most));
  const total = powers.reduce((sum, p) => sum + p, 0);
  return powers.map((p) => p / total);
}

/** The most probable classes, and the true one. */
function ranking(chances: Float64Array, truth: number): number[] {
  const first = largest(chances, chances.keys(), SHOWN);
  return first.includes(truth) ? first : [...first, truth];
}

async function qualities(confusion: number[][], names: readonly string[]): Promise<ClassQuality[]> {
  const scores = metrics.classScores(tensor(confusion));
  const [precision, recall, f1] = await Promise.all([scores.precision, scores.recall, scores.f1].map((s) => s.data()));
  return names.map((name, c) => {
    const support = confusion[c].reduce((sum, n) => sum + n, 0);
    return { name, precision: precision[c], recall: recall[c], f1: f1[c], support };
  });
}
