import { describe, expect, test } from "vitest";
import { ArgumentError, ShapeError } from "../../packages/tidu/src/base/errors.js";
import { conv2d } from "../../packages/tidu/src/nn/index.js";
import * as signal from "../../packages/tidu/src/nn/signal.js";
import { Generator } from "../../packages/tidu/src/tensor/random.js";
import { type NestedArray, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { expectNumbers } from "./support/close.js";
import { onEveryDevice, onReference } from "./support/devices.js";

const close = (got: NestedArray, want: readonly (readonly number[])[] | readonly number[], what = "values") =>
  expectNumbers(what, [got].flat(3) as number[], want.flat());

onEveryDevice(() => {
  describe("in one dimension", () => {
    const x = () => tensor([1, 2, 3, 4]);
    const w = () => tensor([1, 0, -2]);

    // From the definition: s(i) = x(i) - 2 x(i - 2).
    test.each([
      ["full", [1, 2, 1, 0, -6, -8]],
      ["same", [2, 1, 0, -6]],
      ["valid", [1, 0]],
    ] as const)("convolve %s", async (mode, want) => {
      close(await signal.convolve(x(), w(), mode).array(), want);
    });

    // From the definition: s(i) = x(i) - 2 x(i + 2).
    test.each([
      ["full", [-2, -4, -5, -6, 3, 4]],
      ["same", [-4, -5, -6, 3]],
      ["valid", [-5, -6]],
    ] as const)("correlate %s", async (mode, want) => {
      close(await signal.correlate(x(), w(), mode).array(), want);
    });

    test("a kernel of even length: the middle leans to the front", async () => {
      close(await signal.convolve(x(), tensor([1, 10]), "same").array(), [1, 12, 23, 34]);
    });

    test("full convolution multiplies polynomials and is commutative", async () => {
      close(await signal.convolve(tensor([1, 2]), tensor([3, 5, 7])).array(), [3, 11, 17, 14]);
      close(await signal.convolve(tensor([3, 5, 7]), tensor([1, 2])).array(), [3, 11, 17, 14]);
    });
  });

  describe("in two dimensions", () => {
    const sum = (f: (m: number, n: number) => number) =>
      [0, 1, 2].flatMap((m) => [0, 1].map((n) => f(m, n))).reduce((a, b) => a + b);

    test("convolve2d is the notes' formula", async () => {
      const random = new Generator(3);
      const [image, kernel] = [random.normal([5, 4]), random.normal([3, 2])];
      const [a, k] = [await image.realize(), await kernel.realize()];
      const [I, K] = [(await a.array()) as number[][], (await k.array()) as number[][]];
      const at = (i: number, j: number) => sum((m, n) => (I[i - m]?.[j - n] ?? 0) * K[m][n]);
      const want = Array.from({ length: 7 }, (_, i) => Array.from({ length: 5 }, (_, j) => at(i, j)));
      close(await signal.convolve2d(a, k).array(), want, "full");
      close(
        await signal.convolve(a, k, "same").array(),
        want.slice(1, 6).map((row) => row.slice(0, 4)),
        "same",
      );
      close(
        await signal.convolve2d(a, k, "valid").array(),
        want.slice(2, 5).map((row) => row.slice(1, 4)),
        "valid",
      );
    });

    test("convolve2d equals nn.conv2d with the kernel flipped, correlate2d with the kernel as it is", async () => {
      const random = new Generator(4);
      const image = await random.normal([7, 6]).realize();
      const kernel = await random.normal([3, 3]).realize();
      for (const [mode, padding] of [
        ["valid", 0],
        ["same", 1],
        ["full", 2],
      ] as const) {
        const layer = conv2d(1, 1, 3, { bias: false, padding });
        const through = async () =>
          [(await layer.forward(image.reshape([1, 1, 7, 6])).array()) as NestedArray].flat(4) as number[];
        layer.weight.assign(kernel.flip().reshape([1, 1, 3, 3]));
        close(await signal.convolve2d(image, kernel, mode).array(), await through(), `convolve2d ${mode}`);
        layer.weight.assign(kernel.reshape([1, 1, 3, 3]));
        close(await signal.correlate2d(image, kernel, mode).array(), await through(), `correlate2d ${mode}`);
      }
    });
  });
});

describe("convolveFunctions", () => {
  onReference();

  test("of two uniform densities is the triangle", async () => {
    const box = (a: number) => (a >= 0 && a < 1 ? 1 : 0);
    const { t, s } = signal.convolveFunctions(box, box, { from: 0, to: 1, count: 8 });
    const places = Array.from(await t.data());
    expect(places).toHaveLength(15);
    close(
      await s.array(),
      places.map((a) => 1 - Math.abs(1 - a)),
    );
  });

  test("of two normal densities is the normal density of the sum", async () => {
    const density = (deviation: number) => (a: number) =>
      Math.exp(-((a / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI));
    const { t, s } = signal.convolveFunctions(density(0.6), density(0.8), { from: -6, to: 6, count: 200 });
    close(await s.array(), Array.from(await t.data(), density(1)));
  });
});

describe("signal refuses", () => {
  const grid = { from: 0, to: 1, count: 4 };
  test.each<[string, () => unknown, typeof ShapeError | typeof ArgumentError]>([
    ["different numbers of axes", () => signal.convolve(tensor([1, 2]), tensor([[1]])), ShapeError],
    ["three axes", () => signal.convolve(tensor([[[1]]]), tensor([[[1]]])), ShapeError],
    ["a sequence for an image", () => signal.convolve2d(tensor([1]), tensor([1])), ShapeError],
    ["a valid kernel larger than the signal", () => signal.convolve(tensor([1]), tensor([1, 2]), "valid"), ShapeError],
    ["another mode", () => signal.convolve(tensor([1]), tensor([1]), "half" as "full"), ArgumentError],
    ["an empty grid", () => signal.convolveFunctions(Math.sin, Math.sin, { ...grid, to: 0 }), ArgumentError],
    ["a grid without points", () => signal.convolveFunctions(Math.sin, Math.sin, { ...grid, count: 0 }), ArgumentError],
  ])("%s", (_, body, kind) => expect(body).toThrow(kind));
});
