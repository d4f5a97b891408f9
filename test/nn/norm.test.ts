import { describe, expect, test } from "vitest";
import * as nn from "../../packages/tidu/src/nn/index.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { Generator } from "../../packages/tidu/src/tensor/random.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { expectNumbers } from "./support/close.js";
import { onEveryDevice } from "./support/devices.js";

onEveryDevice(() => {
  describe("batch normalisation", () => {
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

    test("follows the batches in learning and leaves the statistics alone in use", async () => {
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

  test("layer normalisation treats each sample alone", async () => {
    const x = await new Generator(1).normal([4, 6]).realize();
    const layer = nn.layerNorm(6);
    const [all, one] = [await layer.forward(x).data(), await layer.forward(x.slice(0, 2, 3)).data()];
    expectNumbers("third sample", one, all.slice(12, 18));
  });
});
