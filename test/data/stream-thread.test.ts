import { describe, expect, it } from "vitest";
import { type StreamSample, type WorkerSourceOptions, workerSource } from "../../packages/tidu/src/data/index.js";
import { ArgumentError, DataError } from "../../packages/tidu/src/index.js";
import { failure } from "../train/support.js";

const MODULE = new URL("./sources/numbers.mjs", import.meta.url);

const open = (data: object, options: WorkerSourceOptions = {}, epoch = 0) =>
  workerSource(MODULE, { ...options, data })(epoch) as AsyncGenerator<StreamSample>;

async function collect(samples: AsyncIterable<StreamSample>): Promise<StreamSample[]> {
  const found: StreamSample[] = [];
  for await (const sample of samples) found.push(sample);
  return found;
}

const counter = () => new Int32Array(new SharedArrayBuffer(4));

/** Waits, without giving the thread's messages a turn, until the counter is there or two seconds have passed. */
function blockUntil(read: Int32Array, count: number): number {
  for (let now = Atomics.load(read, 0); now < count; now = Atomics.load(read, 0)) {
    if (Atomics.wait(read, 0, now, 2000) === "timed-out") break;
  }
  return Atomics.load(read, 0);
}

describe("a source in a thread of its own", () => {
  it.each([0, 1, 7, 8, 100])("gives all of %i samples in their order", async (count) => {
    const samples = await collect(open({ count }, { ahead: 8 }, 1));
    expect(samples).toEqual(
      Array.from({ length: count }, (_, i) => ({ input: Float32Array.of(2 * i, 2 * i + 1), target: (i + 1) % 3 })),
    );
    // Not the large buffer that it was a part of.
    for (const { input } of samples) expect((input as Float32Array).buffer.byteLength).toBe(8);
  });

  it("reads while this thread is busy, but no further than told", async () => {
    const read = counter();
    const samples = open({ count: 1000, read }, { ahead: 20 });
    for (let taken = 1; taken <= 100; taken++) {
      expect((await samples.next()).done).toBe(false);
      // A delivery is ten samples. Two are under way or waiting, one is being taken, one is filled meanwhile.
      const most = Math.min(10 * Math.ceil(taken / 10) + 30, 1000);
      expect(blockUntil(read, most - 10)).toBeGreaterThanOrEqual(most - 10);
      expect(Atomics.load(read, 0)).toBeLessThanOrEqual(most);
    }
    await samples.return(undefined);
  });

  it("ends with the loop that reads it", async () => {
    const read = counter();
    for await (const _ of open({ count: 1e6, read }, { ahead: 4 })) break;
    const before = Atomics.load(read, 0);
    await new Promise((done) => setTimeout(done, 20));
    expect(Atomics.load(read, 0)).toBe(before);
  });

  it.each<[string, object, RegExp]>([
    ["throws", { count: 3, ending: "throw" }, /numbers\.mjs: no more tape/],
    ["ends the process", { count: 3, ending: "exit" }, /numbers\.mjs: its thread ended before its last sample/],
  ])("that %s is an error which names it", async (_, data, message) => {
    const error = await failure(() => collect(open(data)));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(message);
  });

  it("that is not there is an error which names it", async () => {
    const source = workerSource(new URL("./sources/none.mjs", import.meta.url));
    const error = await failure(() => collect(source(0) as AsyncIterable<StreamSample>));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(/none\.mjs: Cannot find module/);
  });

  it("must be allowed to read ahead", () => {
    expect(() => workerSource(MODULE, { ahead: 1 })).toThrow(ArgumentError);
  });
});
