// Transposed convolutions: what padding takes away from the output and output padding leaves.
import { expect, test } from "vitest";
import { nn, tensor } from "../../packages/tidu/src/index.js";

const values = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(1 + i));

test.each([
  { stride: 1, dilation: 2, padding: 1, outputPadding: 1 },
  { stride: 1, dilation: 3, padding: 2, outputPadding: 2 },
  { stride: 2, dilation: 3, padding: 3, outputPadding: 2 },
  { stride: 3, dilation: 1, padding: 2, outputPadding: 2 },
  { stride: 2, dilation: 4, padding: 0, outputPadding: 3 },
])("output padding is below the stride or the dilation: %o", async ({ padding, outputPadding, ...rest }) => {
  const weight = values(2 * 3 * 2 * 3);
  const made = (options: object) => {
    const layer = nn.convTranspose2d(2, 3, [2, 3], { ...rest, ...options, bias: false });
    layer.weight.assign(tensor(weight, [2, 3, 2, 3]));
    return layer;
  };
  const x = tensor(values(2 * 4 * 5), [1, 2, 4, 5]);
  const whole = made({}).forward(x);
  const y = made({ padding, outputPadding }).forward(x);
  // Of the whole output, the rows and columns between what is cut off on either side; beyond it there is nothing but zeros.
  const [, , height, width] = whole.shape;
  const zeros = Math.max(0, outputPadding - padding);
  const padded =
    zeros === 0
      ? whole
      : whole.pad([
          [0, 0],
          [0, 0],
          [0, zeros],
          [0, zeros],
        ]);
  const end = (size: number): number => size - padding + outputPadding;
  const wanted = padded.slice(2, padding, end(height)).slice(3, padding, end(width));
  expect(y.shape).toEqual(wanted.shape);
  const [found, right] = [await y.data(), await wanted.data()];
  found.forEach((value, i) => expect(value).toBeCloseTo(right[i], 5));
});
