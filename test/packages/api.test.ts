// The public API: what is not published, and comments on all that is.
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { ROOT } from "./root.js";

it("the API has no names of the inside", async () => {
  const said = await readFile(join(ROOT, "packages", "tidu", "api.md"), "utf8");
  expect(said).toMatch(/^### nn\.linear$/m);
  expect(said).not.toMatch(/^### (adopt|checkShape|stretch)$/m);
});

it.each(["tidu", "onnx"])("every public function and class of %s has a comment in what is published", (name) => {
  const folder = join(ROOT, "packages", name);
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    exports: Record<string, { types?: string; import?: { types?: string } } | string>;
  };
  const entries = Object.keys(exports)
    .filter((path) => path !== "./package.json" && path !== "./internal")
    .map((path) => join(folder, "dist", `${path === "." ? "index" : path.slice(2)}.d.ts`))
    .flatMap((path) => [path, path.replace(/\.d\.ts$/, "/index.d.ts")].filter(existsSync));
  expect(entries.length).toBeGreaterThan(0);
  const program = ts.createProgram(entries, { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022 });
  const checker = program.getTypeChecker();
  const bare: string[] = [];
  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile);
    for (const exported of checker.getExportsOfModule(module as ts.Symbol)) {
      const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
      const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
      const called = symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class);
      if (called !== 0 && symbol.getDocumentationComment(checker).length === 0) bare.push(symbol.name);
    }
  }
  expect(bare).toEqual([]);
});
