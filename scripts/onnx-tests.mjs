// Runs ONNX's own node tests through the importer and prints which pass, by operator: `node scripts/onnx-tests.mjs`.
// The data come from the Python package onnx up to 1.17 (`pip install onnx==1.17.0`), or from a folder given as
// argument. With `--write`, the passing tests become test/onnx/backend-passing.txt, the list that must not shrink.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const args = process.argv.slice(2);
const given = args.find((arg) => !arg.startsWith("--"));
const python = process.env.PYTHON ?? "python3";
const find = "import onnx, os; print(os.path.join(os.path.dirname(onnx.__file__), 'backend/test/data/node'))";
const folder = given ?? spawnSync(python, ["-c", find], { encoding: "utf8" }).stdout?.trim();
if (!folder || !existsSync(folder)) {
  console.error("onnx-tests: there are no tests: pip install onnx==1.17.0, or name their folder");
  process.exit(1);
}
const report = join(tmpdir(), `onnx-tests-${process.pid}.txt`);
const write = args.includes("--write") ? { ONNX_WRITE: "1" } : {};
const { status } = spawnSync("npx", ["vitest", "run", "test/onnx/backend.test.ts"], {
  env: { ...process.env, ONNX_TESTS: folder, ONNX_REPORT: report, ...write },
  stdio: ["ignore", "ignore", "inherit"],
});
if (existsSync(report)) console.log(readFileSync(report, "utf8").trim());
rmSync(report, { force: true });
process.exit(status ?? 1);
