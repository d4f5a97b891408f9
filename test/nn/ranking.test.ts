// AUC and average precision, against scikit-learn and the definitions.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ShapeError } from "../../packages/tidu/src/base/errors.js";
import "../../packages/tidu/src/index.js";
import { rankingScores } from "../../packages/tidu/src/nn/metrics.js";
import { tensor } from "../../packages/tidu/src/tensor/tensor.js";

interface Case {
  readonly name: string;
  readonly scores: number[][];
  readonly labels: number[];
  readonly auc: number[];
  readonly averagePrecision: number[];
}
const { cases } = JSON.parse(readFileSync(new URL("../goldens/ranking.json", import.meta.url), "utf8")) as {
  cases: Case[];
};

const whole = (labels: readonly number[]) => tensor(Int32Array.from(labels));

describe("rankingScores", () => {
  it.each(cases)("is what scikit-learn gives: $name", async ({ scores, labels, ...wanted }) => {
    const found = await rankingScores(tensor(scores), whole(labels));
    for (const key of ["auc", "averagePrecision"] as const) {
      expect(found[key]).toEqual(wanted[key].map((x) => expect.closeTo(x, 12)));
    }
    if (scores[0].length !== 2) return;
    const one = await rankingScores(tensor(scores.map(([, score]) => score)), tensor(Uint8Array.from(labels)));
    expect(one).toEqual({ auc: [found.auc[1]], averagePrecision: [found.averagePrecision[1]] });
  });

  it("is 1 where scores divide the samples, a half where they say nothing", async () => {
    const of = (scores: number[], labels: number[]) => rankingScores(tensor(scores), whole(labels));
    expect(await of([3, 2, 1], [1, 0, 0])).toEqual({ auc: [1], averagePrecision: [1] });
    expect(await of([1, 1, 1, 1], [1, 1, 0, 0])).toEqual({ auc: [0.5], averagePrecision: [0.5] });
    const [infinite, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
    expect((await of([infinite, infinite, -infinite, 0], [1, 0, 0, 1])).auc).toEqual([0.625]);
    expect((await of([0, -0], [1, 0])).auc).toEqual([0.5]);
    for (const [scores, labels] of [
      [
        [1, 2],
        [1, 1],
      ],
      [
        [1, 2],
        [0, 0],
      ],
      [
        [1, nan],
        [0, 1],
      ],
    ]) {
      expect(await of(scores, labels)).toEqual({ auc: [nan], averagePrecision: [nan] });
    }
  });

  it("names a label that is no class", async () => {
    await expect(rankingScores(tensor([1, 2]), whole([0, 2]))).rejects.toThrow(/rankingScores: label 2/);
    await expect(rankingScores(tensor([1]), whole([0, 1]))).rejects.toThrow(ShapeError);
    await expect(rankingScores(tensor([[[1]]]), whole([0]))).rejects.toThrow(ShapeError);
  });
});
