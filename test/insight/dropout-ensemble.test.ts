import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  nn,
  type SampleOptions,
  ShapeError,
  type Tensor,
  tensor,
} from "../../packages/tidu/src/index.js";
import { dropoutEnsemble, MOST_UNITS } from "../../packages/tidu/src/insight/index.js";
import { expectNumbers } from "../nn/support/close.js";
import { onEveryDevice } from "../nn/support/devices.js";
import { filled, noise, numbers } from "./support.js";

const P = 0.3;

/** tanh(x Wᵀ + b) under a mask, by hand. */
async function byHand(net: nn.Module, x: Tensor, masks: readonly Uint8Array[], keep: number): Promise<number[][]> {
  const [w1, b1, w2, b2] = await Promise.all(net.parameters().map(numbers));
  const rows = (await x.array()) as number[][];
  const product = (v: number[], w: number[], b: number[]) =>
    b.map((bias, o) => v.reduce((sum, value, i) => sum + value * w[o * v.length + i], bias));
  return masks.map((mask) =>
    rows.flatMap((row) => {
      const hidden = product(row, w1, b1).map((z, u) => (mask[u] * Math.tanh(z)) / keep);
      return product(hidden, w2, b2);
    }),
  );
}

const weighted = (rows: number[][], weights: number[]) =>
  rows[0].map((_, i) => rows.reduce((sum, row, m) => sum + weights[m] * row[i], 0));

onEveryDevice(() => {
  describe("dropoutEnsemble", () => {
    test("is the network under every mask, weighed by its probability", async () => {
      const net = filled(nn.sequential(nn.linear(2, 4), nn.tanh(), nn.dropout(P), nn.linear(4, 2)));
      const x = noise([3, 2]);
      const { masks, units, outputs, mean, spread } = await dropoutEnsemble(net, x);
      expect(units).toEqual([0, 1, 2, 3].map((unit) => ({ layer: "2", unit })));
      expect(new Set(masks.map(({ kept }) => kept.join(""))).size).toBe(16);
      const weights = masks.map(({ kept }) => kept.reduce((p, k) => p * (k === 1 ? 1 - P : P), 1));
      expectNumbers(
        "probabilities",
        masks.map((m) => m.probability),
        weights,
        1e-12,
      );
      const kept = masks.map((m) => m.kept);
      const want = await byHand(net, x, kept, 1 - P);
      expect(outputs.shape).toEqual([16, 3, 2]);
      expectNumbers("outputs", await numbers(outputs), want.flat());
      const centre = weighted(want, weights);
      expectNumbers("mean", await numbers(mean), centre);
      const squares = want.map((row) => row.map((y, i) => (y - centre[i]) ** 2));
      expectNumbers("spread", await numbers(spread), weighted(squares, weights).map(Math.sqrt));
      expect(mean.shape).toEqual([3, 2]);
    });

    const linear: [name: string, options: nn.DropoutOptions | undefined][] = [
      ["inverted", undefined],
      ["scaled in use", { scale: "test" }],
      ["of a fixed number of units", { drop: "units" }],
      ["of a fixed number of units, scaled in use", { drop: "units", scale: "test" }],
    ];
    test.each(linear)("averages to the scaled network where all is linear: %s", async (_, options) => {
      const net = filled(nn.sequential(nn.linear(3, 4), nn.dropout(0.5, options), nn.linear(4, 2)));
      const x = noise([5, 3]);
      const { masks, mean } = await dropoutEnsemble(net, x);
      expect(masks).toHaveLength(options?.drop === "units" ? 6 : 16);
      expect(masks.reduce((sum, m) => sum + m.probability, 0)).toBeCloseTo(1, 12);
      expectNumbers("mean", await numbers(mean), await numbers(await net.predict(x)));
    });

    test.each(["elements", "units"] as const)("drops just what a mask says: %s", async (drop) => {
      const { masks, outputs } = await dropoutEnsemble(nn.sequential(nn.dropout(0.25, { drop })), noise([1, 4]));
      expect(masks).toHaveLength(drop === "units" ? 4 : 16);
      const nonzero = (await numbers(outputs)).map((y) => (y === 0 ? 0 : 1));
      expect(nonzero).toEqual(masks.flatMap((m) => [...m.kept]));
    });

    test("counts channels, several layers and several calls; other layers are in use", async () => {
      const net = filled(
        nn.sequential(
          nn.dropout(P, { drop: "channels" }),
          nn.batchNorm2d(2),
          nn.flatten(),
          nn.linear(8, 2),
          nn.dropout(0.1),
        ),
      );
      const x = noise([2, 2, 2, 2]);
      const { masks, units, outputs, mean } = await dropoutEnsemble(net, x);
      expect(units.map(({ layer, unit }) => `${layer}.${unit}`)).toEqual(["0.0", "0.1", "4.0", "4.1"]);
      expect(masks[0].probability).toBeCloseTo(P * P * 0.01, 12);
      expect(await numbers(outputs.slice(0, 0, 1))).toEqual([0, 0, 0, 0]);
      expectNumbers("mean", await numbers(mean), await numbers(await net.predict(x)));
      expect(net.training).toBe(true);
    });
  });

  describe("predict with dropout", () => {
    const network = () => filled(nn.sequential(nn.linear(2, 4), nn.tanh(), nn.dropout(P), nn.linear(4, 2)));

    test("comes near the exact mean and spread, and gives the same for the same seed", async () => {
      const [net, x] = [network(), noise([2, 2])];
      const exact = await dropoutEnsemble(net, x);
      const options = { dropout: true, samples: 400, seed: 3 } as const;
      const { mean, spread } = await net.predict(x, options);
      expect(mean.shape).toEqual([2, 2]);
      const [deviation, centre] = [await numbers(exact.spread), await numbers(exact.mean)];
      // Four standard errors, 1/√400 of the spread each.
      for (const [i, m] of (await numbers(mean)).entries())
        expect(Math.abs(m - centre[i])).toBeLessThan(deviation[i] / 5);
      for (const [i, s] of (await numbers(spread)).entries()) expect(s / deviation[i]).toBeCloseTo(1, 0.7);
      const again = await net.predict(x, options);
      expect(await numbers(again.mean)).toEqual(await numbers(mean));
      expect(await numbers(again.spread)).toEqual(await numbers(spread));
      const other = await net.predict(x, { ...options, seed: 4 });
      expect(await numbers(other.mean)).not.toEqual(await numbers(mean));
    });
  });
});

