// What a program looks like on machines of other numbers: passes ask a target, so each number must make its difference.
import { expect, test } from "vitest";
import { buffersOf } from "../../packages/tidu/src/compile/kernel.js";
import { compileProgram } from "../../packages/tidu/src/compile/program.js";
import { PROCESSOR, type Target } from "../../packages/tidu/src/compile/target.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { makeStorage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { windows } from "../../packages/tidu/src/nn/windows.js";
import { Tensor } from "../../packages/tidu/src/tensor/tensor.js";

const el = ops.elementwise;
const f32 = (...shape: number[]) => makeStorage(shape, "f32");
const program = (values: readonly Tensor[], numbers: Partial<Target>) =>
  compileProgram(
    values.map(({ node }) => ({ storage: f32(...node.shape), value: node })),
    { ...PROCESSOR, ...numbers },
    verifier(),
  ).program;

/** Many values of one input, each with an input of its own: one kernel, if it may touch and store so many. */
function many(count: number): Tensor[] {
  const x = ops.apply(el.exp, ops.fromStorage(f32(8, 8)));
  return Array.from({ length: count }, () => new Tensor(ops.apply(el.add, x, ops.fromStorage(f32(8, 8)))));
}

/** A 3×3 convolution with the batch innermost. */
function convolution(batch: number): Tensor {
  const x = new Tensor(ops.fromStorage(f32(batch, 16, 32, 32))).exp();
  const w = ops.fromStorage(f32(16, 16, 3, 3));
  const seen = windows(x, [3, 3], { stride: [1, 1], padding: [1, 1], dilation: [1, 1] }).node;
  return new Tensor(
    ops.contract(seen, w, { a: ["n", "c", "h", "w", "i", "j"], b: ["f", "c", "i", "j"], out: ["n", "f", "h", "w"] }),
  ).relu();
}

test("no kernel stores or touches more than the target allows", () => {
  expect(program(many(6), {}).kernels.some((k) => k.stores.length === 6)).toBe(true);
  for (const most of [2, 3]) {
    const { kernels } = program(many(6), { mostStores: most });
    expect(Math.max(...kernels.map((k) => k.stores.length))).toBe(most);
  }
  const { kernels } = program(many(6), { mostBuffers: 5 });
  expect(Math.max(...kernels.map((k) => buffersOf(k).length))).toBeLessThanOrEqual(5);
});

test("every buffer of the arena is aligned as the target wants it", () => {
  for (const alignment of [64, 256]) {
    const { buffers, memory } = program([convolution(8).sum(0).exp().sum(0)], { alignment });
    const placed = buffers.filter((b) => b.offset !== undefined);
    expect(placed.length).toBeGreaterThan(1);
    expect(memory.alignment).toBe(alignment);
    for (const { offset } of placed) expect((offset as number) % alignment).toBe(0);
  }
});

test("convolutions come from fewer products where the target wants it and has neighbors for all lanes", () => {
  const filtered = (numbers: Partial<Target>) =>
    program([convolution(16).sum(3)], numbers).kernels.some((k) => k.name.endsWith(".products"));
  expect([filtered({}), filtered({ winograd: false }), filtered({ vector: 64 })]).toEqual([true, false, false]);
});

test("values are computed again only as long as the target finds that cheap, and expressions stay as short as it wants", () => {
  expect(program(many(6), { recompute: 1000, mostStores: 1 }).kernels).toHaveLength(6);
  expect(program(many(6), { recompute: 3, mostStores: 1 }).kernels).toHaveLength(7);
  let x = new Tensor(ops.fromStorage(f32(64)));
  for (let i = 0; i < 20; i++) x = x.exp();
  const [long, short] = [300, 40].map((longest) => program([x], { longest, mostStores: 1 }).kernels.length);
  expect(short).toBeGreaterThan(long);
});
