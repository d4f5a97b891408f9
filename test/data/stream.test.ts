import { describe, expect, it } from "vitest";
import {
  type Batch,
  type BatchOptions,
  type StreamOptions,
  type StreamSample,
  streamDataset,
} from "../../packages/tidu/src/data/index.js";
import { ArgumentError, DataError, tensor } from "../../packages/tidu/src/index.js";
import { failure } from "../train/support.js";

/** Samples whose input is their number and whose class is its last bit. */
function* numbers(count: number, onRead: (number: number) => void = () => {}): Generator<StreamSample> {
  for (let i = 0; i < count; i++) {
    onRead(i);
    yield { input: Float32Array.of(i), target: i % 2 };
  }
}

const form = { inputShape: [1], classes: ["even", "odd"] };
const plain: BatchOptions = { batchSize: 4, shuffle: false, dropLast: false, seed: 1 };
const shuffled = { ...plain, shuffle: true };

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const found: Batch[] = [];
  for await (const batch of batches) found.push(batch);
  return found;
}

/** The inputs of the batches of an epoch. */
async function read(count: number, options: BatchOptions, more: Partial<StreamOptions> = {}, epoch = 0, from = 0) {
  const stream = streamDataset(() => numbers(count), { ...form, ...more });
  const batches = await collect(stream.batches(options).epoch(epoch, from));
  for (const { arrays, samples } of batches) {
    expect([...arrays[0]]).toEqual([...samples]);
    expect([...arrays[1]]).toEqual([...samples].map((number) => number % 2));
  }
  return batches.map(({ samples }) => [...samples]);
}

