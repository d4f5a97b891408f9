// Each shape of tile, by itself, comes to the same results as the definition: products of every alignment, sums with and
// without a rest, batches, and what follows the sums.
import { describe, test } from "vitest";
import { storeAs, type TypedArray } from "../../../packages/tidu/src/base/dtype.js";
import { sizeOf } from "../../../packages/tidu/src/base/shape.js";
import { TILES } from "../../../packages/tidu/src/codegen/wgsl/card.js";
import { makeStorage, type Storage } from "../../../packages/tidu/src/graph/node.js";
import * as ops from "../../../packages/tidu/src/graph/ops/index.js";
import { cast } from "../../../packages/tidu/src/tensor/types.js";
import { checkClose, expected, runOn } from "../../support/compare.js";
import { open } from "./open.js";

const SIZES = [
  { rows: 36, columns: 132, inner: 20, batch: 1, follows: false },
  { rows: 33, columns: 129, inner: 17, batch: 2, follows: true },
  { rows: 33, columns: 65, inner: 19, batch: 1, follows: false, halves: true },
];

function numbers({ shape, dtype }: Storage): TypedArray {
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 37) % 23) / 8 - 1);
  return storeAs("the test", "numbers", data, dtype);
}

describe.each(TILES.map((t) => [`${t.rows}×${t.columns}`, t] as const))("a tile of %s", (_, tile) => {
  // SwiftShader takes seconds for each.
  test.skipIf(!("Deno" in globalThis))("computes products", async () => {
    const device = await open({ tiles: [tile] });
    for (const { rows, columns, inner, batch, follows, halves } of SIZES) {
      const a = makeStorage([batch, rows, inner], halves ? "f16" : "f32");
      const b = makeStorage([batch, inner, columns], halves ? "bf16" : "f32");
      const product = ops.contract(cast(ops.fromStorage(a), "f32"), cast(ops.fromStorage(b), "f32"), {
        a: ["z", "m", "k"],
        b: ["z", "k", "n"],
        out: ["z", "m", "n"],
      });
      const value = follows ? ops.apply(ops.elementwise.relu, ops.apply(ops.elementwise.neg, product)) : product;
      const updates = [{ storage: makeStorage(value.shape, "f32"), value }];
      const contents = new Map([a, b].map((s) => [s, numbers(s)]));
      checkClose(await runOn(device, { updates, contents }), expected({ updates, contents }), [updates[0].storage]);
    }
    device.close();
  });
});
