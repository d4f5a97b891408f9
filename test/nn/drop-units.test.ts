import { expect, test } from "vitest";
import { sizeOf } from "../../packages/tidu/src/base/shape.js";
import { compileProgram } from "../../packages/tidu/src/compile/program.js";
import { PROCESSOR } from "../../packages/tidu/src/compile/target.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import * as nn from "../../packages/tidu/src/nn/index.js";
import * as loss from "../../packages/tidu/src/nn/loss.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { grad } from "../../packages/tidu/src/tensor/grad.js";
import { Generator, withGenerator } from "../../packages/tidu/src/tensor/random.js";
import { ones, type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { trace } from "../../packages/tidu/src/tensor/trace.js";
import { onEveryDevice } from "./support/devices.js";

const [INPUTS, CLASSES] = [7, 4];
const batch = () => new Generator(5).normal([6, INPUTS]);
const labels = () => tensor(Int32Array.of(0, 1, 2, 3, 0, 1));

const hidden = (first = 12, second = 10) =>
  [nn.linear(INPUTS, first), nn.linear(first, second), nn.linear(second, CLASSES)] as const;

/** The loss of a network with two layers of dropped units. */
function dropped(layers: ReturnType<typeof hidden>, x: Tensor, masks: (h: Tensor, which: number) => Tensor): Tensor {
  const [a, b, c] = layers;
  const first = masks(a.forward(x).relu(), 0);
  const second = masks(b.forward(first).relu(), 1);
  return loss.crossEntropy(c.forward(second), labels());
}

onEveryDevice((name) => {
  // Few numbers are picked by themselves, and many in lanes.
  test.each([
    [12, 10],
    [48, 40],
    [33, 130],
  ])("with %i and %i units, gradients equal those of the dense network under the same masks", async (...sizes) => {
    const layers = hidden(...sizes);
    const parameters = layers.flatMap((l) => l.parameters());
    const drops = [nn.dropout(0.5, { drop: "units" }), nn.dropout(0.4, { drop: "units" })];
    const generator = new Generator(3);
    const drawn = compile((x: Tensor) =>
      withGenerator(generator, () => {
        const masks: Tensor[] = [];
        const cost = dropped(layers, x, (h, i) => {
          masks[i] = drops[i].forward(ones(h.shape).mul(1));
          return h;
        });
        // The network below draws in the same order, in a step of its own.
        return [cost, ...masks];
      }),
    );
    const [, ...masks] = await drawn(batch());
    const again = new Generator(3);
    const units = compile((x: Tensor) =>
      withGenerator(again, () => {
        const cost = dropped(layers, x, (h, i) => drops[i].forward(h));
        return [cost, ...grad(cost, parameters)];
      }),
    );
    const dense = compile((x: Tensor, first: Tensor, second: Tensor) => {
      const cost = dropped(layers, x, (h, i) => h.mul([first, second][i]));
      return [cost, ...grad(cost, parameters)];
    });
    const got = await units(batch());
    const want = await dense(batch(), masks[0], masks[1]);
    for (let i = 0; i < want.length; i++) {
      const [g, w] = [Array.from(await got[i].data()), Array.from(await want[i].data())];
      const largest = w.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-3);
      for (let k = 0; k < w.length; k++) expect(Math.abs(g[k] - w[k])).toBeLessThan(4e-6 * largest);
    }
  });

  test("exactly round((1 - p) n) units are kept, the same ones for all samples, each unit equally often", async () => {
    const [units, rounds] = [9, name === "reference" ? 60 : 400];
    const layer = nn.dropout(0.3, { drop: "units" });
    const generator = new Generator(8);
    const step = compile((x: Tensor) => withGenerator(generator, () => layer.forward(x)));
    const often = new Array<number>(units).fill(0);
    for (let i = 0; i < rounds; i++) {
      const rows = (await (await step(ones([3, units]))).array()) as number[][];
      expect(rows[1]).toEqual(rows[0]);
      expect(rows[2]).toEqual(rows[0]);
      expect(rows[0].filter((v) => v !== 0)).toHaveLength(6);
      rows[0].forEach((v, unit) => {
        often[unit] += v === 0 ? 0 : 1;
      });
    }
    const [expected, deviation] = [(rounds * 6) / 9, Math.sqrt((rounds * 2) / 9)];
    for (const n of often) expect(Math.abs(n - expected)).toBeLessThan(4.5 * deviation);
  });
});

test("only kept rows and columns are multiplied, forward and backward", () => {
  const products = (drop: "elements" | "units"): number => {
    const net = nn.sequential(
      nn.linear(20, 40),
      nn.relu(),
      nn.dropout(0.5, { drop }),
      nn.linear(40, 60),
      nn.relu(),
      nn.dropout(0.5, { drop }),
      nn.linear(60, 10),
    );
    const [x, t] = [ones([8, 20]), tensor(new Int32Array(8))];
    const { updates } = trace(() => {
      const parameters = net.parameters();
      const gradients = grad(loss.crossEntropy(net.forward(x), t), parameters);
      for (let i = 0; i < gradients.length; i++) parameters[i].assign(parameters[i].sub(gradients[i]));
    });
    const { program } = compileProgram(updates, PROCESSOR, verifier());
    return program.kernels.filter((k) => k.kind === "contract").reduce((n, k) => n + sizeOf(k.sizes), 0);
  };
  const [dense, kept] = [products("elements"), products("units")];
  // Forward and weight gradient of each layer, and the input gradients of the last two.
  expect(dense).toBe(8 * (2 * 20 * 40 + 3 * 40 * 60 + 3 * 60 * 10));
  expect(kept).toBe(8 * (2 * 20 * 20 + 3 * 20 * 30 + 3 * 30 * 10));
});

test("a layer of which nothing would be kept is refused", () => {
  const layer = nn.dropout(0.9, { drop: "units" });
  expect(() => layer.forward(ones([2, 3]))).toThrow(/of 3 units none is kept; use a lower p/);
  expect(() => layer.forward(ones([3]))).toThrow(/expected \[samples, units, …\]/);
});
