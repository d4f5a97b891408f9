// Loops of random steps: the same values and gradients as the steps one after the other, on a device and in float64.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { concat, grad, scan, setDevice, type Tensor, tensor, WasmDevice } from "../../packages/tidu/src/index.js";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { Choices } from "../support/choices.js";
import { wave } from "./support/bodies.js";
import { type Body, byHand, type Run } from "./support/by-hand.js";

const device = new WasmDevice({ threads: 2, observe: verifier() });
beforeAll(() => device.ready());
afterAll(async () => {
  setDevice(undefined);
  await device.close();
});

interface Drawn {
  readonly length: number;
  readonly rows: number;
  readonly columns: number;
  readonly states: number;
  readonly sequences: number;
  readonly reverse: boolean;
  /** How each value of a step is made of those before it. */
  readonly steps: readonly (readonly number[])[];
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  length: fc.integer({ min: 1, max: 6 }),
  rows: fc.constantFrom(1, 2, 8),
  columns: fc.constantFrom(1, 3, 16),
  states: fc.integer({ min: 0, max: 3 }),
  sequences: fc.integer({ min: 1, max: 2 }),
  reverse: fc.boolean(),
  steps: fc.array(fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 9 }),
});

/** A body by what was drawn: each of its values is [rows, columns] and between -1 and 1. */
function bodyOf({ steps, states }: Drawn, weights: readonly Tensor[]): Body {
  return (state, xs) => {
    const pool = [...state, ...xs];
    for (const numbers of steps) {
      const c = new Choices(numbers);
      const x = c.pick(pool);
      const y = c.pick(pool);
      const [w, b] = weights;
      const make = c.pick([
        () => x.add(y).tanh(),
        () => x.mul(y),
        () => x.matmul(w).tanh(),
        () => x.sub(y).mul(0.5),
        () => x.add(b).sigmoid(),
        () => x.mul(b),
        () => x.gt(0.1).where(x, y),
        () => concat([x.slice(1, x.shape[1] - 1), x.slice(1, 0, x.shape[1] - 1 || 1)], 1).slice(1, 0, x.shape[1]),
        () => x.mean(1).unsqueeze(1).add(y).mul(0.5),
        () => x.matmul(y.transpose()).matmul(y).tanh(),
        () => x.neg().mul(w.sum(0).tanh()),
      ]);
      pool.push(make());
    }
    const made = pool.slice(state.length);
    const next = state.map((_, k) => made[made.length - 1 - (k % made.length)]);
    return [states > 1 ? [...next.slice(1), next[0]] : next, pool.slice(-2)];
  };
}

function results(it: Drawn, run: Run): Tensor[] {
  const { length, rows, columns, states, sequences, reverse } = it;
  const first = Array.from({ length: states }, (_, k) => wave([rows, columns], k + 2));
  const xs = Array.from({ length: sequences }, (_, k) => wave([length, rows, columns], k + 0.3));
  const weights = [wave([columns, columns], 5).mul(0.5), wave([columns], 7)];
  const [last, outputs] = run(bodyOf(it, weights), first, xs, { reverse });
  const cost = [...last, ...outputs].reduce((sum, t, i) => sum.add(t.mul(wave(t.shape, i + 3)).sum()), tensor(0));
  return [...last, ...outputs, ...grad(cost, [...first, ...xs, ...weights])];
}

const values = (list: readonly Tensor[]): Promise<number[][]> =>
  Promise.all(list.map(async (t) => Array.from(await t.data())));

test("are right, whatever the steps", async () => {
  const property = fc.asyncProperty(drawn, async (it) => {
    setDevice(new ReferenceDevice());
    const want = await values(results(it, byHand));
    const exact = await values(results(it, scan as Run));
    setDevice(device);
    const got = await values(results(it, scan as Run));
    want.forEach((list, k) => {
      const size = Math.max(1, ...list.map(Math.abs));
      list.forEach((x, i) => {
        expect(Math.abs(exact[k][i] - x)).toBeLessThanOrEqual(1e-6 * size);
        expect(Math.abs(got[k][i] - x)).toBeLessThanOrEqual(2e-4 * size);
      });
    });
  });
  await fc.assert(property, { numRuns: Number(process.env.LOOPS ?? 25) });
});
