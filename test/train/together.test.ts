// One trainer asked for several things at once.

import { type Evaluation, setDevice } from "tidu";
import { afterAll, describe, expect, it } from "vitest";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";
import { onOneThread } from "../support/one-thread.js";
import { all, classifier, points, trainerOf } from "./support.js";

onOneThread();
afterAll(() => setDevice(undefined));

const OPTIONS = { epochs: 4, batchSize: 5, validation: points(20, 3) };
const weights = async (trainer: ReturnType<typeof trainerOf>) =>
  Promise.all([...trainer.net.state().values()].map((v) => v.data()));

const alone = async () => {
  const trainer = trainerOf(classifier());
  const reports = await all(trainer.fit(points(40), OPTIONS));
  return { reports: reports.map(({ loss, validation }) => ({ loss, validation })), weights: await weights(trainer) };
};

describe("a second call of fit", () => {
  it("while the first trains, waits at a report or was dropped there is an error, and the first goes on as if alone", async () => {
    const trainer = trainerOf(classifier());
    const first = trainer.fit(points(40), OPTIONS);
    const training = first.next();
    await expect(all(trainer.fit(points(40), OPTIONS))).rejects.toThrow(ArgumentError);
    const reports = [(await training).value];
    await expect(all(trainer.fit(points(10)))).rejects.toThrow(/fit: the trainer is in another call of fit/);
    for await (const report of first) reports.push(report);
    const want = await alone();
    expect(reports.map((r) => r && { loss: r.loss, validation: r.validation })).toEqual(want.reports);
    expect(await weights(trainer)).toEqual(want.weights);
  });

  it("after the first has ended, was left, was stopped or has failed goes on", async () => {
    const trainer = trainerOf(classifier());
    await all(trainer.fit(points(8)));
    for await (const _ of trainer.fit(points(8), { epochs: 3 })) break;
    const stop = new AbortController();
    stop.abort();
    await all(trainer.fit(points(8), { signal: stop.signal }));
    const fails = () => {
      throw new Error("no");
    };
    await expect(all(trainer.fit(points(8), { onStep: fails }))).rejects.toThrow("no");
    await expect(all(trainer.fit(points(8), { epochs: 0 }))).rejects.toThrow(ArgumentError);
    expect(await all(trainer.fit(points(8)))).toHaveLength(1);
  });
});

describe("evaluations", () => {
  it("at once, and of data that are trained on, have the results that they have one by one", async () => {
    const trainer = trainerOf(classifier());
    const sets = [points(40), points(37, 5), points(40, 9)];
    const want: Evaluation[] = [];
    for (const data of sets) want.push(await trainer.evaluate(data, { batchSize: 10 }));
    const at = [0, 1, 0, 2, 1, 0];
    const got = await Promise.all(at.map((i) => trainer.evaluate(sets[i], { batchSize: 10 })));
    expect(got).toEqual(at.map((i) => want[i]));
  });

  it("while fit trains change nothing of it", async () => {
    const trainer = trainerOf(classifier());
    const data = points(40);
    let training = true;
    const evaluating = (async () => {
      let count = 0;
      // In batches as large as those that are trained on, of the same data.
      for (; training; count++) await trainer.evaluate(data, { batchSize: 5 });
      return count;
    })();
    const during: Evaluation[] = [];
    const onStep = async () => void during.push(await trainer.evaluate(OPTIONS.validation));
    const reports = await all(trainer.fit(data, { ...OPTIONS, onStep }));
    training = false;
    expect(await evaluating).toBeGreaterThan(3);
    expect(during).toHaveLength(32);
    const want = await alone();
    expect(reports.map(({ loss, validation }) => ({ loss, validation }))).toEqual(want.reports);
    expect(await weights(trainer)).toEqual(want.weights);
  });
});
