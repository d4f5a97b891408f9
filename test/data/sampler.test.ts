import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArgumentError, DataError } from "../../packages/tidu/src/base/errors.js";
import { Sampler, type SamplerOptions } from "../../packages/tidu/src/data/sampler.js";

const base: SamplerOptions = { count: 10, batchSize: 4, shuffle: true, dropLast: false, seed: 1 };

const options: fc.Arbitrary<SamplerOptions> = fc.record({
  count: fc.integer({ min: 1, max: 300 }),
  batchSize: fc.integer({ min: 1, max: 100 }),
  shuffle: fc.boolean(),
  dropLast: fc.constant(false),
  seed: fc.maxSafeNat(),
});
const epoch = fc.nat(2 ** 32 - 1);

const sorted = (indices: Int32Array): number[] => [...indices].sort((a, b) => a - b);
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe("Sampler", () => {
  it("visits every sample once in each epoch", () => {
    fc.assert(
      fc.property(options, epoch, (given, n) => {
        expect(sorted(new Sampler(given).epoch(n))).toEqual(range(given.count));
      }),
    );
  });

  it("cuts the epoch into batches", () => {
    fc.assert(
      fc.property(options, fc.boolean(), epoch, (given, dropLast, n) => {
        fc.pre(!dropLast || given.batchSize <= given.count);
        const sampler = new Sampler({ ...given, dropLast });
        const batches = range(sampler.batchesPerEpoch).map((i) => [...sampler.batch(n, i)]);
        const whole = dropLast ? given.count - (given.count % given.batchSize) : given.count;
        expect(batches.flat()).toEqual([...sampler.epoch(n)].slice(0, whole));
        for (const batch of batches.slice(0, -1)) expect(batch.length).toBe(given.batchSize);
      }),
    );
  });

  it("depends on the seed and the epoch alone, not on what was asked before", () => {
    fc.assert(
      fc.property(options, fc.array(epoch, { minLength: 1 }), (given, epochs) => {
        const used = new Sampler(given);
        for (const n of epochs) expect(used.epoch(n)).toEqual(new Sampler(given).epoch(n));
      }),
    );
  });

  it("has an order of its own for each epoch and each seed, however close", () => {
    const orders = [0, 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1].flatMap((seed) =>
      [0, 1, 2, 2 ** 32 - 1].map((n) => new Sampler({ ...base, count: 100, seed }).epoch(n).join()),
    );
    expect(new Set(orders).size).toBe(orders.length);
  });

  it("keeps the stored order without shuffle", () => {
    const sampler = new Sampler({ ...base, shuffle: false });
    expect([...sampler.epoch(3)]).toEqual(range(10));
    expect([...sampler.batch(3, 2)]).toEqual([8, 9]);
  });

  it("keeps its orders from one version to the next", () => {
    const sampler = new Sampler(base);
    expect([...sampler.epoch(0)]).toEqual([8, 7, 6, 3, 9, 1, 4, 0, 2, 5]);
    expect([...sampler.epoch(1)]).toEqual([3, 0, 7, 6, 4, 9, 8, 5, 2, 1]);
  });

  it("gives every order equally often", () => {
    // 24 orders of 4 samples in 24,000 epochs: chi-square with 23 degrees of freedom passes 49.7 once in a thousand.
    const sampler = new Sampler({ ...base, count: 4, seed: 7 });
    const seen = new Map<string, number>();
    for (let n = 0; n < 24_000; n++) seen.set(sampler.epoch(n).join(), (seen.get(sampler.epoch(n).join()) ?? 0) + 1);
    const chiSquare = [...seen.values()].reduce((sum, times) => sum + (times - 1000) ** 2 / 1000, 0);
    expect(seen.size).toBe(24);
    expect(chiSquare).toBeLessThan(49.7);
  });

  it("puts any sample of a large set at any place", () => {
    const sampler = new Sampler({ ...base, count: 60_000, batchSize: 64 });
    expect(sampler.batchesPerEpoch).toBe(938);
    const order = sampler.epoch(0);
    const mean = order.reduce((sum, sample, place) => sum + Math.abs(sample - place), 0) / order.length;
    expect(mean / order.length).toBeCloseTo(1 / 3, 2);
  });

  it.each<[Partial<SamplerOptions>, RegExp]>([
    [{ count: -1 }, /count is -1; it must be a whole number from 1 to 2147483647/],
    [{ count: 2.5 }, /count is 2.5/],
    [{ count: 2 ** 31 }, /count is 2147483648/],
    [{ batchSize: 0 }, /batchSize is 0; it must be a whole number of at least 1/],
    [{ batchSize: Number.NaN }, /batchSize is NaN/],
    [{ seed: -1 }, /seed is -1; it must be a whole number of at least 0/],
    [{ seed: 2 ** 53 }, /seed is 9007199254740992/],
    [{ seed: 0.5 }, /seed is 0.5/],
    [
      { batchSize: 11, dropLast: true },
      /dropLast leaves no batch, since 10 samples .* set batchSize to at most 10, or drop/,
    ],
  ])("refuses %o", (wrong, message) => {
    expect(() => new Sampler({ ...base, ...wrong })).toThrow(ArgumentError);
    expect(() => new Sampler({ ...base, ...wrong })).toThrow(message);
  });

  it("refuses an empty data set", () => {
    expect(() => new Sampler({ ...base, count: 0 })).toThrow(DataError);
  });

  it("refuses epochs and batches that do not exist", () => {
    const sampler = new Sampler(base);
    for (const n of [-1, 0.5, 2 ** 32, Number.NaN])
      expect(() => sampler.epoch(n)).toThrow(/epoch is .*; it must be a whole/);
    for (const i of [-1, 0.5, 3])
      expect(() => sampler.batch(0, i)).toThrow(/batch is .*; it must be a whole number from 0 to 2/);
  });
});
