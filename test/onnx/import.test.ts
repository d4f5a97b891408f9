import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ROWS } from "../../packages/onnx/src/import/rows/index.js";
import { importOnnx } from "../../packages/onnx/src/index.js";
import { expectSameInRuntime } from "./support/compare.js";
import { onOneThread } from "./support/device.js";
import { type GraphOptions, int, model, node, opsOf, weights } from "./support/graph.js";
import { ROW_CASES } from "./support/rows.js";
import { LOOP_CASES } from "./support/rows-loops.js";
import { MORE_CASES } from "./support/rows-more.js";

const CASES = [...ROW_CASES, ...MORE_CASES, ...LOOP_CASES];

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

describe("names in the state of a network", () => {
  const layers = [
    node("Gemm", ["x", "0.weight", "0.bias"], ["a"], { transB: int(1) }),
    node("LayerNormalization", ["a", "1.weight", "shared"], ["y"], { axis: int(-1) }),
  ];
  const initializers = [weights("0.weight", [4, 4]), weights("0.bias", [4]), weights("1.weight", [4])];

  it.each<[string, GraphOptions["nodes"]]>([
    [
      "where two layers share a bias by way of a node that copies it",
      [node("Identity", ["0.bias"], ["shared"]), ...layers],
    ],
    [
      "where a layer's bias is added to something before",
      [node("Add", ["x", "0.bias"], ["b"]), node("Gemm", ["b", "0.weight", "0.bias"], ["y"], { transB: int(1) })],
    ],
  ])("are each once, %s", async (_, nodes) => {
    const bytes = model({ input: ["n", 4], nodes, initializers });
    const net = importOnnx(bytes);
    const names = [...net.state().keys()];
    expect(new Set(names).size).toBe(names.length);
    await expectSameInRuntime(net, bytes, [4]);
    const copy = importOnnx(bytes);
    expect([...copy.state().keys()]).toEqual(names);
  });
});
