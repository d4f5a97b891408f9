import { describe, expect, test } from "vitest";
import { ArgumentError, ShapeError } from "../../packages/tidu/src/base/errors.js";
import * as metrics from "../../packages/tidu/src/nn/metrics.js";
import { arange, full, type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { expectNumbers } from "./support/close.js";
import { onEveryDevice } from "./support/devices.js";

const whole = (...values: number[]): Tensor => tensor(Int32Array.from(values));
const scores = () =>
  tensor([
    [3, 1, 2],
    [0, 5, 4],
    [1, 2, 3],
    [2, 2, 2],
  ]);

onEveryDevice(() => {
  test("accuracy and top-k; of equal scores the first class wins", async () => {
    const labels = whole(0, 2, 0, 1);
    expect(await metrics.accuracy(scores(), labels).item()).toBe(0.25);
    expect(await metrics.topK(scores(), labels, 1).item()).toBe(0.25);
    expect(await metrics.topK(scores(), labels, 2).item()).toBe(0.75);
    expect(await metrics.topK(scores(), labels, 3).item()).toBe(1);
    expect(await metrics.accuracy(scores(), tensor(Uint8Array.of(0, 1, 2, 0))).item()).toBe(1);
  });

  test("confusion matrix: rows are true, columns predicted", async () => {
    const matrix = metrics.confusionMatrix(whole(0, 1, 1, 2, 0), whole(0, 1, 2, 2, 2), 4);
    expect(await matrix.array()).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [1, 1, 1, 0],
      [0, 0, 0, 0],
    ]);
  });

  test("precision, recall and F1 of each class, 0 where there is nothing to count", async () => {
    const { precision, recall, f1 } = metrics.classScores(
      tensor([
        [5, 1, 0],
        [2, 2, 0],
        [0, 0, 0],
      ]),
    );
    expectNumbers("precision", await precision.data(), [5 / 7, 2 / 3, 0]);
    expectNumbers("recall", await recall.data(), [5 / 6, 1 / 2, 0]);
    expectNumbers("F1", await f1.data(), [10 / 13, 4 / 7, 0]);
  });

  test("regression errors", async () => {
    const { mae, mse, rmse, r2 } = metrics.regressionErrors(tensor([1, 2, 3, 5]), tensor([1, 2, 3, 3]));
    const got = await Promise.all([mae, mse, rmse, r2].map((t) => t.item()));
    expectNumbers("errors", got, [0.5, 1, 1, 1 - 1 / 0.6875]);
  });

  test.each([0.1, 3, -7.7, 0])("R² of targets that are all %d is 1 where all is right, 0 elsewhere", async (value) => {
    const targets = full([7], value);
    const r2 = (outputs: Tensor) => metrics.regressionErrors(outputs, targets).r2.item();
    expect(await r2(full([7], value))).toBe(1);
    expect(await r2(arange(7))).toBe(0);
    expect(await r2(tensor([1, 2, 3, 4, 5, 6, Number.NaN]))).toBeNaN();
    expect(await metrics.regressionErrors(tensor([2]), tensor([2])).r2.item()).toBe(1);
  });
});

describe("metrics refuse", () => {
  test.each<[string, () => unknown, typeof ShapeError | typeof ArgumentError]>([
    ["labels of another length", () => metrics.accuracy(scores(), whole(1)), ShapeError],
    ["labels that are not whole", () => metrics.topK(scores(), tensor([0, 1, 2, 0]), 1), ShapeError],
    ["k below 1", () => metrics.topK(scores(), whole(0, 1, 2, 0), 0), ArgumentError],
    ["predictions of another length", () => metrics.confusionMatrix(whole(1), whole(1, 2), 3), ShapeError],
    ["a confusion matrix that is not square", () => metrics.classScores(tensor([[1, 2]])), ShapeError],
    ["targets of another shape", () => metrics.regressionErrors(tensor([1]), tensor([[1]])), ShapeError],
  ])("%s", (_, body, kind) => expect(body).toThrow(kind));
});

test("a confusion matrix names what is no class: a prediction or a label", async () => {
  const of = async (predicted: Tensor, labels: Tensor) => metrics.confusionMatrix(predicted, labels, 2).data();
  await expect(of(whole(0, 2), whole(0, 1))).rejects.toThrow(/confusionMatrix: prediction 2/);
  await expect(of(whole(0, 1), whole(0, 2))).rejects.toThrow(/confusionMatrix: label 2/);
});
