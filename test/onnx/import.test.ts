import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ROWS } from "../../packages/onnx/src/import/rows/index.js";
import { importOnnx } from "../../packages/onnx/src/index.js";
import { expectSameInRuntime } from "./support/compare.js";
import { onOneThread } from "./support/device.js";
import { opsOf } from "./support/graph.js";
import { ROW_CASES } from "./support/rows.js";

onOneThread();

describe("every type of node that is read, beside ONNX Runtime", () => {
  it("is in the table of cases", () => {
    const ops = ROW_CASES.flatMap((c) => opsOf(c.model));
    expect([...ROWS.keys()].filter((op) => !ops.includes(op))).toEqual([]);
  });

  it("is in the documentation", async () => {
    const page = await readFile(new URL("../../docs/models.md", import.meta.url), "utf8");
    const listed = /The types of nodes: ([^.]*)\./.exec(page)?.[1].replace(" (two operands)", "").split(/,\s+/);
    expect(listed).toEqual([...ROWS.keys(), "Constant"].sort());
  });

  it.each(ROW_CASES)("$name", async ({ model, input, dtype }) => {
    await expectSameInRuntime(importOnnx(model), model, input, dtype);
  });
});
