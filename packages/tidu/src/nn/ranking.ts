// Metrics of how well scores rank the samples of a class above the others, for all thresholds together.
import { refuseShape } from "../base/check.js";
import { checkTensor, type Tensor } from "../tensor/tensor.js";
import { checkLabels, checkWhole, knownLabels } from "./classes.js";

/** For each class against all others; NaN where all samples or none are of the class, and for NaN scores. */
export interface RankingScores {
  /**
   * Area under the curve of true against false positives (ROC): the probability that a sample of the class has a higher
   * score than one of another.
   */
  readonly auc: readonly number[];
  /** Mean of the precision at each sample of the class: the area under the precision-recall steps. */
  readonly averagePrecision: readonly number[];
}

/**
 * AUC and average precision of scores [n, classes] and labels [n] (u8 or i32), or of scores [n] for class 1 and labels 0
 * and 1: then of that class alone. Equal scores count half (Fawcett, "An introduction to ROC analysis", 2006). Pass all
 * samples at once: means over batches differ. Computed at once, in float64.
 *
 * @throws ShapeError for other shapes; DataError, once computed, for a label that is not a class number.
 *
 * @example
 * ```ts
 * import { metrics, tensor } from "tidu";
 *
 * const { auc } = await metrics.rankingScores(tensor([0.1, 0.4, 0.35, 0.8]), tensor(Int32Array.of(0, 0, 1, 1)));
 * console.log(auc); // [0.75]
 * ```
 */
export async function rankingScores(scores: Tensor, labels: Tensor): Promise<RankingScores> {
  checkTensor("rankingScores", "scores", scores);
  const isOne = scores.rank === 1;
  if (!isOne) checkLabels("rankingScores", scores, labels);
  else {
    checkWhole("rankingScores", "labels", labels);
    if (labels.size !== scores.size)
      refuseShape("rankingScores", "labels", labels, `[${scores.size}], one for each sample`);
  }
  const classes = isOne ? 2 : scores.shape[1];
  const width = isOne ? 1 : classes;
  const [values, truth] = await Promise.all([scores.data(), knownLabels("rankingScores", labels, classes).data()]);
  const found = Array.from({ length: width }, (_, c) =>
    ranking(
      Float64Array.from(truth, (_, i) => values[i * width + c]),
      (i) => truth[i] === (isOne ? 1 : c),
    ),
  );
  return { auc: found.map(([auc]) => auc), averagePrecision: found.map(([, precision]) => precision) };
}

/** Goes through the samples, the highest score first, in groups of the same score. */
function ranking(scores: Float64Array, isOwn: (sample: number) => boolean): [auc: number, averagePrecision: number] {
  if (scores.some(Number.isNaN)) return [Number.NaN, Number.NaN];
  const order = Int32Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a] || 0);
  let [own, others, area, precision] = [0, 0, 0, 0];
  for (let i = 0; i < order.length; ) {
    const [seen, passed, score] = [own, others, scores[order[i]]];
    for (; i < order.length && scores[order[i]] === score; i++) {
      if (isOwn(order[i])) own++;
      else others++;
    }
    area += ((others - passed) * (seen + own)) / 2;
    precision += ((own - seen) * own) / (own + others);
  }
  if (own === 0 || others === 0) return [Number.NaN, Number.NaN];
  return [area / (own * others), precision / own];
}