describe("predict with dropout", () => {
  test("leaves batch normalization in use, and what does not drop has no spread", async () => {
    const net = filled(nn.sequential(nn.linear(2, 3), nn.batchNorm1d(3), nn.relu()));
    const x = noise([4, 2]);
    const { mean, spread } = await net.predict(x, { dropout: true, samples: 3 });
    expectNumbers("mean", await numbers(mean), await numbers(await net.predict(x)), 1e-6);
    expect(Math.max(...(await numbers(spread)))).toBeLessThan(1e-6);
    expect(await net.layers[1].num_batches_tracked.item()).toBe(0);
  });

  test.each([
    [{ dropout: true, samples: 0 }, "predict: samples is 0; it must be a whole number from 1 to 1000000"],
    [{ dropout: true, samples: 2.5 }, "predict: samples is 2.5;"],
    [{ dropout: true, seed: Number.NaN }, "predict: seed is NaN; it must be a whole number"],
    [{ dropout: false }, "predict: dropout is false; it must be true"],
  ])("refuses %j", async (options, message) => {
    const refused = nn.sequential(nn.dropout()).predict(tensor([[1]]), options as SampleOptions);
    await expect(refused).rejects.toThrow(ArgumentError);
    await expect(refused).rejects.toThrow(message);
  });
});

describe("dropoutEnsemble", () => {
  test("refuses what is too much or nothing", async () => {
    const x = noise([2, MOST_UNITS + 1]);
    const refused = dropoutEnsemble(nn.sequential(nn.dropout(0.5)), x);
    await expect(refused).rejects.toThrow(ArgumentError);
    await expect(refused).rejects.toThrow("17 units can be dropped, and masks of at most 16 are enumerated");
    await expect(dropoutEnsemble(nn.sequential(nn.dropout(0), nn.relu()), x)).rejects.toThrow(/drops nothing/);
    await expect(dropoutEnsemble(nn.sequential(nn.linear(3, 1)), x)).rejects.toThrow(ShapeError);
  });
});
