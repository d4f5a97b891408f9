import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ROWS } from "../../packages/onnx/src/import/rows/index.js";
import { type Outcome, runBackendTests } from "./support/backend.js";
import { onOneThread } from "./support/device.js";

onOneThread();

/** Where the folders of the node tests are; see scripts/onnx-tests.mjs. */
const DATA = process.env.ONNX_TESTS ?? "";
const LIST = new URL("./backend-passing.txt", import.meta.url);

/** Tests by the operator that they are named after, with how many of them pass. */
function table(outcomes: readonly Outcome[]): string {
  const byOp = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const key = outcome.ops.join(" ").length > 60 ? `${outcome.ops.slice(0, 4).join(" ")} …` : outcome.ops.join(" ");
    byOp.set(key, [...(byOp.get(key) ?? []), outcome]);
  }
  return [...byOp]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([op, list]) => `${list.filter((o) => o.problem === undefined).length}/${list.length}\t${op}`)
    .join("\n");
}

describe.skipIf(!existsSync(DATA))("ONNX's own tests of its nodes", () => {
  it("pass as far as the list says, which may not shrink", { timeout: 1_800_000 }, async () => {
    const outcomes = await runBackendTests(DATA, process.env.ONNX_PICK);
    const passed = outcomes.filter((o) => o.problem === undefined);
    const own = outcomes.filter(({ ops }) => ops.every((op) => ROWS.has(op) || op === "Constant"));
    const report = [
      table(outcomes),
      ...outcomes.flatMap((o) => (o.problem === undefined ? [] : `FAILS ${o.name} [${o.ops}]: ${o.problem}`)),
      `${passed.length} of ${outcomes.length} pass; of the ${own.length} whose operators are read ${own.filter((o) => o.problem === undefined).length}`,
    ].join("\n");
    if (process.env.ONNX_REPORT !== undefined) writeFileSync(process.env.ONNX_REPORT, `${report}\n`);
    if (process.env.ONNX_WRITE !== undefined) writeFileSync(LIST, `${passed.map((o) => o.name).join("\n")}\n`);
    const names = new Set(passed.map((o) => o.name));
    const listed = readFileSync(LIST, "utf8").trim().split("\n");
    const run = new Set(outcomes.map((o) => o.name));
    expect(listed.filter((name) => run.has(name) && !names.has(name))).toEqual([]);
  });
});
