// An element far larger than all others, or one that is no number, reaches only what its window covers, filtered or not.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NativeDevice } from "tidu/native";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sizeOf } from "../../packages/tidu/src/base/shape.js";
import type { Program } from "../../packages/tidu/src/compile/program.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { gradient } from "../../packages/tidu/src/grad/reverse.js";
import { makeStorage, type Storage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { windows } from "../../packages/tidu/src/nn/windows.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { Tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { checkSame, runOn } from "../support/compare.js";

let filtered = 0;
const verify = verifier();
const one = new WasmDevice({
  threads: 1,
  portable: true,
  observe: (pass, product) => {
    verify(pass, product);
    if (pass === "program") filtered = (product as Program).kernels.filter((k) => k.name.endsWith(".products")).length;
  },
});
const two = new WasmDevice({ threads: 2, portable: true });
const folder = mkdtempSync(join(tmpdir(), "tidu-outliers-"));
const cache = process.env.TIDU_CACHE;
beforeAll(async () => {
  process.env.TIDU_CACHE = folder;
  await two.ready();
});
afterAll(async () => {
  if (cache === undefined) delete process.env.TIDU_CACHE;
  else process.env.TIDU_CACHE = cache;
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([one.close(), two.close()]);
});

/** Throws at the first element of which something does not hold. Half a million calls of `expect` would take longer than all else here. */
function checkEach(got: ArrayLike<number>, holds: (i: number) => boolean): void {
  for (let i = 0; i < got.length; i++) if (!holds(i)) throw new Error(`element ${i} is ${got[i]}`);
}

/** Channels of each layer, rows and columns, samples. */
const [C, SIZE, N] = [16, 14, 16];
const contents = new Map<Storage, Float32Array>();
function stored(shape: number[], seed: number, scale: number) {
  const storage = makeStorage(shape, "f32");
  let state = seed;
  const next = () => ((state = (Math.imul(state, 1664525) + 1013904223) | 0) >>> 8) / 2 ** 23 - 1;
  const data = Float32Array.from({ length: sizeOf(shape) }, () => next() * scale);
  contents.set(storage, data);
  return { data, value: new Tensor(ops.fromStorage(storage)) };
}
const x = stored([C, SIZE, SIZE, N], 1, 1);
const weights = [1, 2, 3].map((i) => stored([C, C, 3, 3], i, 0.2));
const labels = { a: ["n", "c", "h", "w", "i", "j"], b: ["f", "c", "i", "j"], out: ["n", "f", "h", "w"] };
const convolve = (input: Tensor, w: Tensor): Tensor => {
  const seen = windows(input, [3, 3], { stride: [1, 1], padding: [1, 1], dilation: [1, 1] });
  return new Tensor(ops.contract(seen.node, w.node, labels));
};
const y = weights.reduce<Tensor>((input, w) => convolve(input, w.value), x.value.permute([3, 0, 1, 2]));
const updates = [y.permute([1, 2, 3, 0])].map(({ node }) => ({ storage: makeStorage(node.shape, "f32"), value: node }));

/** One convolution as its formula says, in float64. */
function direct(data: Float64Array, w: Float32Array): Float64Array {
  const out = new Float64Array(data.length);
  const at = (c: number, h: number, v: number) => ((c * SIZE + h) * SIZE + v) * N;
  for (let f = 0; f < C; f++)
    for (let c = 0; c < C; c++)
      for (let h = 0; h < SIZE; h++)
        for (let v = 0; v < SIZE; v++)
          for (let i = Math.max(0, 1 - h); i < Math.min(3, SIZE + 1 - h); i++)
            for (let j = Math.max(0, 1 - v); j < Math.min(3, SIZE + 1 - v); j++) {
              const [from, to] = [at(c, h + i - 1, v + j - 1), at(f, h, v)];
              const weight = w[((f * C + c) * 3 + i) * 3 + j];
              for (let n = 0; n < N; n++) out[to + n] += weight * data[from + n];
            }
  return out;
}
const exact = () => weights.reduce<Float64Array>((data, w) => direct(data, w.data), Float64Array.from(x.data));

const [CHANNEL, ROW, COLUMN, SAMPLE] = [2, 5, 9, 3];
const place = ((CHANNEL * SIZE + ROW) * SIZE + COLUMN) * N + SAMPLE;
const reaches = (i: number) => {
  const [n, v, h] = [i % N, Math.floor(i / N) % SIZE, Math.floor(i / N / SIZE) % SIZE];
  return n === SAMPLE && Math.abs(h - ROW) <= 3 && Math.abs(v - COLUMN) <= 3;
};
async function withElement(value: number, ...places: readonly [Float32Array, number][]) {
  const usual = places.map(([data, i]) => data[i]);
  for (const [data, i] of places) data[i] = value;
  const [got] = await runOn(one, { updates, contents });
  checkSame(await runOn(two, { updates, contents }), [got]);
  const native = await NativeDevice.create({ threads: 2, portable: true });
  checkSame(await runOn(native, { updates, contents }), [got]);
  const want = exact();
  places.forEach(([data, i], k) => void (data[i] = usual[k]));
  expect(filtered).toBe(3);
  return { got, want };
}

describe("an element among numbers between -1 and 1", () => {
  test.each([1, 50, 1e3, 1e4, 1e8, -1e8, 1e25, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])(
    "of %d leaves all outputs whose windows do not cover it as they are",
    async (value) => {
      const { got, want } = await withElement(value, [x.data, place]);
      let worst = 0;
      for (let i = 0; i < got.length; i++) if (!reaches(i)) worst = Math.max(worst, Math.abs(got[i] - want[i]));
      expect(worst).toBeLessThan(1e-5);
      const size = Math.max(1, Math.abs(value));
      checkEach(got, (i) => {
        if (!reaches(i)) return true;
        return Number.isFinite(value) ? Math.abs(got[i] - want[i]) < 1e-5 * size : !Number.isFinite(got[i]);
      });
    },
  );
});

test("an element among zeros leaves zeros", async () => {
  const usual = x.data.slice();
  x.data.fill(0);
  for (const value of [1, 1e8]) {
    const { got, want } = await withElement(value, [x.data, place]);
    checkEach(got, (i) => (reaches(i) ? Math.abs(got[i] - want[i]) < 1e-5 * value : got[i] === 0));
  }
  x.data.set(usual);
});

test("an infinite weight reaches the outputs of its filter alone", async () => {
  const { got, want } = await withElement(Number.POSITIVE_INFINITY, [weights[2].data, 4 * C * 9 + 7]);
  checkEach(got, (i) => {
    // At the image's edges it meets the zeros around it.
    const inside = [i / N, i / N / SIZE].every((p) => Math.floor(p) % SIZE > 0 && Math.floor(p) % SIZE < SIZE - 1);
    if (Math.floor(i / (SIZE * SIZE * N)) !== 4) return Math.abs(got[i] - want[i]) < 1e-5;
    return !inside || Object.is(got[i], want[i]);
  });
});

test("gradients of weights: an element that no window of a tap covers does not reach that tap", async () => {
  const [dw] = gradient(y.sum().node, [weights[0].value.node]);
  const own = [{ storage: makeStorage(dw.shape, "f32"), value: dw }];
  const [before] = await runOn(one, { updates: own, contents });
  // The last row of the image meets the padding where the window's first row would be.
  const corner = ((CHANNEL * SIZE + SIZE - 1) * SIZE + COLUMN) * N + SAMPLE;
  const usual = x.data[corner];
  x.data[corner] = 1e8;
  const [after] = await runOn(one, { updates: own, contents });
  checkSame(await runOn(two, { updates: own, contents }), [after]);
  x.data[corner] = usual;
  let reached = 0;
  checkEach(after, (i) => {
    const [tap, channel] = [Math.floor(i / 3) % 3, Math.floor(i / 9) % C];
    if (tap === 0 || channel !== CHANNEL) return Math.abs(after[i] - before[i]) < 1e-5 * 1e3;
    reached += Number(Math.abs(after[i] - before[i]) > 1e3);
    return true;
  });
  expect(reached).toBeGreaterThan(80);
});

describe("one element of the slope that comes back", () => {
  const slope = stored([C, SIZE, SIZE, N], 7, 1);
  const own = convolve(x.value.permute([3, 0, 1, 2]), weights[0].value);
  const slopes = gradient(own.mul(slope.value.permute([3, 0, 1, 2])).sum().node, [weights[0].value.node, x.value.node]);
  const all = slopes.map((value) => ({ storage: makeStorage(value.shape, "f32"), value }));
  const run = async () => {
    const got = await runOn(one, { updates: all, contents });
    checkSame(await runOn(two, { updates: all, contents }), got);
    return got;
  };
  /** Down, to the right: in the middle, and at edges, where windows see padding. */
  const spots = [
    [5, 9],
    [0, 4],
    [SIZE - 1, 0],
  ];
  const values = [1e4, 1e8, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];

  test.each(spots.flatMap((spot) => values.map((value) => [...spot, value])))(
    "at %d, %d of %d reaches the taps and inputs that its window covers, and nothing else",
    async (h, v, value) => {
      const [cleanTaps, cleanInputs] = await run();
      expect(filtered).toBe(2);
      const at = ((CHANNEL * SIZE + h) * SIZE + v) * N + SAMPLE;
      const usual = slope.data[at];
      slope.data[at] = value;
      const [taps, inputs] = await run();
      slope.data[at] = usual;
      // A tap that meets the zeros around the image: it may be off by roundings of the element, and 0 · ∞ is no number.
      const bound = 1e-3 + (Number.isFinite(value) ? Math.abs(value) * 2 ** -18 : 0);
      const covers = (i: number, j: number) => i >= 0 && i < SIZE && j >= 0 && j < SIZE;
      checkEach(taps, (k) => {
        const [j, i, f] = [k % 3, Math.floor(k / 3) % 3, Math.floor(k / 9 / C)];
        if (f !== CHANNEL) return Math.abs(taps[k] - cleanTaps[k]) < 1e-3;
        if (Number.isFinite(value)) return covers(h + i - 1, v + j - 1) || Math.abs(taps[k] - cleanTaps[k]) < bound;
        // In the middle of the image each tap is infinite, as in the sum that filtering stands for.
        const isOwn = Math.abs(value) === Number.POSITIVE_INFINITY && h > 0 && h < SIZE - 1;
        return isOwn ? Math.abs(taps[k]) === Number.POSITIVE_INFINITY : !Number.isFinite(taps[k]);
      });
      checkEach(inputs, (k) => {
        const [n, j, i] = [k % N, Math.floor(k / N) % SIZE, Math.floor(k / N / SIZE) % SIZE];
        const reached = n === SAMPLE && Math.abs(i - h) <= 1 && Math.abs(j - v) <= 1;
        if (!reached) return Math.abs(inputs[k] - cleanInputs[k]) < 1e-4;
        return Number.isFinite(value) || !Number.isFinite(inputs[k]);
      });
    },
  );

  test.each(values)("an input of %d reaches the taps of its channel, and no others", async (value) => {
    const [clean] = await run();
    const usual = x.data[place];
    x.data[place] = value;
    const [taps] = await run();
    x.data[place] = usual;
    checkEach(taps, (k) => {
      if (Math.floor(k / 9) % C !== CHANNEL) return Math.abs(taps[k] - clean[k]) < 1e-3;
      return Number.isFinite(value) || !Number.isFinite(taps[k]);
    });
  });
});
