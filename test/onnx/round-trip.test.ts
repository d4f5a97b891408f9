import { describe, expect, it } from "vitest";
import { exportOnnx, importOnnx } from "../../packages/onnx/src/index.js";
import { loss, type nn, optim, UnsupportedError } from "../../packages/tidu/src/index.js";
import type { Module } from "../../packages/tidu/src/nn/module.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { expectNumbers } from "../nn/support/close.js";
import { expectSameInRuntime, expectSameOutputs, randomBatch, randomize } from "./support/compare.js";
import { onOneThread } from "./support/device.js";
import { opsOf } from "./support/graph.js";
import { LAYERS } from "./support/layers.js";
import { NETWORKS } from "./support/networks.js";

onOneThread();

const layers = Object.values(LAYERS)
  .flat()
  .map((c) => ({ ...c, name: `${c.make()} of [${c.input}]` }));
const networks = Object.entries(NETWORKS).map(([name, c]) => ({ ...c, name }));

/** Every parameter and buffer of `net` must be in `back`, under the same name. */
function expectSameNames(net: Module, back: Module): void {
  const shapes = (m: Module) => [...m.state()].map(([name, v]) => `${name} [${v.shape}]`);
  expect(shapes(back)).toEqual(expect.arrayContaining(shapes(net)));
}

describe("out and in again", () => {
  it.each(layers.filter(({ again }) => again === undefined))(
    "$name is the same layer",
    async ({ make, input, dtype }) => {
      const net = randomize(make(), 3);
      const model = await exportOnnx(net, input, { dtype });
      const back = importOnnx(model);
      expectSameNames(net, back);
      await expectSameOutputs(net, back, input, dtype);
      expect(opsOf(await exportOnnx(back, input, { dtype }))).toEqual(opsOf(model));
    },
  );

  it.each(layers.filter(({ again }) => again !== undefined))(
    "$name computes the same",
    async ({ make, input, dtype, again }) => {
      const net = randomize(make(), 3);
      const back = importOnnx(await exportOnnx(net, input, { dtype }));
      await expectSameOutputs(net, back, input, dtype);
      const written = exportOnnx(back, input, { dtype });
      if (again === "refused") await expect(written).rejects.toThrow(UnsupportedError);
      else await expectSameInRuntime(net, await written, input, dtype);
    },
  );

  it.each(networks)("$name computes the same, and is written as well as before", async ({ make, input }) => {
    const net = randomize(make(), 3);
    const back = importOnnx(await exportOnnx(net, input));
    expectSameNames(net, back);
    await expectSameOutputs(net, back, input);
    await expectSameInRuntime(net, await exportOnnx(back, input), input);
  });
});

/** The losses of a few steps on one batch. */
async function losses(net: nn.Module, x: Tensor, t: Tensor): Promise<number[]> {
  const optimizer = optim.sgd({ lr: 0.05, momentum: 0.9 });
  const step = compile((x, t) => optimizer.minimize(loss.crossEntropy(net.forward(x), t), net.parameters()));
  const costs: number[] = [];
  for (let i = 0; i < 6; i++) costs.push(await (await step(x, t)).item());
  return costs;
}

describe("an imported network", () => {
  it.each(["cnn with batch normalization", "maxout", "residual"])("%s learns as the original does", async (name) => {
    const { make, input } = NETWORKS[name];
    const net = randomize(make(), 4);
    // Random masks would differ.
    for (const [, m] of net.namedModules()) if (m.toString().startsWith("dropout")) m.forward = (x) => x;
    const back = importOnnx(await exportOnnx(net, input));
    const [x, t] = [randomBatch([4, ...input]), tensor(Int32Array.of(0, 1, 2, 1))];
    const costs = await losses(net, x, t);
    expect(costs[5]).toBeLessThan(costs[0]);
    expectNumbers("losses", await losses(back, x, t), costs, 1e-4);
    for (const [key, v] of net.state()) {
      expectNumbers(key, await (back.state().get(key) as Tensor).data(), await v.data(), 1e-3);
    }
  });
});
