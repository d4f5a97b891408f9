import { expect, it } from "vitest";
import { requestedBytes } from "./allocations.js";

it("counts the arrays that are asked for by length, and stops counting", async () => {
  const view = new Uint8Array(8);
  const requested = await requestedBytes(async () => {
    new Uint8Array(100);
    Float64Array.from({ length: 3 }, () => 1);
    new ArrayBuffer(7);
    // Views ask for nothing.
    new Uint8Array(view.buffer, 2);
    expect(view).toBeInstanceOf(Uint8Array);
    expect(view.constructor).toBe(Uint8Array);
  });
  expect(requested).toBe(100 + 24 + 7);
  expect(await requestedBytes(async () => {})).toBe(0);
  expect(new Uint8Array(1).constructor).toBe(Uint8Array);
});

it("counts what is asked for in vain", async () => {
  const requested = await requestedBytes(async () => expect(() => new Uint8Array(2 ** 53 - 1)).toThrow(RangeError));
  expect(requested).toBe(2 ** 53 - 1);
});
