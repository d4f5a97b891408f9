import { loss, NumericError, nn, optim, regularize, setDevice, tensor } from "tidu";
import { afterAll, describe, expect, it } from "vitest";
import { dataset } from "../../packages/tidu/src/data/index.js";
import { onOneThread } from "../support/one-thread.js";
import { all, classifier, failure, points, trainerOf } from "./support.js";

onOneThread();
afterAll(() => setDevice(undefined));

const weights = (net: nn.Module) => Promise.all(net.parameters().map((p) => p.data()));

describe("training stops where the loss is not finite", () => {
  it("with a huge learning rate, names epoch, step and layer, and keeps weights whose loss was finite", async () => {
    const net = nn.sequential(nn.linear(2, 8), nn.relu(), nn.linear(8, 3));
    const optimizer = optim.sgd({ lr: 1e30, momentum: 0.9 });
    const trainer = trainerOf(net, { optimizer });
    const start = await weights(net);
    const error = await failure(() => all(trainer.fit(points(30), { epochs: 2, batchSize: 10 })));
    expect(error).toBeInstanceOf(NumericError);
    expect(error.message).toMatch(
      /^epoch 1, step 2: the loss is (NaN|-?Infinity); the first value that is not finite is in layer 2 linear\(8, 3\)\. The weights are those from before epoch 1, step 1; use a lower learning rate \(now 1e\+30\)$/,
    );
    expect(await weights(net)).toEqual(start);
    expect((await trainer.evaluate(points(30))).loss).toBeLessThan(3);
    // The optimizer does not remember the leap either.
    optimizer.lr = 0.1;
    const reports = await all(trainer.fit(points(30), { epochs: 10, batchSize: 10 }));
    expect(reports[9].loss).toBeLessThan(1);
  });

  it("returns to weights of not long ago", async () => {
    const net = classifier();
    const optimizer = optim.sgd({ lr: 0.1 });
    const trainer = trainerOf(net, { optimizer });
    const first = await all(trainer.fit(points(40), { batchSize: 1 }));
    const onStep = ({ step }: { step: number }) => (optimizer.lr = step >= 36 ? 1e38 : 0.1);
    const error = await failure(() => all(trainer.fit(points(40), { batchSize: 1, onStep })));
    expect(error.message).toMatch(
      /^epoch 2, step (3[789]|40): .* The weights are those from before epoch 2, step 33; /,
    );
    expect((await trainer.evaluate(points(40))).loss).toBeLessThan(first[0].loss);
  });

  it("where a transform makes NaN of a sample, names the sample and keeps the weights of before that step", async () => {
    const inputs = Float32Array.from({ length: 20 }, (_, i) => (i === 13 ? -1 : i));
    const data = dataset(inputs, [1], new Float32Array(20), { transform: (x) => x.sqrt() });
    const [net, twin] = [nn.linear(1, 1), nn.linear(1, 1)];
    const options = { batchSize: 4, shuffle: false };
    const error = await failure(() => all(trainerOf(net, { loss: loss.mse }).fit(data, options)));
    expect(error).toBeInstanceOf(NumericError);
    expect(error.message).toMatch(
      /^epoch 1, step 4: the loss is NaN, because the data set's transform turns element 0 of sample 13 into NaN; correct the sample/,
    );
    await all(trainerOf(twin, { loss: loss.mse }).fit(data.slice(0, 12), options));
    expect(await weights(net)).toEqual(await weights(twin));
  });

  it("where a layer overflows", async () => {
    const net = nn.sequential(nn.linear(2, 4), nn.relu(), nn.linear(4, 4), nn.linear(4, 3));
    const trainer = trainerOf(net);
    (net.layers[0] as nn.Linear).weight.assign(tensor(new Float32Array(8).fill(1e30), [4, 2]));
    (net.layers[2] as nn.Linear).weight.assign(tensor(new Float32Array(16).fill(1e30), [4, 4]));
    const before = await weights(net);
    const data = dataset(Float32Array.of(1, 1), [2], Uint8Array.of(0));
    const error = await failure(() => all(trainer.fit(data)));
    expect(error).toBeInstanceOf(NumericError);
    expect(error.message).toMatch(
      /^epoch 1, step 1: .* is in layer 2 linear\(4, 4\)\. The weights are those from before this step/,
    );
    expect(await weights(net)).toEqual(before);
  });

  it("where a weight was not finite to begin with", async () => {
    const net = classifier();
    const trainer = trainerOf(net);
    (net.layers[2] as nn.Linear).bias?.assign(tensor([0, Number.NaN, 0]));
    const error = await failure(() => all(trainer.fit(points(6))));
    expect(error.message).toMatch(
      /^epoch 1, step 1: the loss is NaN; .* is in parameter 2\.bias, as it was before training; give the network other weights$/,
    );
  });

  it("where the penalty overflows", async () => {
    const net = classifier();
    const trainer = trainerOf(net, { regularize: regularize.l2(1e38) });
    (net.layers[0] as nn.Linear).weight.assign(tensor(new Float32Array(16).fill(10), [8, 2]));
    const error = await failure(() => all(trainer.fit(points(6))));
    expect(error).toBeInstanceOf(NumericError);
    expect(error.message).toMatch(/^epoch 1, step 1: the regularizer adds Infinity; .* is in the penalty\./);
  });

  it("where the very last update overflows", async () => {
    const net = nn.linear(1, 1);
    const trainer = trainerOf(net, { loss: loss.mse, optimizer: optim.sgd({ lr: 3e38 }) });
    const before = await weights(net);
    const error = await failure(() => all(trainer.fit(dataset(Float32Array.of(9), [1], Float32Array.of(-9)))));
    expect(error).toBeInstanceOf(NumericError);
    expect(error.message).toMatch(
      /^epoch 1, step 1: the update makes (weight|bias) not finite\. The weights are those from before epoch 1, step 1/,
    );
    expect(await weights(net)).toEqual(before);
  });
});
