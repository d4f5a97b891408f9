// Sums along lanes are added up in the order that plan/chains.ts fixes, to the last bit.
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { CHAIN, GROUP } from "../../packages/tidu/src/plan/chains.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";
import { tensor } from "../../packages/tidu/src/tensor/tensor.js";

const device = new WasmDevice({ threads: 1 });
afterAll(() => device.close());

const LANES = 4;
const add = (a: number, b: number): number => Math.fround(a + b);
const chain = (terms: readonly number[]): number => terms.reduce(add, 0);

/** A list cut into parts of a length; the last may be shorter. */
const parts = (list: readonly number[], length: number): number[][] =>
  Array.from({ length: Math.ceil(list.length / length) }, (_, i) => list.slice(i * length, (i + 1) * length));

/** The terms of one lane: chains, then groups of chains, then the groups in float64. */
function laneSum(terms: readonly number[]): number {
  const groups = parts(parts(terms, CHAIN).map(chain), GROUP).map((list) => list.reduce(add));
  return Math.fround(groups.reduce((sum, group) => sum + group, 0));
}

function sumOf(row: readonly number[]): number {
  const whole = row.length - (row.length % LANES);
  const lanes = Array.from({ length: LANES }, (_, lane) =>
    laneSum(row.slice(0, whole).filter((_, i) => i % LANES === lane)),
  );
  const sum = add(add(lanes[0], lanes[2]), add(lanes[1], lanes[3]));
  return whole === row.length ? sum : add(sum, chain(row.slice(whole)));
}

test("sums along lanes are added up in the order of chains", async () => {
  setDevice(device);
  const size = fc.oneof(fc.integer({ min: 64, max: 1100 }), fc.integer({ min: 64, max: 9000 }));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), size, fc.integer(), async (rows, length, seed) => {
      let state = seed;
      const next = () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 31;
      const values = Array.from({ length: rows }, () => Array.from({ length }, () => Math.fround(next())));
      expect([...(await tensor(values).sum(1).data())]).toEqual(values.map(sumOf));
    }),
    {
      numRuns: 60,
      examples: [
        [2, 4 * CHAIN * 4, 1],
        [1, 4 * CHAIN * 2 + 3, 2],
        [3, 4 * CHAIN * GROUP * 2 + 5, 3],
      ],
    },
  );
});
