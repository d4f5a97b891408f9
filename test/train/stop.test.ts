import { type FitOptions, loss, nn, optim, setDevice, Trainer } from "tidu";
import { afterAll, describe, expect, it } from "vitest";
import { type Batches, type BatchOptions, Dataset } from "../../packages/tidu/src/data/index.js";
import { onOneThread } from "../support/one-thread.js";
import { type Course, checkpointsIn, inFolder, outcome } from "./resume-support.js";
import { points } from "./support.js";

onOneThread();
afterAll(() => setDevice(undefined));

const net = () => nn.sequential(nn.linear(2, 8), nn.batchNorm1d(8), nn.relu(), nn.dropout(0.3), nn.linear(8, 3));

const course = (fit: FitOptions = {}): Course => ({
  net,
  trainer: () => ({ loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.02 }), seed: 3 }),
  data: () => points(18),
  fit: () => ({ epochs: 3, batchSize: 5, ...fit }),
});

/** Options that abort after so many steps. */
function stopAfter(steps: number): FitOptions {
  const controller = new AbortController();
  let done = 0;
  return { signal: controller.signal, onStep: () => ++done === steps && controller.abort() };
}

/** A data set that aborts when batch number `at` is asked for, and the numbers of the batches that were. */
function abortingAt(at: number, data: Dataset) {
  const controller = new AbortController();
  const asked: number[] = [];
  class Aborting extends Dataset {
    override batches(options: BatchOptions): Batches {
      const { epoch, perEpoch } = super.batches(options);
      const watched = async function* (n: number) {
        for await (const batch of epoch(n)) {
          asked.push(asked.length + 1);
          if (asked.length === at) controller.abort();
          yield batch;
        }
      };
      return { perEpoch, epoch: watched };
    }
  }
  return { signal: controller.signal, validation: new Aborting(data.inputs, data.targets, data), batches: asked };
}

describe("a training that is told to stop", () => {
  it("finishes its step, leaves a checkpoint there and ends the iteration", () =>
    inFolder(async (directory) => {
      const { reports, error } = await outcome(course(), { ...stopAfter(6), checkpoint: { directory } });
      expect(error).toBeUndefined();
      expect(reports.map(({ epoch }) => epoch)).toEqual([1]);
      expect(await checkpointsIn(directory)).toEqual([
        "epoch-0002-step-0000000.safetensors",
        "epoch-0002-step-0000002.safetensors",
      ]);
    }));

  it("goes on from there as often as it takes, and ends as if it had never been told", () =>
    inFolder(async (directory) => {
      const whole = await outcome(course());
      const checkpoint = { directory, keep: 1 };
      let [runs, result] = [1, await outcome(course(), { ...stopAfter(1), checkpoint, resume: true })];
      while (result.reports.length < 3 && runs < 20) {
        result = await outcome(course(), { ...stopAfter(1), checkpoint, resume: true });
        expect(await checkpointsIn(directory)).toHaveLength(1);
        runs++;
      }
      expect(result).toEqual(whole);
      // One for each of the twelve steps, and one that finds the last of them done.
      expect(runs).toBe(13);
    }));

  it("stops while it measures the validation set too, and measures all of it when it goes on", () =>
    inFolder(async (directory) => {
      const validation = points(600, 5);
      const whole = await outcome(course({ validation }));
      const { signal, validation: aborting, batches } = abortingAt(2, validation);
      const stopped = await outcome(course({ validation: aborting }), { signal, checkpoint: { directory } });
      expect(stopped.reports).toHaveLength(0);
      expect(batches).toEqual([1, 2]);
      expect(await checkpointsIn(directory)).toEqual(["epoch-0001-step-0000004.safetensors"]);
      expect(await outcome(course({ validation }), { resume: directory })).toEqual(whole);
    }));

  it("does nothing at all if it was told before", () =>
    inFolder(async (directory) => {
      const { reports, values } = await outcome(course(), { signal: AbortSignal.abort(), checkpoint: { directory } });
      expect(reports).toEqual([]);
      const fresh = net();
      new Trainer(fresh, course().trainer());
      for (const [name, v] of fresh.state()) expect(values[name]).toEqual([...(await v.data())]);
    }));
});

describe("early stopping", () => {
  /** Trains at rates that make the network better, then worse. */
  const worsening = (earlyStop: FitOptions["earlyStop"]): Course => ({
    ...course({ earlyStop, epochs: 9, validation: points(30, 8) }),
    trainer: () => ({ loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0.1 }), seed: 3 }),
    fit: () => ({
      earlyStop,
      epochs: 9,
      batchSize: 6,
      validation: points(30, 8),
      schedule: (epoch, lr) => (epoch < 3 ? lr : 40),
    }),
  });

  it("ends training after so many epochs that brought nothing, and says which was best", async () => {
    for (const patience of [1, 3]) {
      const { reports } = await outcome(worsening({ patience }));
      const losses = reports.map(({ validation }) => validation?.loss as number);
      const best = losses.indexOf(Math.min(...losses));
      expect(best).toBe(reports.length - 1 - patience);
      expect(reports.map(({ stopped }) => stopped)).toEqual([...Array(reports.length - 1).fill(undefined), true]);
      expect(reports.findLastIndex((report) => report.best)).toBe(best);
    }
  });

  it("leaves the last weights, or restores the best if asked, before it tells of the last epoch", async () => {
    const run = async (restoreBest: boolean) => {
      const network = net();
      const of = worsening({ patience: 2, restoreBest });
      const trainer = new Trainer(network, of.trainer());
      const validation = points(30, 8);
      let [last, best] = [Number.NaN, Number.NaN];
      for await (const report of trainer.fit(of.data(), { ...of.fit(), validation })) {
        last = report.validation?.loss as number;
        if (report.best) best = last;
        if (report.stopped) expect((await trainer.evaluate(validation)).loss).toBe(restoreBest ? best : last);
      }
      expect(best).toBeLessThan(last);
      return (await trainer.evaluate(validation)).loss - (restoreBest ? best : last);
    };
    expect(await run(false)).toBe(0);
    expect(await run(true)).toBe(0);
  });

  it("restores the best weights where training is not cut short too", async () => {
    const network = net();
    const trainer = new Trainer(network, course().trainer());
    const options = { epochs: 2, batchSize: 6, earlyStop: { patience: 5, restoreBest: true } };
    // All labels are wrong: what learns gets worse.
    const validation = points(30, 8, 1);
    const losses: number[] = [];
    for await (const report of trainer.fit(points(18), { ...options, validation })) {
      losses.push(report.validation?.loss as number);
    }
    expect(losses[1]).toBeGreaterThan(losses[0]);
    expect((await trainer.evaluate(validation)).loss).toBe(losses[0]);
  });

  it("counts only changes of at least minDelta", async () => {
    const { reports } = await outcome(worsening({ patience: 2, minDelta: 100 }));
    expect(reports).toHaveLength(3);
    expect(reports.map(({ best }) => best)).toEqual([true, undefined, undefined]);
  });
});
