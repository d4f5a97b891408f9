// Many trainings in one process leave nothing behind: neither memory nor programs.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { inFolder } from "./resume-support.js";

const CHILD = fileURLToPath(new URL("./memory/child.mjs", import.meta.url));
const LIBRARY = fileURLToPath(new URL("../../packages/tidu/dist", import.meta.url));

interface Measure {
  readonly resident: number;
  readonly used: number;
  readonly programs: number;
}

it("a hundred trainings in one process take no more memory than ten, and compile nothing anew", async () => {
  // Functions that are called more often get more machine code from V8; without that, memory is what trainings take.
  const interpreted = ["--no-sparkplug", "--no-maglev", "--no-opt"];
  const { stdout } = await inFolder((folder) => {
    const args = ["--expose-gc", ...interpreted, CHILD, LIBRARY, join(folder, "checkpoints")];
    return promisify(execFile)(process.execPath, args);
  });
  const [tenth, last]: Measure[] = JSON.parse(stdout);
  expect(last.programs).toBe(tenth.programs);
  expect(last.used / tenth.used).toBeLessThan(1.05);
  expect(last.resident / tenth.resident).toBeLessThan(1.05);
}, 180_000);
