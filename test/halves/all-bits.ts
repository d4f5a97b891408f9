// Every pattern of bits and every rounding on a device: what native code and graphics cards are asked, too.
import { expect, test } from "vitest";
import type { Half } from "../../packages/tidu/src/base/half.js";
import { makeStorage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import type { Realizer } from "../../packages/tidu/src/tensor/realizer.js";
import { cast } from "../../packages/tidu/src/tensor/types.js";
import { NAN, nearestBits, numberOf, numbersAround } from "./nearest.js";

const hex = (bits: number): string => `0x${bits.toString(16)}`;

/** @param open makes the device when the first test runs. */
export function testAllBits(open: () => Promise<Realizer>): void {
  let device: Promise<Realizer> | undefined;
  const opened = (): Promise<Realizer> => (device ??= open());

  test.each<Half>(["f16", "bf16"])(
    "all 65,536 patterns of %s are the numbers that they stand for, and come back",
    async (dtype) => {
      const on = await opened();
      const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
      const stored = makeStorage([bits.length], dtype);
      on.write(stored, bits);
      const wide = cast(ops.fromStorage(stored), "f32");
      const [numbers, back] = [makeStorage([bits.length], "f32"), makeStorage([bits.length], dtype)];
      await on
        .prepare([
          { storage: numbers, value: wide },
          { storage: back, value: cast(wide, dtype) },
        ])
        .run();
      const [got, again] = [await on.read(numbers), await on.read(back)];
      const wrong: string[] = [];
      for (const b of bits) {
        const want = numberOf(dtype, b);
        if (!Object.is(got[b], want)) wrong.push(`${hex(b)} is ${got[b]}, expected ${want}`);
        const kept = Number.isNaN(want) ? NAN[dtype] : b;
        if (again[b] !== kept) wrong.push(`${hex(b)} comes back as ${hex(again[b])}, expected ${hex(kept)}`);
      }
      expect(wrong.slice(0, 20)).toEqual([]);
    },
  );

  test.each<Half>(["f16", "bf16"])("f32 is rounded to the nearest %s, of two to the even one", async (dtype) => {
    const on = await opened();
    const numbers = numbersAround(dtype, 200_000);
    const [given, rounded] = [makeStorage([numbers.length], "f32"), makeStorage([numbers.length], dtype)];
    on.write(given, numbers);
    await on.prepare([{ storage: rounded, value: cast(ops.fromStorage(given), dtype) }]).run();
    const got = await on.read(rounded);
    const wrong: string[] = [];
    numbers.forEach((x, i) => {
      const want = nearestBits(dtype, x);
      if (got[i] !== want) wrong.push(`${x} becomes ${hex(got[i])}, expected ${hex(want)}`);
    });
    expect(wrong.slice(0, 20)).toEqual([]);
  });
}
