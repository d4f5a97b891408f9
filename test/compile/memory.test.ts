import fc from "fast-check";
import { expect, test } from "vitest";
import type { Buffer, Expr, Kernel } from "../../packages/tidu/src/compile/kernel.js";
import { bytesOf, planMemory } from "../../packages/tidu/src/compile/memory.js";
import { PROCESSOR } from "../../packages/tidu/src/compile/target.js";
import { verifyMemory } from "../../packages/tidu/src/compile/verify/memory.js";

/** A kernel that writes one value and reads others, all of one axis. */
function kernel(target: Buffer, sources: readonly Buffer[]): Kernel {
  const value = sources.map((buffer): Expr => ({ kind: "load", buffer, index: { offset: 0, coef: [1] }, guards: [] }));
  const store = {
    buffer: target,
    index: { offset: 0, coef: [1] },
    guards: [],
    value: { kind: "const", dtype: "f32", value: 0 },
  } as const;
  const reads = value.map((v) => ({ ...store, value: v }));
  return {
    kind: "map",
    name: target.name,
    sizes: target.shape,
    outer: 1,
    stores: reads.length === 0 ? [store] : reads,
  };
}

/** Programs in which each kernel reads some of the values made before it. */
const programs = fc
  .array(
    fc.record({
      size: fc.integer({ min: 1, max: 5000 }),
      bytes: fc.boolean(),
      reads: fc.array(fc.nat(100), { maxLength: 3 }),
    }),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((drawn) => {
    const buffers = drawn.map(
      ({ size, bytes }, id): Buffer => ({
        id,
        name: `b${id}`,
        shape: [size],
        strides: [1],
        dtype: bytes ? "u8" : "f32",
      }),
    );
    return drawn.map(({ reads }, i) => kernel(buffers[i], i === 0 ? [] : reads.map((r) => buffers[r % i])));
  });

test("buffers that are needed at once never share a byte, whatever their lifetimes", () => {
  fc.assert(
    fc.property(programs, (kernels) => {
      const memory = planMemory(kernels, PROCESSOR);
      verifyMemory("plan memory", { kernels, buffers: [], memory });
      for (const [buffer] of memory.lifetimes) expect((buffer.offset as number) % 64).toBe(0);
    }),
  );
});

test("the arena is never smaller than what is needed at once, nor larger than all buffers side by side", () => {
  fc.assert(
    fc.property(programs, (kernels) => {
      const { arenaBytes, separateBytes, lifetimes } = planMemory(kernels, PROCESSOR);
      const needed = kernels.map((_, at) =>
        [...lifetimes].reduce(
          (n, [b, [first, last]]) => (first <= at && at <= last ? n + bytesOf(b, PROCESSOR.alignment) : n),
          0,
        ),
      );
      expect(arenaBytes).toBeGreaterThanOrEqual(Math.max(...needed));
      expect(arenaBytes).toBeLessThanOrEqual(separateBytes);
    }),
  );
});

test("a chain of equal values needs two places", () => {
  const chain = Array.from(
    { length: 10 },
    (_, id): Buffer => ({ id, name: `b${id}`, shape: [100], strides: [1], dtype: "f32" }),
  );
  const kernels = chain.map((b, i) => kernel(b, i === 0 ? [] : [chain[i - 1]]));
  expect(planMemory(kernels, PROCESSOR).arenaBytes).toBe(2 * bytesOf(chain[0], PROCESSOR.alignment));
});
