import { describe, expect, test } from "vitest";
import * as nn from "../../packages/tidu/src/nn/index.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { grad } from "../../packages/tidu/src/tensor/grad.js";
import { Generator } from "../../packages/tidu/src/tensor/random.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { expectNumbers } from "./support/close.js";
import { onEveryDevice } from "./support/devices.js";

onEveryDevice(() => {
  describe("batch normalization", () => {
    test("keeps running statistics that are in the state and are no parameters", () => {
      const layer = nn.batchNorm2d(3);
      expect([...layer.state().keys()]).toEqual([
        "weight",
        "bias",
        "running_mean",
        "running_var",
        "num_batches_tracked",
      ]);
      expect([...layer.namedParameters().keys()]).toEqual(["weight", "bias"]);
      expect(layer.parameters().some((p) => p.isWeight)).toBe(false);
    });

    test("follows the batches during training and leaves the statistics alone at inference", async () => {
      const layer = nn.batchNorm1d(1, { momentum: 0.5 });
      const step = compile((x: Tensor) => layer.forward(x));
      const x = tensor([[1], [3]]);
      expectNumbers(
        "learning",
        await (await step(x)).data(),
        [-1, 1].map((v) => v / Math.sqrt(1 + 1e-5)),
      );
      await step(x);
      const statistics = async () => [
        await layer.running_mean.item(),
        await layer.running_var.item(),
        await layer.num_batches_tracked.item(),
      ];
      expectNumbers("statistics", await statistics(), [1.5, 1.75, 2]);
      expectNumbers(
        "use",
        await (await layer.predict(x)).data(),
        [-0.5, 1.5].map((v) => v / Math.sqrt(1.75 + 1e-5)),
      );
      expectNumbers("statistics", await statistics(), [1.5, 1.75, 2]);
    });
  });

  describe("a mean far from 0", () => {
    const [samples, size] = [8, 36];
    const count = samples * size;
    const noise = (i: number) => ((Math.imul(i + 1, 2654435761) >>> 8) % 4001) / 1000 - 2;

    /** Batch normalization of one channel and its gradient, in float64. */
    function inFloat64(x: Float32Array, dy: Float32Array) {
      const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
      const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
      const unit = 1 / Math.sqrt(variance + 1e-5);
      const y = Float64Array.from(x, (v) => (v - mean) * unit);
      const [sum, along] = [dy.reduce((s, v) => s + v, 0), dy.reduce((s, v, i) => s + v * y[i], 0)];
      const dx = Float64Array.from(dy, (v, i) => unit * (v - sum / x.length - (y[i] * along) / x.length));
      return { y, dx };
    }

    const farthest = (got: ArrayLike<number>, want: Float64Array) =>
      want.reduce((worst, w, i) => Math.max(worst, Math.abs(got[i] - w)), 0);

    test.each([0, 1e4, -1e4, 1e6])("of %d deviations costs no digits", async (mean) => {
      const x = Float32Array.from({ length: count }, (_, i) => mean + noise(i));
      const dy = Float32Array.from({ length: count }, (_, i) => noise(7 * i + 3));
      const want = inFloat64(x, dy);
      const layer = nn.batchNorm2d(1);
      const step = compile((input: Tensor, g: Tensor) => {
        const y = layer.forward(input);
        return [y, grad(y.mul(g).sum(), [input])[0]];
      });
      const shape = [samples, 1, 6, 6];
      const [y, dx] = await step(tensor(x, shape), tensor(dy, shape));
      expect(farthest(await y.data(), want.y)).toBeLessThan(2e-6);
      expect(farthest(await dx.data(), want.dx)).toBeLessThan(4e-6);
    });

    test("does not harm layer normalization either", async () => {
      const x = Float32Array.from({ length: 2 * count }, (_, i) => (i < count ? 1e6 : -3e5) + noise(i));
      const y = await nn
        .layerNorm(count)
        .forward(tensor(x, [2, count]))
        .data();
      for (const row of [0, 1]) {
        const part = x.slice(row * count, (row + 1) * count);
        const want = inFloat64(part, part).y;
        expect(farthest(y.slice(row * count, (row + 1) * count), want)).toBeLessThan(2e-6);
      }
    });

    test("nor does a first element that is far from all others", async () => {
      const x = Float32Array.from({ length: count }, (_, i) => (i === 0 ? 1e6 : noise(i)));
      const y = await nn
        .batchNorm2d(1)
        .forward(tensor(x, [samples, 1, 6, 6]))
        .data();
      expect(farthest(y, inFloat64(x, x).y)).toBeLessThan(4e-6);
    });
  });

  test("layer normalization treats each sample alone", async () => {
    const x = await new Generator(1).normal([4, 6]).realize();
    const layer = nn.layerNorm(6);
    const [all, one] = [await layer.forward(x).data(), await layer.forward(x.slice(0, 2, 3)).data()];
    expectNumbers("third sample", one, all.slice(12, 18));
  });
});
