// Sums of up to 10⁸ terms, in full size: what PyTorch 1.13 makes of the same is the most that each may be off.
import { afterAll, beforeAll, expect, test } from "vitest";
import { ones, setDevice, type Tensor, tensor, Variable, WasmDevice } from "../../packages/tidu/src/index.js";
import { grad } from "../../packages/tidu/src/tensor/grad.js";

const device = new WasmDevice({ threads: 2 });
beforeAll(async () => {
  setDevice(device);
  await device.ready();
});
afterAll(() => device.close());

const tenths = (...shape: number[]): Tensor =>
  tensor(new Float32Array(shape.reduce((n, s) => n * s, 1)).fill(0.1), shape);
const TENTH = Math.fround(0.1);

function uniform(size: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  });
}

/** How far the worst element is from what it must be. */
async function off(sums: Tensor, exact: number): Promise<number> {
  return Array.from(await sums.data()).reduce((worst, v) => Math.max(worst, Math.abs(v - exact)), 0);
}

const MINUTES = 180_000;

test("ones [3,2e7] @ [2e7,3]", { timeout: MINUTES }, async () => {
  expect(
    await off(
      ones([3, 2e7])
        .add(0)
        .matmul(ones([2e7, 3])),
      2e7,
    ),
  ).toBe(0);
  const [a, b] = [new Float32Array(6e7).fill(1), new Float32Array(6e7).fill(1)];
  expect(await off(tensor(a, [3, 2e7]).matmul(tensor(b, [2e7, 3])), 2e7)).toBe(0);
});

test("0.1 [2,1e6] @ [1e6,2]: 3e-5 of 10⁴", { timeout: MINUTES }, async () => {
  expect(await off(tenths(2, 1e6).matmul(tenths(1e6, 2)), 1e6 * TENTH * TENTH)).toBeLessThan(1e-6 * 1e4);
});

test("ones [2e7,2].sum(0)", { timeout: MINUTES }, async () => {
  expect(await off(tensor(new Float32Array(4e7).fill(1), [2e7, 2]).sum([0]), 2e7)).toBe(0);
});

test("0.1 summed 10⁷ times: 0.6", { timeout: MINUTES }, async () => {
  expect(await off(tenths(1e7).sum(), 1e7 * TENTH)).toBeLessThan(0.6);
});

test("0.1 summed 10⁸ times", { timeout: MINUTES }, async () => {
  expect(await off(tenths(1e8).sum(), 1e8 * TENTH)).toBeLessThan(1e-6 * 1e7);
});

test("a product of uniform numbers over 3·10⁶ terms: 0.63", { timeout: MINUTES }, async () => {
  const [a, b] = [uniform(3e6, 1), uniform(3e6, 2)];
  const exact = a.reduce((sum, v, i) => sum + v * b[i], 0);
  expect(await off(tensor(a, [1, 3e6]).matmul(tensor(b, [3e6, 1])), exact)).toBeLessThan(0.63);
});

test("the gradient of a linear layer's weight over 10⁵ samples: 5e-7", { timeout: MINUTES }, async () => {
  const x = uniform(8e5, 3);
  const weight = new Variable(ones([4, 8]));
  const y = tensor(x, [1e5, 8]).matmul(weight.permute([1, 0]));
  const [got] = grad(y.sum(), [weight]);
  const exact: number[] = Array.from({ length: 8 }, (_, i) =>
    x.reduce((sum, v, at) => (at % 8 === i ? sum + v : sum), 0),
  );
  const worst = Array.from(await got.data()).reduce(
    (w, v, i) => Math.max(w, Math.abs(v - exact[i % 8]) / exact[i % 8]),
    0,
  );
  expect(worst).toBeLessThan(5e-7);
});
