import { loss, tensor } from "tidu";
import { classWeights, dataset } from "tidu/data";
import { expect, it } from "vitest";

it("crossEntropy with class weights is the mean weighted by each sample's class, as PyTorch defines it", async () => {
  const labels = Uint8Array.of(0, 0, 0, 1);
  const scores = [
    [2, 0],
    [1, 1],
    [0, 3],
    [0.5, 0],
  ];
  const weight = await classWeights(dataset(new Uint8Array(4), [1], labels));
  expect(weight).toEqual([4 / 6, 2]);
  const costs = scores.map((row, i) => Math.log(Math.exp(row[0]) + Math.exp(row[1])) - row[labels[i]]);
  const total = costs.reduce((sum, cost, i) => sum + weight[labels[i]] * cost, 0);
  const mean = total / [...labels].reduce((sum, label) => sum + weight[label], 0);
  const target = tensor(Int32Array.from(labels));
  expect(await loss.crossEntropy(tensor(scores), target, { weight }).item()).toBeCloseTo(mean, 5);
  // Rare and frequent classes now weigh the same.
  expect(3 * weight[0]).toBeCloseTo(weight[1], 12);
});
