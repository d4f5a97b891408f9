// A change of the public API is seen by the check, in a copy of the built packages.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT } from "./root.js";

/** A copy of what `npm run api` reads and writes. */
let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "tidu-api-"));
  await cp(join(ROOT, "scripts"), join(copy, "scripts"), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"), "junction");
  for (const name of ["tidu", "onnx", "cli"]) {
    const [from, to] = [join(ROOT, "packages", name), join(copy, "packages", name)];
    await mkdir(to, { recursive: true });
    for (const part of ["package.json", "api.md", "dist"])
      await cp(join(from, part), join(to, part), { recursive: true });
  }
});
afterAll(() => rm(copy, { recursive: true }));

const api = (...args: string[]) => promisify(execFile)(process.execPath, ["scripts/api.mjs", ...args], { cwd: copy });

it("a change of the API is seen, and npm run api writes it down", { timeout: 120_000 }, async () => {
  const report = join(copy, "packages", "tidu", "api.md");
  const before = await readFile(report, "utf8");
  const declarations = join(copy, "packages", "tidu", "dist", "tensor", "tensor.d.ts");
  const declared = await readFile(declarations, "utf8");
  await writeFile(declarations, declared.replace(/^( *)sum\(/m, "$1total("));
  await expect(api("--check")).rejects.toThrow(/packages\/tidu\/api\.md.*npm run api/s);
  await api();
  const after = await readFile(report, "utf8");
  expect(after).toBe(before.replace(/\bsum\(axes/, "total(axes"));
});
