import { describe, expect, test } from "vitest";
import { ArgumentError, nn, ShapeError, tensor } from "../../packages/tidu/src/index.js";
import { ensemble } from "../../packages/tidu/src/insight/index.js";
import { expectNumbers } from "../nn/support/close.js";
import { onEveryDevice } from "../nn/support/devices.js";
import { filled, noise, numbers } from "./support.js";

const nets = () => [
  filled(nn.sequential(nn.linear(3, 2), nn.dropout(0.5))),
  filled(nn.sequential(nn.linear(3, 4), nn.relu(), nn.linear(4, 2))),
  filled(nn.linear(3, 2, { bias: false })),
];

onEveryDevice(() => {
  test("ensemble averages outputs or probabilities", async () => {
    const [all, x] = [nets(), noise([4, 3])];
    const each = await Promise.all(all.map(async (net) => numbers(await net.predict(x))));
    const mean = (rows: number[][]) => rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
    expectNumbers("outputs", await numbers(await ensemble(all).predict(x)), mean(each));
    const shares = each.map((row) => row.map((v, i) => 1 / (1 + Math.exp(row[i % 2 === 0 ? i + 1 : i - 1] - v))));
    const probabilities = await ensemble(all, { average: "probabilities" }).predict(x);
    expectNumbers("probabilities", await numbers(probabilities), mean(shares));
  });
});

describe("ensemble", () => {
  test("is a network: its parameters are those of its members", async () => {
    const net = ensemble(nets());
    expect([...net.namedParameters().keys()].filter((name) => name.endsWith("weight"))).toEqual([
      "nets.0.0.weight",
      "nets.1.0.weight",
      "nets.1.2.weight",
      "nets.2.weight",
    ]);
    expect(nn.summary(net, [3]).parameters).toBe(8 + 26 + 6);
  });

  test("refuses no network, an unknown average, and outputs that differ", async () => {
    expect(() => ensemble([])).toThrow(ArgumentError);
    expect(() => ensemble(nets(), { average: "votes" as "outputs" })).toThrow(/average is "votes"; it must be/);
    const unequal = ensemble([nn.linear(2, 1), nn.linear(2, 3)]).predict(tensor([[1, 2]]));
    await expect(unequal).rejects.toThrow(ShapeError);
    await expect(unequal).rejects.toThrow("network 0 gives [1, 1], network 1 [1, 3]; they must be equal");
  });
});
