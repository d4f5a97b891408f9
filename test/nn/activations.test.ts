import { describe, expect, test } from "vitest";
import * as nn from "../../packages/tidu/src/nn/index.js";
import { grad } from "../../packages/tidu/src/tensor/grad.js";
import { tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { expectNumbers } from "./support/close.js";
import { onEveryDevice } from "./support/devices.js";

/** Layer, its gradient at ±0, and its values at -1e4 and 1e4. */
const ROWS: [() => nn.Module, atZero: number, low: number, high: number][] = [
  [() => nn.relu(), 0, 0, 1e4],
  [() => nn.leakyRelu(), 0.1, -1e3, 1e4],
  [() => nn.leakyRelu(0.5), 0.5, -5e3, 1e4],
  [() => nn.elu(), 1, -1, 1e4],
  [() => nn.elu(0.4), 0.4, -0.4, 1e4],
  [() => nn.sigmoid(), 0.25, 0, 1],
  [() => nn.tanh(), 1, -1, 1],
  [() => nn.softplus(), 0.5, 0, 1e4],
  [() => nn.gelu(), 0.5, 0, 1e4],
  [() => nn.silu(), 0.5, 0, 1e4],
];

onEveryDevice(() => {
  describe.each(ROWS.map(([make, ...rest]) => [String(make()), make, ...rest] as const))(
    "%s",
    (_, make, atZero, low, high) => {
      test("has the documented gradient at 0 and -0", async () => {
        const x = tensor([0, -0]);
        expectNumbers("gradient", await grad(make().forward(x).sum(), [x])[0].data(), [atZero, atZero]);
      });

      test("is safe at ±1e4 and far beyond, and so is its gradient", async () => {
        const x = tensor([-1e4, 1e4]);
        expectNumbers("value", await make().forward(x).data(), [low, high]);
        const far = tensor([-1e4, 1e4, -3e38, 3e38, -1e-38, 1e-38]);
        const [gradient] = grad(make().forward(far).sum(), [far]);
        for (const g of await gradient.data()) expect(g).toBeGreaterThanOrEqual(-0.2);
        for (const y of await make().forward(far).data()) expect(Number.isFinite(y)).toBe(true);
      });

      test("passes on what is not a number", async () => {
        expect(
          await make()
            .forward(tensor([Number.NaN]))
            .item(),
        ).toBeNaN();
      });
    },
  );

  test("softmax and logSoftmax are safe where one score is far ahead", async () => {
    const x = tensor([[1e4, 0, -1e4]]);
    expect(await nn.softmax().forward(x).array()).toEqual([[1, 0, 0]]);
    expect(await nn.logSoftmax().forward(x).array()).toEqual([[0, -1e4, -2e4]]);
  });

  test.each([
    ["relu6", () => nn.relu6(), [0, 6], [0, 0]],
    ["hardSigmoid", () => nn.hardSigmoid(), [-3, 3], [0, 0]],
    ["hardSwish", () => nn.hardSwish(), [-3, 3], [-0.5, 1.5]],
  ])("where %s is cut off, its gradient is PyTorch's", async (_, make, ends, slopes) => {
    const x = tensor(ends);
    expect(await grad(make().forward(x).sum(), [x])[0].array()).toEqual(slopes);
    expect(
      await make()
        .forward(tensor([Number.NaN]))
        .array(),
    ).toEqual([Number.NaN]);
  });
});
