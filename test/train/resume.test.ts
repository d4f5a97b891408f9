import { join } from "node:path";
import fc from "fast-check";
import { type FitOptions, loss, nn, optim, regularize, setDevice } from "tidu";
import { afterAll, describe, expect, it } from "vitest";
import { onOneThread } from "../support/one-thread.js";
import { type Course, checkpointsIn, inFolder, ofEveryStep, outcome } from "./resume-support.js";
import { points } from "./support.js";

onOneThread();
afterAll(() => setDevice(undefined));

const optimizers = {
  sgd: () => optim.sgd({ lr: 0.1 }),
  momentum: () => optim.sgd({ lr: 0.1, momentum: 0.9, dampening: 0.5, weightDecay: 0.01 }),
  nesterov: () => optim.sgd({ lr: 0.1, momentum: 0.9, nesterov: true, clipNorm: 1 }),
  rmsprop: () => optim.rmsprop({ lr: 0.01, momentum: 0.5, centered: true }),
  adam: () => optim.adam({ lr: 0.01 }),
  amsgrad: () => optim.adam({ lr: 0.01, amsgrad: true }),
  adamw: () => optim.adamw({ lr: 0.01 }),
};

const networks = {
  plain: () => nn.sequential(nn.linear(2, 6), nn.tanh(), nn.linear(6, 3)),
  dropout: () => nn.sequential(nn.linear(2, 8), nn.relu(), nn.dropout(0.5), nn.linear(8, 3)),
  units: () => nn.sequential(nn.linear(2, 8), nn.relu(), nn.dropout(0.5, { drop: "units" }), nn.linear(8, 3)),
  batchNorm: () => nn.sequential(nn.linear(2, 6), nn.batchNorm1d(6), nn.relu(), nn.linear(6, 3)),
  all: () => nn.sequential(nn.linear(2, 8), nn.batchNorm1d(8), nn.relu(), nn.dropout(0.3), nn.linear(8, 3)),
};

const plain: FitOptions = { batchSize: 5 };

const fits: Readonly<Record<string, () => FitOptions>> = {
  schedule: () => ({ batchSize: 5, schedule: optim.schedule.warmup({ epochs: 2 }) }),
  plateau: () => ({
    batchSize: 7,
    validation: points(5, 9),
    schedule: optim.schedule.reduceOnPlateau({ patience: 0, threshold: 0.5, factor: 0.5 }),
  }),
  earlyStop: () => ({ batchSize: 6, earlyStop: { patience: 1, minDelta: 0.2, restoreBest: true } }),
  accuracy: () => ({
    batchSize: 6,
    validation: points(7, 4),
    earlyStop: { patience: 1, metric: "accuracy", restoreBest: true },
  }),
};

const course = (
  network: keyof typeof networks,
  optimizer: keyof typeof optimizers,
  fit: FitOptions,
  seed = 3,
): Course => ({
  net: networks[network],
  trainer: () => ({
    loss: loss.crossEntropy,
    optimizer: optimizers[optimizer](),
    seed,
    regularize: regularize.l2(1e-3),
  }),
  data: () => points(18),
  fit: () => ({ epochs: 3, ...fit }),
});

/** Stops a training after every one of its steps, and checks that each continuation ends as it did. */
async function checkEveryStep(of: Course): Promise<number> {
  return inFolder(async (folder) => {
    const whole = await outcome(of, ofEveryStep(folder));
    expect(whole).toEqual(await outcome(of));
    const names = await checkpointsIn(folder);
    for (const name of names) expect(await outcome(of, { resume: join(folder, name) }), name).toEqual(whole);
    return names.length;
  });
}

describe("a training that goes on from a checkpoint of any step ends with the bits of one that was never stopped", () => {
  it.each(Object.keys(optimizers) as (keyof typeof optimizers)[])("with %s", async (optimizer) => {
    // Four steps in each epoch; the end of each has two places, and so one checkpoint more.
    expect(await checkEveryStep(course("dropout", optimizer, plain))).toBe(3 * 5);
  });

  it.each(Object.keys(networks) as (keyof typeof networks)[])("with a network of %s", async (network) => {
    await checkEveryStep(course(network, "momentum", plain));
  });

  it.each(Object.keys(fits))("with %s", async (name) => {
    await checkEveryStep(course("all", "adam", fits[name]()));
  });

  it("whatever is put together", async () => {
    const any = fc.record({
      network: fc.constantFrom(...(Object.keys(networks) as (keyof typeof networks)[])),
      optimizer: fc.constantFrom(...(Object.keys(optimizers) as (keyof typeof optimizers)[])),
      fit: fc.constantFrom(...Object.keys(fits)),
      shuffle: fc.boolean(),
      dropLast: fc.boolean(),
      seed: fc.integer({ min: 0, max: 1e6 }),
    });
    await fc.assert(
      fc.asyncProperty(any, async ({ network, optimizer, fit, seed, ...options }) => {
        await checkEveryStep(course(network, optimizer, { ...fits[fit](), ...options }, seed));
      }),
      { numRuns: 4, seed: 20 },
    );
  }, 60_000);
});
