// Loops: values, gradients and their gradients are those of the steps written one after the other, on every device.
import { afterAll, describe, expect, test } from "vitest";
import {
  grad,
  recompute,
  scan,
  setDevice,
  type Tensor,
  tensor,
  WasmDevice,
} from "../../packages/tidu/src/index.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { bodies, type Case, wave } from "./support/bodies.js";
import { byHand, type Run } from "./support/by-hand.js";

const devices = [1, 2].map((threads) => new WasmDevice({ threads, observe: verifier() }));
afterAll(async () => {
  setDevice(undefined);
  await Promise.all(devices.map((d) => d.close()));
});

/** All that a loop gives, and what may be made of it. */
function results({ body, first, xs, weights, length }: Case, run: Run, reverse: boolean): readonly Tensor[] {
  const [last, outputs] = run((s, x) => body(s, x, weights), first, xs, { reverse, length });
  const all = [...last, ...outputs];
  const floats = all.filter((t) => t.dtype === "f32");
  const inputs = [...first, ...xs, ...weights].filter((t) => t.dtype === "f32");
  const cost = floats.reduce((sum, t, i) => sum.add(t.mul(wave(t.shape, i + 3)).sum()), tensor(0));
  const slopes = grad(cost, inputs);
  const again = slopes.reduce((sum, t, i) => sum.add(t.mul(wave(t.shape, i + 5)).sum()), tensor(0));
  return [...all, ...slopes, ...grad(again, inputs)];
}

const values = (list: readonly Tensor[]): Promise<number[][]> =>
  Promise.all(list.map(async (t) => Array.from(await t.data())));

const far = (a: readonly number[], b: readonly number[]): number => {
  const size = Math.max(1e-3, ...b.map(Math.abs));
  return Math.max(0, ...a.map((x, i) => Math.abs(x - b[i]) / size));
};

describe.each(bodies)("$name", (it) => {
  test.each([false, true])("backwards: %s", async (reverse) => {
    for (const make of it.lengths) {
      setDevice(new ReferenceDevice());
      const want = await values(results(it.of(make), byHand, reverse));
      expect(await values(results(it.of(make), scan as Run, reverse))).toEqual(want.map((x) => x.map((y) => expect.closeTo(y, 5))));
      for (const device of devices) {
        setDevice(device);
        const got = await values(results(it.of(make), scan as Run, reverse));
        const off = got.map((x, i) => far(x, want[i]));
        expect(Math.max(...off), `${it.name} ${make} ${off}`).toBeLessThan(it.tolerance ?? 2e-5);
      }
    }
  });
});

test("a loop that is computed again for its gradient", async () => {
  const { body, first, xs, weights } = bodies[0].of(5);
  setDevice(devices[0]);
  const cost = (again: boolean) => {
    const run = () => scan((s, x) => body(s, x, weights), first, xs)[1][0];
    return grad((again ? recompute(run) : run()).square().sum(), [...xs, ...weights]);
  };
  const want = await values(cost(false));
  expect(Math.max(...(await values(cost(true))).map((x, i) => far(x, want[i])))).toBeLessThan(1e-5);
});
