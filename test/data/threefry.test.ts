import { describe, expect, it } from "vitest";
import { threefry2x32 } from "../../packages/tidu/src/base/threefry.js";

describe("threefry2x32", () => {
  // From kat_vectors of Random123, the authors' own implementation: threefry2x32, 20 rounds.
  it.each([
    [0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
  ])("key %i %i, counter %i %i", (key0, key1, ctr0, ctr1, first, second) => {
    expect(threefry2x32(key0, key1, ctr0, ctr1)).toEqual([first, second]);
  });

  it("takes every argument modulo 2^32", () => {
    expect(threefry2x32(-1, 2 ** 32 - 1, -1, 2 ** 40 - 1)).toEqual([0x1cb996fc, 0xbb002be7]);
    expect(threefry2x32(Number.MAX_SAFE_INTEGER, -1, Number.MAX_SAFE_INTEGER, -1)).toEqual([0x1cb996fc, 0xbb002be7]);
  });
});
