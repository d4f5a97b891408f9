// What reads many variables reads them all at the time of the call: steps that are asked for meanwhile do not mix in.
import { exportOnnx } from "@tidu/onnx";
import { compile, nn, ones, optim, serialize } from "tidu";
import { features } from "tidu/insight";
import { predictC, predictWasm } from "tidu/native";
import { expect, test } from "vitest";
import { takeSnapshot } from "../../packages/tidu/src/train/snapshot.js";

/** A network whose values are all 1, and a step that doubles them. */
function begin() {
  const net = nn.sequential(nn.conv1d(1, 2, 3), nn.weightNorm(nn.conv1d(2, 2, 3)), nn.flatten(), nn.linear(4, 2));
  for (const v of net.state().values()) v.assign(ones(v.shape));
  const double = compile(() => {
    for (const v of net.state().values()) v.assign(v.mul(2));
  });
  return { net, double };
}

const READERS: Record<string, (net: nn.Module) => Promise<unknown>> = {
  serialize,
  takeSnapshot: (net) => takeSnapshot(net.state()),
  exportOnnx: (net) => exportOnnx(net, [1, 6]),
  // Comments number values without a name.
  predictC: async (net) => (await predictC(net, [1, 6])).source.replace(/storage\d+/g, ""),
  predictWasm: (net) => predictWasm(net, [1, 6]),
  features: (net) => features(net, undefined, ones([1, 1, 6])),
};

test.each(Object.entries(READERS))("%s", async (_, read) => {
  const still = begin();
  await still.double();
  const want = await read(still.net);
  const moving = begin();
  await moving.double();
  const reading = read(moving.net);
  for (let i = 0; i < 3; i++) void moving.double();
  expect(await reading).toEqual(want);
  expect(await moving.net.state().get("0.bias")?.array()).toEqual([16, 16]);
});

/** A network after three steps with an average, and one more step. */
function average() {
  const net = nn.sequential(nn.linear(2, 2), nn.linear(2, 1));
  for (const v of net.parameters()) v.assign(ones(v.shape));
  const optimizer = optim.ema(optim.sgd({ lr: 0.125 }), { decay: 0.5 });
  const step = compile(() =>
    optimizer.minimize(
      net
        .forward(ones([1, 2]))
        .square()
        .sum(),
      net.parameters(),
    ),
  );
  for (let i = 0; i < 3; i++) void step();
  return { net, optimizer, step };
}
const valuesOf = (net: nn.Module) => Promise.all(net.parameters().map((p) => p.array()));

test("averages are those at the time of the call; a step that is asked for afterwards goes on from them", async () => {
  const still = average();
  await still.optimizer.apply(still.net.parameters());
  await still.step();
  const moving = average();
  const applying = moving.optimizer.apply(moving.net.parameters());
  const stepping = moving.step();
  await Promise.all([applying, stepping]);
  expect(await valuesOf(moving.net)).toEqual(await valuesOf(still.net));
});

test("during a body weights are those averages, and afterwards the weights at the time of the call", async () => {
  const still = average();
  const before = await valuesOf(still.net);
  await still.optimizer.apply(still.net.parameters());
  const averages = await valuesOf(still.net);
  const moving = average();
  const all = moving.net.parameters();
  expect(await moving.optimizer.during(all, () => valuesOf(moving.net))).toEqual(averages);
  expect(await valuesOf(moving.net)).toEqual(before);
});
