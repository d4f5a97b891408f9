import { describe, expect, test } from "vitest";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";
import * as optim from "../../packages/tidu/src/optim/index.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { Variable } from "../../packages/tidu/src/tensor/variable.js";
import { expectNumbers } from "../nn/support/close.js";
import { onEveryDevice } from "../nn/support/devices.js";

const variable = (...values: number[]) => new Variable(tensor(values));
const slope = (v: Tensor, by: number) => v.mul(by).sum();

onEveryDevice(() => {
  describe("the learning rate", () => {
    test("is read anew by a compiled step", async () => {
      const [w, optimizer] = [variable(0), optim.sgd({ lr: 1 })];
      let traces = 0;
      const step = compile(() => {
        traces++;
        optimizer.minimize(slope(w, 1), [w]);
      });
      for (const lr of [1, 0.5, 0.25, 0.25, 2]) {
        optimizer.lr = lr;
        await step();
      }
      expectNumbers("w", await w.data(), [-4]);
      expect(traces).toBe(1);
    });

    test("is the one of its time in steps that are not compiled", async () => {
      const [w, optimizer] = [variable(0), optim.sgd({ lr: 1 })];
      for (const lr of [1, 0.5, 0.25]) {
        optimizer.lr = lr;
        optimizer.minimize(slope(w, 1), [w]);
      }
      expectNumbers("w", await w.data(), [-1.75]);
    });

    test("of a group keeps its ratio to the optimizer's", async () => {
      const [a, b] = [variable(0), variable(0)];
      const optimizer = optim.sgd({ lr: 1, groups: [{ parameters: [b], lr: 0.1 }] });
      const step = compile(() => {
        optimizer.minimize(slope(a, 1).add(slope(b, 1)), [a, b]);
      });
      await step();
      optimizer.lr = 0.5;
      await step();
      expectNumbers("a and b", [await a.item(), await b.item()], [-1.5, -0.15]);
    });

    test("of 0 leaves everything as it is", async () => {
      const [w, optimizer] = [variable(3), optim.adam({ lr: 0 })];
      optimizer.minimize(slope(w, 1), [w]);
      expect(await w.item()).toBe(3);
    });
  });

  test("the norm is clipped over all groups together", async () => {
    const [a, b] = [variable(0), variable(0)];
    const optimizer = optim.sgd({ lr: 1, clipNorm: 1, groups: [{ parameters: [b], lr: 2 }] });
    optimizer.minimize(slope(a, 3).add(slope(b, 4)), [a, b]);
    // The norm counts as 5 + 1e-6.
    expectNumbers(
      "a and b",
      [await a.item(), await b.item()],
      [-0.6, -1.6].map((v) => (v * 5) / (5 + 1e-6)),
    );
  });

  test("what is remembered goes by the variables' names", async () => {
    const [w, optimizer] = [variable(1, 2), optim.adamw({ lr: 0.1, amsgrad: true })];
    optimizer.minimize(slope(w, 1), [w]);
    const state = optimizer.state(new Map([["layer.weight", w]]));
    expect([...state.keys()]).toEqual(
      ["mean", "square", "largestSquare", "meanOfOnes", "squareOfOnes"].map((name) => `layer.weight.${name}`),
    );
    expectNumbers("mean", (await state.get("layer.weight.mean")?.data()) ?? [], [0.1, 0.1]);
  });

  test("an optimizer of your own says what the next value is", async () => {
    class Signs extends optim.Optimizer {
      protected override next({ variable, gradient, rate }: optim.Step<optim.CommonOptions>): Tensor {
        return variable.sub(gradient.sign().mul(rate));
      }
    }
    const w = variable(1, 1);
    new Signs("signs", { lr: 0.25, maximize: true }).minimize(w.mul(tensor([5, -7])).sum(), [w]);
    expectNumbers("w", await w.data(), [1.25, 0.75]);
  });
});

describe("optimizers refuse", () => {
  const w = variable(1);
  test.each<[string, () => unknown, string]>([
    [
      "a negative learning rate",
      () => optim.sgd({ lr: -1 }),
      "sgd: lr is -1; it must be at least 0 and a finite number",
    ],
    ["a learning rate that is no number", () => optim.adam({ lr: Number.NaN }), "adam: lr is NaN"],
    ["setting one", () => Object.assign(optim.adam({ lr: 1 }), { lr: -2 }), "adam: lr is -2"],
    ["a group's", () => optim.sgd({ lr: 1, groups: [{ parameters: [w], lr: -3 }] }), "sgd: groups[0].lr is -3"],
    ["momentum of 1", () => optim.sgd({ lr: 1, momentum: 1 }), "sgd: momentum is 1; it must be at least 0 and below 1"],
    ["nesterov without momentum", () => optim.sgd({ lr: 1, nesterov: true }), "it needs momentum above 0"],
    ["beta of 1", () => optim.adamw({ lr: 1, betas: [0.9, 1] }), "adamw: betas[1] is 1"],
    ["alpha of 1", () => optim.rmsprop({ lr: 1, alpha: 1 }), "rmsprop: alpha is 1"],
    ["negative weight decay", () => optim.adamw({ lr: 1, weightDecay: -1 }), "adamw: weightDecay is -1"],
    ["clipping to 0", () => optim.sgd({ lr: 1, clipNorm: 0 }).minimize(w.sum(), [w]), "sgd: clipNorm is 0"],
    [
      "a parameter in two groups",
      () => optim.sgd({ lr: 1, groups: [{ parameters: [w] }, { parameters: [w] }] }),
      "sgd: a parameter is in two groups",
    ],
    [
      "a group's ratio to 0",
      () => optim.sgd({ lr: 0, groups: [{ parameters: [w], lr: 1 }] }),
      "sgd: lr is 0 and a group's is 1",
    ],
  ])("%s", (_, body, message) => {
    expect(body).toThrow(ArgumentError);
    expect(body).toThrow(message);
  });
});

onEveryDevice(() => {
  test("centered RMSprop stays finite where the variance of a gradient comes out below 0", async () => {
    for (const slopeOf of [0.1, 1 / 3, 1e-3, 7.7]) {
      const [w, optimizer] = [variable(1, 2, 3), optim.rmsprop({ lr: 0.01, centered: true, alpha: 0.5, eps: 1e-8 })];
      const step = compile(() => void optimizer.minimize(slope(w, slopeOf), [w]));
      for (let i = 0; i < 100; i++) await step();
      expect((await w.data()).every(Number.isFinite)).toBe(true);
    }
  });
});
