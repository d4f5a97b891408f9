import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ROWS } from "../../packages/onnx/src/import/rows/index.js";
import { importOnnx } from "../../packages/onnx/src/index.js";
import { expectSameInRuntime } from "./support/compare.js";
import { onOneThread } from "./support/device.js";
import { opsOf } from "./support/graph.js";
import { ROW_CASES } from "./support/rows.js";
import { MORE_CASES } from "./support/rows-more.js";

const CASES = [...ROW_CASES, ...MORE_CASES];

onOneThread();

describe("every type of node that is read, beside ONNX Runtime", () => {
  it("is in the table of cases", () => {
    const ops = CASES.flatMap((c) => opsOf(c.model));
    // ONNX Runtime's build for browsers has no form of these; they are among ONNX's own tests.
    const others = ["Swish", "RMSNormalization", "ai.onnx.ml.LabelEncoder"];
    expect([...ROWS.keys()].filter((op) => !ops.includes(op))).toEqual(others);
  });

  it("is in the documentation", async () => {
    const page = await readFile(new URL("../../docs/models.md", import.meta.url), "utf8");
    const listed = /Supported node types: (.*?)\.\n/s.exec(page)?.[1].split(/,\s+/);
    expect(listed).toEqual([...ROWS.keys(), "Constant"].sort());
  });

  it.each(CASES)("$name", async ({ model, input, dtype, samples }) => {
    await expectSameInRuntime(importOnnx(model), model, input, dtype, samples);
  });
});
