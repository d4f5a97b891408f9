import { describe, expect, test } from "vitest";
import { ArgumentError, NumericError } from "../../packages/tidu/src/base/errors.js";
import { gradCheck } from "../../packages/tidu/src/nn/grad-check.js";
import * as loss from "../../packages/tidu/src/nn/loss.js";
import { grad } from "../../packages/tidu/src/tensor/grad.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { type LayerCase, type LossCase, loadGolden } from "../goldens/load.js";
import { build } from "./support/build.js";
import { onReference } from "./support/devices.js";

onReference();

/** Few enough elements to move one by one, and none at a kink. */
const small = ({ name, input, params }: LayerCase): boolean =>
  !/ties|tied|special/.test(name) && [input, ...Object.values(params)].reduce((n, t) => n + t.data.length, 0) <= 150;

/** The gradients by input and parameters. */
async function checkLayer({ layer, options, params, buffers, input, mode }: LayerCase): Promise<void> {
  const made = build(layer, options, { ...params, ...buffers }).train(mode !== "eval");
  const own = [...made.namedParameters().values()];
  const inputs = [tensor(input.data, input.shape), ...own];
  if (inputs.some((t) => t.dtype === "f32")) await gradCheck((x) => made.forward(x), inputs);
}

async function checkLoss({ loss: name, options, input, target }: LossCase): Promise<void> {
  // biome-ignore lint/suspicious/noExplicitAny: options are as various as the losses
  const cost = (x: Tensor, t: Tensor): Tensor => (loss as any)[name](x, t, options);
  const t = tensor(target.data, target.shape);
  await gradCheck((x) => cost(x, t), [tensor(input.data, input.shape)]);
}

describe("layers' gradients are the slopes", () => {
  for (const golden of loadGolden("layers").cases.filter(small)) test(golden.name, () => checkLayer(golden));
});

describe("losses' gradients are the slopes", () => {
  const some = loadGolden("losses").cases.filter((c) => c.input.data.length <= 30 && !/1e4|equal/.test(c.name));
  for (const golden of some) test(golden.name, () => checkLoss(golden));
});

describe("gradCheck", () => {
  const x = () => tensor([0.3, -1.2, 2]);

  test("checks second derivatives, as any function's", async () => {
    expect(await gradCheck((v) => grad(v.sin().mul(v).sum(), [v])[0], [x()])).toBeLessThan(1e-8);
  });

  test("finds a wrong gradient and says where", async () => {
    const wrong = gradCheck((a, b) => a.mul(b.square().detach()), [x(), x()]);
    await expect(wrong).rejects.toThrow(NumericError);
    await expect(wrong).rejects.toThrow(/input 1, element 0: the gradient is 0, finite differences say/);
  });

  test("leaves whole numbers alone and needs something else", async () => {
    const rows = tensor(Int32Array.of(2, 0, 2));
    expect(await gradCheck((v, r) => v.gather(r), [x(), rows])).toBeLessThan(1e-8);
    await expect(gradCheck((r) => r.toFloat(), [rows])).rejects.toThrow(ArgumentError);
  });
});

test("a result that does not depend on an input is an error, not a distance of 0", async () => {
  const outside = tensor([1, 2]);
  await expect(gradCheck(() => outside.square(), [tensor([3, 4])])).rejects.toThrow(
    "gradCheck: the result does not depend on input 0",
  );
  await expect(gradCheck((x, _y) => x.square(), [tensor([3]), tensor([4])])).rejects.toThrow(ArgumentError);
});
