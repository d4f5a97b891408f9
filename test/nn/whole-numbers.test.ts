// Layers with weights take whole numbers, truth values and halves as the same numbers in f32.
import { nn, setDevice, tensor } from "tidu";
import { afterAll, expect, test } from "vitest";
import "../../packages/tidu/src/node.js";
import { onOneThread } from "../support/one-thread.js";

onOneThread();
afterAll(() => setDevice(undefined));

const numbers = (shape: readonly number[]): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Number(i % 3 > 0));

test.each<[string, nn.Module, readonly number[]]>([
  ["linear", nn.linear(6, 2), [2, 6]],
  ["conv1d", nn.conv1d(2, 3, 3), [2, 2, 6]],
  ["conv2d", nn.conv2d(2, 4, 3, { groups: 2 }), [2, 2, 5, 6]],
  ["conv3d", nn.conv3d(1, 2, 2), [1, 1, 3, 4, 3]],
  ["convTranspose1d", nn.convTranspose1d(2, 3, 3), [2, 2, 6]],
  ["convTranspose2d", nn.convTranspose2d(2, 3, 3, { stride: 2, outputPadding: 1 }), [1, 2, 4, 5]],
  ["batchNorm2d", nn.batchNorm2d(2), [2, 2, 3, 3]],
  ["gru", nn.gru(3, 4), [2, 5, 3]],
])("%s", async (_, layer, shape) => {
  const values = numbers(shape);
  const want = await layer.predict(tensor(values, shape));
  for (const dtype of ["u8", "bool", "i32", "f16", "bf16"] as const) {
    const y = await layer.predict(tensor(values, shape, dtype));
    expect(y.dtype).toBe("f32");
    expect(await y.data(), dtype).toEqual(await want.data());
  }
});
