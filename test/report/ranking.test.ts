import { describe, expect, it } from "vitest";
import { rankingOf } from "../../packages/cli/src/report/collect/ranking.js";

/** By the definition: all pairs of a sample of the class and another. */
function aucOf(scores: number[], own: boolean[]): number {
  let [sum, count] = [0, 0];
  for (const [i, a] of scores.entries()) {
    for (const [j, b] of scores.entries()) {
      if (!own[i] || own[j]) continue;
      sum += a > b ? 1 : a === b ? 0.5 : 0;
      count++;
    }
  }
  return sum / count;
}

/** By the definition: the sum of precision times the rise of recall over all thresholds. */
function precisionOf(scores: number[], own: boolean[]): number {
  const all = own.filter(Boolean).length;
  let [sum, before] = [0, 0];
  for (const threshold of [...new Set(scores)].sort((a, b) => b - a)) {
    const passed = own.filter((_, i) => scores[i] >= threshold);
    const recall = passed.filter(Boolean).length / all;
    sum += (recall - before) * (passed.filter(Boolean).length / passed.length);
    before = recall;
  }
  return sum;
}

describe("a ranking", () => {
  it("has the areas that scikit-learn's documentation shows", () => {
    // roc_auc_score and average_precision_score of y = [0, 0, 1, 1] and [0.1, 0.4, 0.35, 0.8].
    const found = rankingOf([0.1, 0.4, 0.35, 0.8], (i) => i >= 2);
    expect(found?.auc).toBe(0.75);
    expect(found?.averagePrecision).toBeCloseTo(0.8333333333, 9);
  });

  it.each([2, 7, 40, 200])("of %i samples is that of the definitions, with equal scores too", (count) => {
    const scores = Array.from({ length: count }, (_, i) => ((i * 37) % 11) / 10);
    const own = scores.map((s, i) => i === 0 || (i !== 1 && (i * 7 + Math.round(s * 10)) % 3 === 0));
    const found = rankingOf(scores, (i) => own[i]);
    expect(found?.auc).toBeCloseTo(aucOf(scores, own), 12);
    expect(found?.averagePrecision).toBeCloseTo(precisionOf(scores, own), 12);
  });

  it("is 1 where scores divide the samples, ½ where they say nothing, and none where there is nothing to divide", () => {
    expect(rankingOf([3, 2, 1], (i) => i === 0)).toEqual({ auc: 1, averagePrecision: 1 });
    expect(rankingOf([1, 1, 1, 1], (i) => i < 2)).toEqual({ auc: 0.5, averagePrecision: 0.5 });
    expect(rankingOf([1, 2], () => true)).toBeUndefined();
    expect(rankingOf([], () => true)).toBeUndefined();
  });
});
