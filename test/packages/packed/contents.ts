// The packed packages have all that they say they have, the studio's pages among it; packing builds what is missing.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { publicDeclarations } from "../../../scripts/public-files.mjs";
import { packed, ROOT } from "./project.js";

const filesOf = (name: string): string[] =>
  packed()
    .find((p) => p.name === name)
    ?.files.map(({ path }) => path) ?? [];

describe("a packed package", () => {
  it.each(["tidu", "onnx", "cli"])("has every file that its manifest names: %s", async (folder) => {
    const manifest = JSON.parse(await readFile(join(ROOT, "packages", folder, "package.json"), "utf8"));
    const files = new Set(filesOf(manifest.name));
    const named = JSON.stringify([manifest.exports, manifest.main, manifest.module, manifest.types, manifest.bin]);
    const paths = [...named.matchAll(/"(?:\.\/)?((?:dist|bin)\/[^"*]+)"/g)].map(([, path]) => path);
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !files.has(path))).toEqual([]);
    for (const path of ["LICENSE", "README.md", "package.json"]) expect(files).toContain(path);
    // Packing a clone in which nothing is built gives the same.
    expect(manifest.scripts.prepack).toContain("npm run --workspaces=false --silent build");
  });

  it("has the declarations that its exports need, with their comments, and none of the inside", async () => {
    const folder = join(ROOT, "packages/tidu");
    const { exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const needed = await publicDeclarations(folder, exports);
    const there = filesOf("tidu").filter((path) => path.endsWith(".d.ts"));
    expect(there.sort()).toEqual([...needed].map((path) => `dist/${path}`).sort());
    expect(there).not.toContain("dist/codegen/wasm/barrier.d.ts");
    expect(await readFile(join(folder, "dist/nn/linear.d.ts"), "utf8")).toMatch(/\/\*\*.*@example.*```ts/s);
  });

  it("has the studio's pages, with what they load", async () => {
    const site = filesOf("@tidu/cli").filter((path) => path.startsWith("dist/studio/site/"));
    expect(site).toContain("dist/studio/site/index.html");
    expect(site.some((path) => path.endsWith(".js"))).toBe(true);
    expect(site.some((path) => path.endsWith(".css"))).toBe(true);
    const { scripts } = JSON.parse(await readFile(join(ROOT, "packages/cli/package.json"), "utf8"));
    expect(scripts.prepack).toContain("build:studio");
  });
});
