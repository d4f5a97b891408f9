// Each shape of tile, by itself, comes to the same results as the definition: products of every alignment, sums with and
// without a rest, batches, and what follows the sums.
import { describe, test } from "vitest";
import { TILES } from "../../../packages/tidu/src/codegen/wgsl/card.js";
import { makeStorage } from "../../../packages/tidu/src/graph/node.js";
import * as ops from "../../../packages/tidu/src/graph/ops/index.js";
import { checkClose, expected, runOn } from "../../support/compare.js";
import { open } from "./open.js";

const SIZES = [
  { rows: 36, columns: 132, inner: 20, batch: 1, follows: false },
  { rows: 33, columns: 129, inner: 17, batch: 2, follows: true },
];

const numbers = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => ((i * 37) % 23) / 8 - 1);

describe.each(TILES.map((t) => [`${t.rows}×${t.columns}`, t] as const))("a tile of %s", (_, tile) => {
  // SwiftShader takes seconds for each.
  test.skipIf(!("Deno" in globalThis))("computes products", async () => {
    const device = await open({ tiles: [tile] });
    for (const { rows, columns, inner, batch, follows } of SIZES) {
      const a = makeStorage([batch, rows, inner], "f32");
      const b = makeStorage([batch, inner, columns], "f32");
      const product = ops.contract(ops.fromStorage(a), ops.fromStorage(b), {
        a: ["z", "m", "k"],
        b: ["z", "k", "n"],
        out: ["z", "m", "n"],
      });
      const value = follows ? ops.apply(ops.elementwise.relu, ops.apply(ops.elementwise.neg, product)) : product;
      const updates = [{ storage: makeStorage(value.shape, "f32"), value }];
      const contents = new Map([a, b].map((s) => [s, numbers(s.shape.reduce((n, d) => n * d, 1))]));
      checkClose(await runOn(device, { updates, contents }), expected({ updates, contents }), [updates[0].storage]);
    }
    device.close();
  });
});
