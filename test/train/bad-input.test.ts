import { ArgumentError, DataError, nn, optim, ShapeError, setDevice, tensor } from "tidu";
import { afterAll, describe, expect, it } from "vitest";
import { Dataset, dataset } from "../../packages/tidu/src/data/index.js";
import { onOneThread } from "../support/one-thread.js";
import { all, classifier, failure, lenet, pictures, points, trainerOf } from "./support.js";

onOneThread();
afterAll(() => setDevice(undefined));

const labelled = (labels: Uint8Array | Int32Array, classes?: string[]): Dataset =>
  dataset(new Float32Array(2 * labels.length), [2], labels, { classes });

/** Trains, which must fail before the first step and leave the weights alone. */
async function refused(net: nn.Sequential, data: Dataset, options = {}): Promise<Error> {
  const trainer = trainerOf(net);
  const before = await weights(net);
  let steps = 0;
  const error = await failure(() => all(trainer.fit(data, { ...options, onStep: () => steps++ })));
  expect(steps).toBe(0);
  expect(await weights(net)).toEqual(before);
  return error;
}

const weights = (net: nn.Module) => Promise.all(net.parameters().map((p) => p.data()));

describe("before the first step, training refuses", () => {
  it("a layer that does not fit, and says which and how to mend it", async () => {
    const layers = [...lenet().layers];
    const net = nn.sequential(...layers.slice(0, 7), nn.linear(256, 120), ...layers.slice(8));
    const error = await refused(net, pictures(10));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(
      /^layer 7 linear\(256, 120\): input is tensor f32 \[10, 400\]; it must be of 256 features \(last axis\); or change the layer to linear\(400, 120\)/,
    );
  });

  it.each([
    ["above", Uint8Array.of(0, 2, 3, 1), /label of sample 2 is 3, the network has 3 outputs, 0…2/],
    ["below", Int32Array.of(0, 2, 1, -1), /label of sample 3 is -1, the network has 3 outputs/],
  ])("a label %s the network's outputs", async (_, labels, message) => {
    const error = await refused(classifier(), labelled(labels));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(message);
  });

  it("such a label in the validation set too", async () => {
    const error = await refused(classifier(), points(6), { validation: labelled(Uint8Array.of(9)) });
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(/label of sample 0 is 9/);
  });

  it("more classes than the network has outputs", async () => {
    const error = await refused(classifier(), labelled(Uint8Array.of(0, 1), ["a", "b", "c", "d"]));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(/4 classes, the network 3 outputs; give its last layer 4 outputs/);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("an input that is %d, with the sample's number", async (value) => {
    const inputs = new Float32Array(2 * 70);
    inputs[2 * 41 + 1] = value;
    const error = await refused(classifier(), dataset(inputs, [2], new Uint8Array(70)));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(`the input of sample 41 is not finite: element 1 is ${value}`);
  });

  it("a target that is not a number", async () => {
    const data = dataset(new Float32Array(4), [2], Float32Array.of(1, Number.NaN));
    const error = await failure(() =>
      trainerOf(nn.sequential(nn.linear(2, 1)), { loss: (y, t) => y.sub(t).sum() }).evaluate(data),
    );
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(/the target of sample 1 is not finite: element 0 is NaN/);
  });

  it("a loss that does not fit the targets", async () => {
    const data = new Dataset(tensor([[1, 2]]), tensor([1]));
    const error = await refused(classifier(), data);
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(/crossEntropy: target is tensor f32/);
  });

  it.each([
    [{ epochs: 0 }, "fit: epochs is 0; it must be a whole number of at least 1"],
    [{ epochs: 1.5 }, "fit: epochs is 1.5;"],
    [{ epochs: Number.NaN }, "fit: epochs is NaN;"],
    [{ batchSize: 0 }, "fit: batchSize is 0;"],
    [{ batchSize: -64 }, "fit: batchSize is -64;"],
    [{ batchSize: 2.5 }, "fit: batchSize is 2.5;"],
    [{ batchSize: 64, dropLast: true }, "dropLast leaves no batch, since 6 samples are fewer than batchSize 64"],
  ])("options %j", async (options, message) => {
    const error = await refused(classifier(), points(6), options);
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toContain(message);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])("a seed of %d", async (seed) => {
    const error = await failure(() => trainerOf(classifier(), { seed }));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toContain(`seed is ${seed}`);
  });
});

describe("after a refusal", () => {
  it("the same trainer trains on what is right, as if nothing had been", async () => {
    const [net, fresh] = [classifier(), classifier()];
    const [trainer, untouched] = [trainerOf(net), trainerOf(fresh)];
    await failure(() => all(trainer.fit(labelled(Uint8Array.of(7)))));
    await failure(() => all(trainer.fit(points(6), { epochs: 0 })));
    await all(trainer.fit(points(20)));
    await all(untouched.fit(points(20)));
    expect(await weights(net)).toEqual(await weights(fresh));
  });
});

describe("dataset", () => {
  const none = new Float32Array();
  it.each<[string, () => unknown, RegExp]>([
    ["nothing", () => dataset(none, [2], new Uint8Array()), /it is empty; training needs at least one sample/],
    [
      "half a sample",
      () => dataset(new Float32Array(5), [2], new Uint8Array(2)),
      /5 elements are not a whole number of samples of shape \[2\]/,
    ],
    ["too few targets", () => dataset(new Float32Array(6), [2], new Uint8Array(2)), /3 samples and 2 targets/],
    ["no targets", () => dataset(new Float32Array(6), [2], new Uint8Array()), /3 samples and 0 targets/],
    [
      "a label without a class",
      () => labelled(Uint8Array.of(0, 1, 2), ["a", "b"]),
      /label 2 of sample 2 is not one of the 2 classes, 0…1/,
    ],
    ["a negative label", () => labelled(Int32Array.of(-1), ["a", "b"]), /label -1 of sample 0/],
    ["unequal counts", () => new Dataset(tensor([[1], [2]]), tensor([1])), /2 inputs .* and 1 targets/],
  ])("refuses %s", async (_, make, message) => {
    const error = await failure(make);
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(message);
  });
});

describe("predict", () => {
  it("names the layer that the input does not fit", async () => {
    const error = await failure(() => lenet().predict(tensor([[1, 2]])));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(
      /^layer 0 conv2d\(1, 6, 5.*\): input is tensor f32 \[1, 2\]; it must be \[samples, channels/,
    );
  });
});

describe("an optimizer", () => {
  it("refuses a learning rate that is none", async () => {
    expect(await failure(() => optim.sgd({ lr: Number.NaN }))).toBeInstanceOf(ArgumentError);
  });
});
