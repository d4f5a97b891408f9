// Rows that padding makes longer, beside values that all rows share: threads divide the loop along the row, part of which is padding.
import fc from "fast-check";
import { expect, test } from "vitest";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { endDevice, makeDevice } from "../support/devices.js";

const runs = (usual: number): number => Number(process.env.RUNS ?? 1) * usual;

/** Whole numbers, so that all devices come to the same. */
const numbers = (shape: readonly number[], seed: number): Tensor =>
  tensor(
    Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => ((i * 31 + seed * 7) % 23) - 11),
    shape,
  );

const cases = fc.record({
  rows: fc.integer({ min: 1, max: 6 }),
  columns: fc.constantFrom(1031, 40, 700, 2048, 5003),
  left: fc.integer({ min: 0, max: 20 }),
  right: fc.integer({ min: 0, max: 20 }),
  above: fc.integer({ min: 0, max: 1 }),
  flipped: fc.boolean(),
  shared: fc.constantFrom("row", "sum"),
  seed: fc.nat(20),
});

test("padded rows and a row that they share come to the same on any number of threads", async () => {
  const devices = await Promise.all([1, 2, 3].map((threads) => makeDevice({ threads })));
  const reference = new ReferenceDevice();
  const property = fc.asyncProperty(cases, async ({ rows, columns, left, right, above, flipped, shared, seed }) => {
    const compute = (): Promise<ArrayLike<number>> => {
      const widths = [
        [above, 0],
        [left, right],
      ] as const;
      const padded = numbers([rows, columns], seed).abs().pad(widths);
      const x = flipped ? padded.flip(1) : padded;
      const row = shared === "row" ? numbers([x.shape[1]], seed + 1) : x.sum(0);
      return x.sub(numbers(x.shape, seed + 2).mul(row)).data();
    };
    setDevice(reference);
    const want = await compute();
    for (const device of devices) {
      setDevice(device);
      // What an earlier program left in memory shows where nothing is written.
      await numbers([4 * want.length], seed)
        .mul(1e6)
        .data();
      expect(await compute()).toEqual(want);
    }
  });
  try {
    await fc.assert(property, { numRuns: runs(60) });
  } finally {
    setDevice(undefined);
    await Promise.all(devices.map(endDevice));
  }
});
