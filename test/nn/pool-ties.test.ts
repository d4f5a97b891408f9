// Of equal elements of a window the first in row-major order takes the gradient, as in PyTorch.
import { grad, nn, tensor } from "tidu";
import { expect, test } from "vitest";

const SIZE = 5;
// Whole numbers, many of them equal.
const image = Float32Array.from({ length: SIZE * SIZE }, (_, i) => (i * i + 3 * i) % 4);

/** The windows along an axis, as first and last element. */
type Windows = readonly (readonly [from: number, to: number])[];

const ADAPTIVE = (count: number): Windows =>
  Array.from({ length: count }, (_, i) => [Math.floor((i * SIZE) / count), Math.ceil(((i + 1) * SIZE) / count)]);
const SLID = (kernel: number, stride: number): Windows =>
  Array.from({ length: Math.floor((SIZE - kernel) / stride) + 1 }, (_, i) => [i * stride, i * stride + kernel]);

/** How often each element is the largest of a window. */
function expected(rows: Windows, columns: Windows): number[] {
  const counts = Array.from(image, () => 0);
  for (const [top, bottom] of rows)
    for (const [left, right] of columns) {
      let best = top * SIZE + left;
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) if (image[y * SIZE + x] > image[best]) best = y * SIZE + x;
      counts[best]++;
    }
  return counts;
}

test.each([
  [nn.adaptiveMaxPool([3, 4]), ADAPTIVE(3), ADAPTIVE(4)],
  [nn.adaptiveMaxPool([1, 2]), ADAPTIVE(1), ADAPTIVE(2)],
  [nn.adaptiveMaxPool([5, 1]), ADAPTIVE(5), ADAPTIVE(1)],
  [nn.maxPool([2, 3], { stride: 1 }), SLID(2, 1), SLID(3, 1)],
  [nn.maxPool2d([3, 2], { stride: 1 }), SLID(3, 1), SLID(2, 1)],
  [nn.maxPool2d(2), SLID(2, 2), SLID(2, 2)],
] as const)("%s", async (pool, rows, columns) => {
  const x = tensor(image, [1, 1, SIZE, SIZE]);
  const [slope] = grad(pool.forward(x).sum(), [x]);
  expect([...(await slope.data())]).toEqual(expected(rows, columns));
});
