// Builds the packages twice in a clone, and runs the command line after each build.
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT, run } from "./root.js";

/** A clone of the repository with the packages that it needs, whose own packages are the clone's. */
let clone: string;
beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), "tidu-clone-"));
  for (const name of ["package.json", "tsconfig.json", "packages", "scripts", "experiments"]) {
    await cp(join(ROOT, name), join(clone, name), { recursive: true, preserveTimestamps: true });
  }
  const modules = join(ROOT, "node_modules");
  await mkdir(join(clone, "node_modules"));
  for (const name of await readdir(modules)) {
    const links = ["tidu", "@tidu", ".bin"].includes(name);
    if (links)
      await cp(join(modules, name), join(clone, "node_modules", name), { recursive: true, verbatimSymlinks: true });
    else await symlink(join(modules, name), join(clone, "node_modules", name), "junction");
  }
}, 120_000);
afterAll(() => rm(clone, { recursive: true }));

it("npx tidu works in a clone after every build", { timeout: 180_000 }, async () => {
  const build = () => run("npm", ["run", "build"], { cwd: clone });
  const version = async () => (await run("npx", ["--no", "--", "tidu", "--version"], { cwd: clone })).stdout;
  await build();
  const first = await version();
  expect(first).toMatch(/^\d+\.\d+\.\d+\n$/);
  await build();
  expect(await version()).toBe(first);
});
