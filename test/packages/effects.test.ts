// Modules that are imported for their effects alone are kept by bundlers, which package.json tells of them.
import { readFile } from "node:fs/promises";
import { join } from "node:path/posix";
import { describe, expect, it } from "vitest";
import { sourceFiles } from "../../scripts/prose/sources.mjs";
import { ROOT } from "./root.js";

describe.each(["tidu", "onnx", "cli"])("packages/%s", (name) => {
  it("lists all modules that are imported without a name among its sideEffects", async () => {
    const { sideEffects } = JSON.parse(await readFile(join(ROOT, `packages/${name}/package.json`), "utf8"));
    const inside = `packages/${name}/src/`;
    const files = sourceFiles(ROOT).filter((file) => file.startsWith(inside) && /\.tsx?$/.test(file));
    const imported = await Promise.all(
      files.map(async (file) => {
        const text = await readFile(join(ROOT, file), "utf8");
        const names = [...text.matchAll(/^import "(\.[^"]+)"/gm)].map(([, path]) => path);
        return names.map((path) => `./dist/${join(file, "..", path).slice(inside.length)}`);
      }),
    );
    const listed = sideEffects === false ? [] : sideEffects;
    for (const module of imported.flat()) expect(listed).toContain(module);
  });
});
