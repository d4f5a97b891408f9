// Halves as the host has them, and on WebAssembly: by every pattern of bits and every boundary between two numbers.
import { describe, expect, test } from "vitest";
import { type Half, halfBits, halfValue, nearestHalf } from "../../packages/tidu/src/base/half.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { testAllBits } from "./all-bits.js";
import { nearestBits, numberOf, numbersAround } from "./nearest.js";

describe("on WebAssembly", () => testAllBits(async () => new WasmDevice({ threads: 1 })));
describe("on two threads", () =>
  testAllBits(async () => {
    const device = new WasmDevice({ threads: 2, portable: true });
    await device.ready();
    return device;
  }));

describe.each<Half>(["f16", "bf16"])("on the host, %s", (dtype) => {
  test("has the number of every pattern", () => {
    for (let b = 0; b < 65536; b++) expect(Object.is(halfValue(dtype, b), numberOf(dtype, b))).toBe(true);
  });

  test("is the nearest to every number, doubles too", () => {
    const beside = [...numbersAround(dtype, 20_000)].flatMap((x) => [x, x * (1 + 2 ** -40), x * (1 - 2 ** -52)]);
    for (const x of [...beside, 1e300, -1e-300, 5e-324, -0]) {
      const want = nearestBits(dtype, x);
      if (halfBits(dtype, x) !== want) throw new Error(`${x} becomes ${halfBits(dtype, x)}, expected ${want}`);
      if (!Object.is(nearestHalf(dtype, x), numberOf(dtype, want))) throw new Error(`${x}: ${nearestHalf(dtype, x)}`);
    }
  });
});
