// Loops of a contraction that run through memory as one are one loop, unless something depends on each of them.
import { afterEach, expect, test } from "vitest";
import type { Kernel } from "../../packages/tidu/src/compile/kernel.js";
import type { Stages } from "../../packages/tidu/src/compile/program.js";
import { compile, nn, setDevice, type Tensor, tensor } from "../../packages/tidu/src/index.js";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";

afterEach(() => setDevice(undefined));

/** The loops of more than one step of the contraction that makes a layer's output from an input of this shape. */
function loopsOf(layer: nn.Module, shape: readonly number[]): string {
  const device = new NullDevice();
  setDevice(device);
  const x = tensor(new Float32Array(shape.reduce((n, d) => n * d, 1)), shape);
  compile((input: Tensor) => layer.forward(input).square().sum()).prepare(x);
  const { kernels } = (device.programs.at(-1) as Stages).program;
  const { sizes, outer } = kernels.find(({ kind }) => kind === "contract") as Kernel;
  const text = (list: readonly number[]): string => list.filter((size) => size > 1).join(" ");
  return `${text(sizes.slice(0, outer))}, summed ${text(sizes.slice(outer))}`;
}

test.each([
  ["a window sliding along few samples", nn.conv1d(96, 23, 9, { padding: 4 }), [4, 96, 60], "240 23, summed 96 9"],
  ["a window of one pixel", nn.conv2d(20, 30, 1), [5, 20, 7, 9], "5 30 63, summed 20"],
  ["two neighboring summed loops", nn.conv2d(20, 30, 5), [1, 20, 5, 5], "30, summed 500"],
])("%s", (_, layer, shape, loops) => {
  expect(loopsOf(layer, shape)).toBe(loops);
});

test("steps of two apart do not run on", () => {
  expect(loopsOf(nn.conv1d(96, 23, 9, { stride: 2 }), [4, 96, 60])).toBe("4 23 26, summed 96 9");
});

test("loops stay apart where products with padding are left out", () => {
  const padded = nn.conv2d(20, 30, 5, { padding: 2 });
  expect(loopsOf(padded, [4, 20, 4, 4])).toBe("4 30 4 4, summed 20 5 5");
  expect(loopsOf(padded, [4, 20, 40, 40])).toBe("160 30 40, summed 20 5 5");
});
