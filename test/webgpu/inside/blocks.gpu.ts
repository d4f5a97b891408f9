// Contractions whose threads each keep a block of sums come to the same results as the definition: blocks that fit and
// that do not, sums along one loop and several, batches, halves, and what follows the sums.
import { beforeAll, expect, test } from "vitest";
import { storeAs } from "../../../packages/tidu/src/base/dtype.js";
import { sizeOf } from "../../../packages/tidu/src/base/shape.js";
import { makeStorage, type Storage } from "../../../packages/tidu/src/graph/node.js";
import * as ops from "../../../packages/tidu/src/graph/ops/index.js";
import { cast } from "../../../packages/tidu/src/tensor/types.js";
import type { WebGpuDevice } from "../../../packages/tidu/src/webgpu.js";
import { checkClose, expected, runOn } from "../../support/compare.js";
import { open } from "./open.js";

let device: WebGpuDevice;
beforeAll(async () => {
  device = await open({}, "processor");
});

/** Sums over loops of these sizes, which lie in another order in the one operand than in the other. */
function product(
  batch: number,
  rows: number,
  columns: number,
  inner: readonly number[],
  { follows = false, halves = false } = {},
) {
  const names = inner.map((_, i) => `k${i}`);
  const a = makeStorage([batch, rows, ...inner], halves ? "f16" : "f32");
  const b = makeStorage([batch, ...[...inner].reverse(), columns], halves ? "bf16" : "f32");
  const sums = ops.contract(cast(ops.fromStorage(a), "f32"), cast(ops.fromStorage(b), "f32"), {
    a: ["z", "m", ...names],
    b: ["z", ...[...names].reverse(), "n"],
    out: ["z", "m", "n"],
  });
  const value = follows ? ops.apply(ops.elementwise.relu, ops.apply(ops.elementwise.neg, sums)) : sums;
  const update = { storage: makeStorage(value.shape, "f32"), value };
  const program = (fill: (i: number) => number) => {
    const numbers = ({ shape, dtype }: Storage) =>
      storeAs(
        "the test",
        "numbers",
        Float32Array.from({ length: sizeOf(shape) }, (_, i) => fill(i)),
        dtype,
      );
    return { updates: [update], contents: new Map([a, b].map((s) => [s, numbers(s)])) };
  };
  return { program, result: update.storage };
}

test.each([
  [1, 1, 1, [7]],
  [1, 1, 5, [1]],
  [2, 9, 7, [3, 5]],
  [1, 64, 48, [40]],
  [3, 33, 130, [17]],
  [1, 150, 6, [4, 9, 40]],
  [1, 5, 3, [64, 12, 12]],
])("%s products of %s × %s sums over %s", async (batch, rows, columns, inner) => {
  for (const options of [{}, { follows: true }, { halves: true }]) {
    const { program, result } = product(batch, rows, columns, inner, options);
    const given = program((i) => ((i * 37) % 23) / 8 - 1);
    checkClose(await runOn(device, given), expected(given), [result]);
  }
});

const TENTH = Math.fround(0.1);

// A chain, several of one loop, several of whole loops, and sums that are cut into parts.
test.each([[[20]], [[33]], [[1000]], [[50_021]], [[5, 7, 4]], [[30, 30]], [[9, 40, 3]], [[64, 28, 28]]])(
  "sums of equal numbers over %s",
  async (inner) => {
    const { program } = product(1, 9, 5, inner);
    const [sums] = await runOn(
      device,
      program(() => TENTH),
    );
    for (const sum of sums) expect(Math.abs(sum / (sizeOf(inner) * TENTH * TENTH) - 1)).toBeLessThan(1e-6);
  },
);