describe("a stream", () => {
  it("gives its samples in batches", async () => {
    expect(await read(10, plain)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(await read(10, { ...plain, dropLast: true })).toHaveLength(2);
    expect(await read(8, plain)).toHaveLength(2);
    expect(await read(3, plain)).toEqual([[0, 1, 2]]);
  });

  it("knows how many batches there are if it knows how many samples there are", () => {
    const perEpoch = (count: number | undefined, dropLast: boolean) =>
      streamDataset(() => numbers(1), { ...form, count }).batches({ ...plain, dropLast }).perEpoch;
    expect([perEpoch(10, false), perEpoch(10, true), perEpoch(undefined, true)]).toEqual([3, 2, undefined]);
    expect(() => perEpoch(3, true)).toThrow(/dropLast leaves no batch, since count 3 is below batchSize 4/);
  });

  it("reads inputs that are functions only where they are needed", async () => {
    const read: number[] = [];
    const lazy = streamDataset(
      function* () {
        for (let i = 0; i < 20; i++)
          yield {
            input: async () => {
              read.push(i);
              return Float32Array.of(i);
            },
            target: i % 2,
          };
      },
      { ...form, shuffleBuffer: 8 },
    );
    const whole = await collect(lazy.batches(shuffled).epoch(0));
    expect(read.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    read.length = 0;
    expect(await collect(lazy.batches(shuffled).epoch(0, 3))).toEqual(whole.slice(3));
    expect(read).toHaveLength(8);
    read.length = 0;
    const reads = (batch: number, place: number) => batch !== 1 && place < 2;
    const part = await collect(lazy.batches({ ...shuffled, reads }).epoch(0, 1));
    expect(read).toEqual([2, 3, 4].flatMap((n) => [...whole[n].samples.subarray(0, 2)]));
    for (const [i, { arrays, samples }] of part.entries()) {
      expect(samples).toEqual(whole[i + 1].samples);
      const expected = (k: 0 | 1) => whole[i + 1].arrays[k].map((v, place) => (reads(i + 1, place) ? v : 0));
      expect(arrays).toEqual([expected(0), expected(1)]);
    }
  });

  it("checks an input when it is read", async () => {
    const bad = (input: () => Float32Array) =>
      streamDataset(() => [{ input, target: 0 }], form)
        .batches(plain)
        .epoch(0);
    expect((await failure(() => collect(bad(() => Float32Array.of(1, 2))))).message).toMatch(
      /sample 0: the input is Float32Array of 2/,
    );
    expect((await failure(() => collect(bad(() => Float32Array.of(Number.NaN))))).message).toMatch(
      /sample 0: the input is not finite/,
    );
  });

  it("can be entered at any batch of any epoch, shuffled or not", async () => {
    for (const options of [plain, shuffled, { ...shuffled, dropLast: true }]) {
      for (const epoch of [0, 3]) {
        const whole = await read(30, options, { shuffleBuffer: 8 }, epoch);
        for (let from = 0; from <= whole.length; from++) {
          expect(await read(30, options, { shuffleBuffer: 8 }, epoch, from)).toEqual(whole.slice(from));
        }
      }
    }
  });

  it("has an order of its own for each seed and epoch, in which every sample comes once", async () => {
    const order = async (seed: number, epoch: number) =>
      (await read(40, { ...shuffled, seed }, { shuffleBuffer: 16 }, epoch)).flat();
    const orders = [await order(1, 0), await order(1, 1), await order(2, 0)];
    for (const one of orders) expect(one.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(new Set(orders.map(String)).size).toBe(3);
    expect(await order(1, 1)).toEqual(orders[1]);
  });

  it("mixes evenly as far as its buffer reaches, and no further", async () => {
    const places = Array.from({ length: 8 }, () => 0);
    for (let seed = 0; seed < 400; seed++) {
      const order = (await read(8, { ...shuffled, seed }, { shuffleBuffer: 8 })).flat();
      places[order.indexOf(0)]++;
    }
    for (const count of places) expect(Math.abs(count - 50)).toBeLessThan(4 * Math.sqrt(50 * (7 / 8)));
    const order = (await read(100, shuffled, { shuffleBuffer: 5 })).flat();
    for (const [place, number] of order.entries()) expect(number).toBeLessThanOrEqual(place + 5);
    expect((await read(9, shuffled, { shuffleBuffer: 1 })).flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each([
    [0, plain, 4],
    [2, plain, 12],
    [2, { ...plain, shuffle: true }, 12 + 10],
  ])("reads at most %i batches ahead", async (prefetch, options, most) => {
    let seen = 0;
    const stream = streamDataset(() => numbers(200, () => seen++), { ...form, prefetch, shuffleBuffer: 10 });
    let given = 0;
    let largest = 0;
    for await (const { samples } of stream.batches(options).epoch(0)) {
      given += samples.length;
      // All that can be read has been read once others have had their turn.
      await new Promise((done) => setImmediate(done));
      largest = Math.max(largest, seen - (given - samples.length));
    }
    expect(given).toBe(200);
    // The batch in hand, those ahead, what the shuffle holds and the sample that is about to take a place there.
    expect(largest).toBeLessThanOrEqual(most + 1);
    expect(largest).toBeGreaterThanOrEqual(most);
  });

  it("is told the number of the epoch and is ended where nobody goes on reading", async () => {
    const log: string[] = [];
    const source = async function* (epoch: number) {
      log.push(`begin ${epoch}`);
      try {
        yield* numbers(100);
      } finally {
        log.push(`end ${epoch}`);
      }
    };
    const batches = streamDataset(source, form).batches(plain);
    for await (const _ of batches.epoch(7)) break;
    expect(log).toEqual(["begin 7", "end 7"]);
    await collect(batches.epoch(8));
    expect(log).toEqual(["begin 7", "end 7", "begin 8", "end 8"]);
  });

  it("fails where its source fails, after the batches before", async () => {
    const source = function* () {
      yield* numbers(9);
      throw new Error("the disk is on fire");
    };
    let given = 0;
    const error = await failure(async () => {
      for await (const _ of streamDataset(source, form).batches(plain).epoch(0)) given++;
    });
    expect(error.message).toBe("the disk is on fire");
    expect(given).toBe(2);
  });

  it("takes bytes, whole numbers and targets of any shape as they are", async () => {
    const stream = (options: StreamOptions, sample: StreamSample) => streamDataset(() => [sample, sample], options);
    const [pixels] = await collect(
      stream({ inputShape: [2, 2], inputType: "u8", classes: ["a"] }, { input: Uint8Array.of(1, 2, 3, 255), target: 0 })
        .batches(plain)
        .epoch(0),
    );
    expect(pixels.arrays).toEqual([Uint8Array.of(1, 2, 3, 255, 1, 2, 3, 255), Int32Array.of(0, 0)]);
    const values = stream(
      { inputShape: [1], inputType: "i32", targetShape: [2] },
      { input: Int32Array.of(-5), target: [0.5, 2] },
    );
    expect(values.types(2)).toEqual([
      { shape: [2, 1], dtype: "i32" },
      { shape: [2, 2], dtype: "f32" },
    ]);
    const [batch] = await collect(values.batches(plain).epoch(0));
    expect(batch.arrays).toEqual([Int32Array.of(-5, -5), Float32Array.of(0.5, 2, 0.5, 2)]);
  });
});

describe("a stream refuses", () => {
  const input = Float32Array.of(1);
  it.each<[string, Partial<StreamOptions>, readonly object[], RegExp]>([
    ["nothing", {}, [], /ended after 0 samples, expected at least one/],
    ["too few samples", { count: 3 }, [{ input, target: 0 }], /ended after 1 sample, expected 3; correct count/],
    [
      "too many",
      { count: 1 },
      [
        { input, target: 0 },
        { input, target: 0 },
      ],
      /sample 1: there are more samples than count, 1/,
    ],
    [
      "a wrong size",
      {},
      [
        { input, target: 0 },
        { input: new Float32Array(2), target: 0 },
      ],
      /sample 1: the input is Float32Array of 2 elements, expected Float32Array of 1 for \[1\]; correct the source/,
    ],
    ["a wrong type", {}, [{ input: new Float64Array(1), target: 0 }], /sample 0: the input is Float64Array of 1/],
    ["a list", {}, [{ input: [1], target: 0 }], /the input is Array of 1 elements, expected Float32Array/],
    ["no input", {}, [{ target: 0 }], /sample 0: it is \{ target \}, expected \{ input, target \}; correct the source/],
    ["a pair", {}, [[input, 0]], /sample 0: it is \[Float32Array\(1\), 0\], expected \{ input, target \}/],
    ["nothing", {}, [undefined as unknown as object], /sample 0: it is undefined, expected/],
    ["a tensor", {}, [{ input: tensor([1]), target: 0 }], /the input is tensor f32 \[1\], expected Float32Array of 1/],
    ["no target", { classes: undefined, targetShape: [2] }, [{ input }], /its target is undefined, expected 2 numbers/],
    ["a label that is no class", {}, [{ input, target: 2 }], /its label is 2, not one of the 2 classes, 0…1/],
    ["half a label", {}, [{ input, target: 0.5 }], /its label is 0.5/],
    ["an input that is not finite", {}, [{ input: Float32Array.of(Number.NaN), target: 0 }], /element 0 is NaN/],
    [
      "too few target values",
      { classes: undefined, targetShape: [2] },
      [{ input, target: [1] }],
      /it has 1 target values, not 2/,
    ],
    [
      "a target that is not finite",
      { classes: undefined, targetShape: [2] },
      [{ input, target: [1, Infinity] }],
      /the target is not finite: element 1 is Infinity/,
    ],
  ])("%s", async (_, options, samples, message) => {
    const stream = streamDataset(() => samples as unknown as StreamSample[], { ...form, ...options });
    const error = await failure(() => collect(stream.batches(plain).epoch(0)));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(message);
  });

  it.each<[Partial<StreamOptions>, RegExp]>([
    [{ targetShape: [1] }, /classes and targetShape are both given; give classes if .*, else targetShape/],
    [{ classes: undefined }, /neither classes nor targetShape is given; give classes if/],
    [{ inputShape: [0] }, /inputShape\[0\] is 0; it must be a whole number/],
    [{ count: 0 }, /count is 0/],
    [{ shuffleBuffer: 0 }, /shuffleBuffer is 0/],
    [{ prefetch: -1 }, /prefetch is -1/],
  ])("options %j", (options, message) => {
    const make = () => streamDataset(() => numbers(1), { ...form, ...options });
    expect(make).toThrow(ArgumentError);
    expect(make).toThrow(message);
  });
});

it("must be given a function, not what it gives", () => {
  const samples = (function* () {})();
  expect(() => streamDataset(samples as never, { inputShape: [1], classes: ["a"] })).toThrow(
    "streamDataset: source is {}; it must be a function",
  );
});
