import { describe, test } from "vitest";
import * as loss from "../../packages/tidu/src/nn/loss.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { grad } from "../../packages/tidu/src/tensor/grad.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { type LossCase, loadGolden } from "../goldens/load.js";
import { expectClose } from "./support/close.js";
import { onEveryDevice } from "./support/devices.js";

const { cases } = loadGolden("losses");
// biome-ignore lint/suspicious/noExplicitAny: options are as various as the losses
const LOSSES = loss as unknown as Record<string, (output: Tensor, target: Tensor, options: any) => Tensor>;

async function check({ loss: name, options, input, target, weight, posWeight, ...golden }: LossCase): Promise<void> {
  const weights = Object.entries({ weight, posWeight }).flatMap(([k, w]) => (w ? [[k, tensor(w.data, w.shape)]] : []));
  const given = { ...options, ...Object.fromEntries(weights) };
  const step = compile((x: Tensor, t: Tensor) => {
    const cost = LOSSES[name](x, t, given);
    return [cost, ...grad(cost, [x])];
  });
  const [cost, gradient] = await step(tensor(input.data, input.shape), tensor(target.data, target.shape));
  await expectClose("loss", cost, golden.output);
  await expectClose("gradient", gradient, golden.gradInput);
}

onEveryDevice(() => {
  describe("losses are as PyTorch's", () => {
    for (const golden of cases) test(golden.name, () => check(golden));
  });
});
