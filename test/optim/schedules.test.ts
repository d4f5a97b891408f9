import { describe, expect, test } from "vitest";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";
import { schedule } from "../../packages/tidu/src/optim/index.js";
import type { Schedule } from "../../packages/tidu/src/optim/schedule.js";
import { loadGolden, type ScheduleCase } from "../goldens/load.js";

// biome-ignore lint/suspicious/noExplicitAny: options are as various as the schedules
const MAKE: Record<ScheduleCase["schedule"], (options: any) => Schedule> = {
  step: ({ stepSize, gamma }) => schedule.step({ every: stepSize, gamma }),
  exponential: (options) => schedule.exponential(options),
  cosine: ({ tMax, etaMin }) => schedule.cosine({ epochs: tMax, min: etaMin }),
  linearWarmup: ({ startFactor, endFactor, totalEpochs }) =>
    schedule.linear({ epochs: totalEpochs, from: startFactor, to: endFactor }),
  polynomial: ({ power, totalEpochs }) => schedule.polynomial({ epochs: totalEpochs, power }),
  // PyTorch counts the steps from the first to the last, which is the end.
  oneCycle: ({ pctStart, divFactor, finalDivFactor, totalSteps }) =>
    schedule.oneCycle({
      epochs: totalSteps - 1,
      rise: (pctStart * totalSteps - 1) / (totalSteps - 1),
      from: 1 / divFactor,
      to: 1 / divFactor / finalDivFactor,
    }),
  warmupThenCosine: ({ startFactor, warmupEpochs, tMax, etaMin }) =>
    schedule.warmup({
      epochs: warmupEpochs,
      from: startFactor,
      next: schedule.cosine({ epochs: tMax, min: etaMin }),
    }),
  reduceOnPlateau: ({ minLr, thresholdMode, ...rest }) =>
    schedule.reduceOnPlateau({ ...rest, min: minLr, thresholdMode: thresholdMode === "abs" ? "absolute" : "relative" }),
};

describe("schedules are as PyTorch's", () => {
  test.each(loadGolden("schedules").cases)("$name", ({ schedule: kind, options, baseLr, metrics, lrs }) => {
    const at = MAKE[kind](options);
    for (const [epoch, want] of lrs.entries()) {
      expect(Math.abs(at(epoch, baseLr, metrics) - want), `epoch ${epoch}`).toBeLessThanOrEqual(1e-12 * baseLr);
    }
  });
});

test("a plateau's metric that is not a number is no improvement", () => {
  const at = schedule.reduceOnPlateau({ patience: 0, factor: 0.5, threshold: 0 });
  expect(at(3, 1, [1, 1, 1])).toBe(0.25);
  expect(at(3, 1, [NaN, NaN, NaN])).toBe(0.25);
  expect(at(3, 1, [NaN, 1, NaN])).toBe(0.5);
  expect(at(3, 1, [1, NaN, 0.5])).toBe(0.5);
});

describe("a plateau of negative metrics", () => {
  test.each([
    ["min", -1, -0.001],
    ["max", -1, 0.001],
  ] as const)("is one only where they do not improve (%s)", (mode, start, step) => {
    const at = schedule.reduceOnPlateau({ mode, patience: 1, factor: 0.5, threshold: 1e-4 });
    const falling = Array.from({ length: 10 }, (_, i) => start + step * i);
    expect(at(10, 1, falling)).toBe(1);
    const still = falling.map((_, i) => start + step * 0.01 * i);
    expect(at(10, 1, still)).toBeLessThan(1);
  });
});

describe("schedules refuse", () => {
  test.each<[string, () => unknown]>([
    ["an epoch past the end", () => schedule.cosine({ epochs: 5 })(6, 0.1)],
    [
      "an epoch past the end after a warm-up",
      () => schedule.warmup({ epochs: 2, next: schedule.cosine({ epochs: 5 }) })(8, 1),
    ],
    ["an epoch before the start", () => schedule.exponential({ gamma: 0.5 })(-1, 0.1)],
    ["an epoch past a cycle's end", () => schedule.oneCycle({ epochs: 2 })(2.5, 0.1)],
    ["a cycle that only rises", () => schedule.oneCycle({ epochs: 2, rise: 1 })],
    ["a power of 0", () => schedule.polynomial({ epochs: 2, power: 0 })],
    ["an epoch that is no number", () => schedule.step({ every: 2 })(Number.NaN, 0.1)],
    ["no epochs", () => schedule.cosine({ epochs: 0 })],
    ["a plateau without metrics", () => schedule.reduceOnPlateau()(3, 0.1, [1, 2])],
    ["a factor that enlarges", () => schedule.reduceOnPlateau({ factor: 2 })],
    ["a factor of 0", () => schedule.exponential({ gamma: 0 })],
  ])("%s", (_, body) => expect(body).toThrow(ArgumentError));

  test("with a message that names the argument, its value and what is allowed", () => {
    expect(() => schedule.cosine({ epochs: 5 })(6, 0.1)).toThrow("cosine: epoch is 6; it must be from 0 to 5");
  });
});
