// Checkpoints to be damaged, for the tests of broken files.
import fc from "fast-check";
import { FormatError } from "tidu";
import { expect } from "vitest";
import { sha256 } from "../../packages/tidu/src/io/digest.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../packages/tidu/src/train/checkpoint.js";
import { isProgress } from "../../packages/tidu/src/train/progress.js";
import type { Snapshot } from "../../packages/tidu/src/train/snapshot.js";
import { damaged, mutations } from "../io/mutations.js";

const count = fc.nat({ max: 1000 });
const number = fc.double();
const rate = fc.double({ min: 0, max: 1, noNaN: true });

const report = fc.record({ epoch: count, loss: number, seconds: rate, samplesPerSecond: rate });

const progress: fc.Arbitrary<Checkpoint["progress"]> = fc.record({
  before: count,
  reports: fc.array(report, { maxLength: 3 }),
  step: count,
  sums: fc.record({
    samples: count,
    loss: number,
    right: number,
    penalty: number,
    own: fc.dictionary(fc.string(), number),
  }),
  seconds: rate,
  firstRate: rate,
  epochRate: rate,
  rate,
});

const values = fc.oneof(
  fc.float32Array({ minLength: 1, maxLength: 9 }),
  fc.int32Array({ minLength: 1, maxLength: 9 }),
  fc.uint8Array({ minLength: 1, maxLength: 9 }),
);
const snapshot: fc.Arbitrary<Snapshot> = fc
  .dictionary(fc.string({ maxLength: 9 }), values, { maxKeys: 4 })
  .map((named) => new Map(Object.entries(named).map(([name, data]) => [name, { shape: [data.length], data }])));

/** Checkpoints of trainings that may not exist. A group without values is not in the file. */
export const checkpoints: fc.Arbitrary<Checkpoint> = fc
  .record({
    identity: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
    progress,
    groups: fc.dictionary(fc.constantFrom("net", "optimizer", "random", "good", "best"), snapshot),
  })
  .map(({ groups, ...rest }) => ({
    ...rest,
    groups: Object.fromEntries(Object.entries(groups).filter(([, values]) => values.size > 0)),
  }));

/** Damages checkpoints, and checks that none is taken for whole; some get a true checksum, as a forger would give them. */
export async function checkDamage(numRuns: number): Promise<void> {
  const property = fc.asyncProperty(checkpoints, mutations, fc.boolean(), async (checkpoint, list, forged) => {
    const whole = await encodeCheckpoint(checkpoint);
    const bytes = damaged(whole, list);
    if (forged) await sign(bytes);
    const read = await decoded(bytes);
    if (read === undefined) return;
    if (forged) expect(isProgress(read.progress)).toBe(true);
    else expect(bytes).toEqual(whole);
  });
  await fc.assert(property, { numRuns });
}

/** What is read of the bytes; undefined where they are refused as they should be. */
async function decoded(bytes: Uint8Array): Promise<Checkpoint | undefined> {
  try {
    return await decodeCheckpoint(bytes, "some checkpoint");
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    const { file, offset } = error as FormatError;
    expect(file).toBe("some checkpoint");
    expect(offset).toBeLessThanOrEqual(bytes.length);
    expect(offset).toBeGreaterThanOrEqual(0);
    return undefined;
  }
}

async function sign(bytes: Uint8Array): Promise<void> {
  if (bytes.length >= 32) bytes.set(await sha256(bytes.subarray(0, -32)), bytes.length - 32);
}
