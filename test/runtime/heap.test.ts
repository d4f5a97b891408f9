import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryError } from "../../packages/tidu/src/base/errors.js";
import { Heap } from "../../packages/tidu/src/runtime/wasm/heap.js";

describe("the heap", () => {
  test("never hands out the same byte twice, and takes everything back", () => {
    const requests = fc.array(fc.record({ bytes: fc.integer({ min: 0, max: 200_000 }), free: fc.option(fc.nat(100)) }));
    fc.assert(
      fc.property(requests, (list) => {
        const heap = new Heap(false);
        const blocks: { start: number; end: number }[] = [];
        for (const { bytes, free } of list) {
          if (free !== null && blocks.length > 0) {
            const [gone] = blocks.splice(free % blocks.length, 1);
            heap.free(gone.start);
          }
          const start = heap.allocate(bytes);
          const block = { start, end: start + bytes };
          expect(start % 64).toBe(0);
          expect(start).toBeGreaterThan(0);
          expect(block.end + 64).toBeLessThanOrEqual(heap.memory.buffer.byteLength);
          for (const b of blocks) expect(block.start < b.end && b.start < block.end).toBe(false);
          blocks.push(block);
        }
        const { peak } = heap.usage;
        for (const { start } of blocks) heap.free(start);
        expect(heap.usage).toEqual({ used: 0, peak });
      }),
      { numRuns: 50 },
    );
  });

  test("gives freed memory out again instead of growing", () => {
    const heap = new Heap(false);
    const sizes = [300_000, 200_000, 100_000];
    const round = () => sizes.map((s) => heap.allocate(s)).forEach((start) => heap.free(start));
    round();
    const { byteLength } = heap.memory.buffer;
    for (let i = 0; i < 100; i++) round();
    expect(heap.memory.buffer.byteLength).toBe(byteLength);
  });

  test("refuses what it cannot address, and goes on as before", () => {
    const heap = new Heap(true);
    let error: unknown;
    try {
      heap.allocate(5 * 2 ** 30);
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(MemoryError);
    expect((error as MemoryError).bytes).toBeGreaterThan(5 * 2 ** 30);
    expect((error as MemoryError).message).toContain("5.00 GiB");
    expect(heap.allocate(100)).toBe(64);
  });
});
