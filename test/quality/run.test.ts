// `npm run quality` without scikit-learn says in one line what to install.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const RUN = fileURLToPath(new URL("run.mjs", import.meta.url));

it.each(["/no/such/python", process.execPath])("where %s is the Python, one line says what to install", (PYTHON) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [RUN], {
    env: { ...process.env, PYTHON },
    encoding: "utf8",
  });
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^quality: .* has no scikit-learn; apt-get install python3-sklearn, or .*\n$/);
});
