import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
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
  await writeFile(declarations, declared.replace(/^( +)sum\(/m, "$1total("));
  await expect(api("--check")).rejects.toThrow(/packages\/tidu\/api\.md.*npm run api/s);
  await api();
  const after = await readFile(report, "utf8");
  expect(after).toBe(before.replace(/\bsum\(axes/, "total(axes"));
});

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
