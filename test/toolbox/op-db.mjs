// Runs every sample of PyTorch's operations, not only the kept ones, and writes what came of it to op-db.md.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "tidu-op-db-"));
const file = join(folder, "op-db.json.gz");
/** @type {(command: string, args: string[], env?: NodeJS.ProcessEnv) => boolean} */
const run = (command, args, env = {}) => {
  const { status } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  if (status !== 0) process.exitCode = 1;
  return status === 0;
};
try {
  if (run("/usr/bin/python3", ["test/goldens/op_db.py", file]))
    run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "test/toolbox/op-db.test.ts"], { OP_DB: file });
} finally {
  rmSync(folder, { recursive: true });
}
