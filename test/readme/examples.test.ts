// The reference's examples: every public value has one, a program that is type-checked, run, and prints what it says.
import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SOURCES } from "../../scripts/sources.mjs";
import { ROOT } from "./blocks.js";

const TIMEOUT = 120_000;
/** No API: for Tidu's own packages, and for what they start. */
const HIDDEN = /\/(internal|worker|package\.json)$/;
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
  types: ["node"],
  skipLibCheck: true,
};

interface Example {
  /** As people reach it: "tidu: nn.relu". */
  readonly name: string;
  readonly code: string;
}

/** Every public value of every subpath, by its name, with its example if it has one. */
function publicValues(): Map<string, string | undefined> {
  const entries = Object.entries(SOURCES).filter(([name, file]) => !HIDDEN.test(name) && file.endsWith(".ts"));
  const files = entries.map(([, file]) => file);
  const program = ts.createProgram(files, { ...OPTIONS, noEmit: true });
  const checker = program.getTypeChecker();
  const found = new Map<string, string | undefined>();
  const visit = (module: ts.Symbol, prefix: string): void => {
    for (const symbol of checker.getExportsOfModule(module)) {
      if (isTypeOnly(symbol)) continue;
      const own = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const name = `${prefix}${symbol.name}`;
      if (own.flags & ts.SymbolFlags.ValueModule) visit(own, `${name}.`);
      else if (own.flags & ts.SymbolFlags.Value) found.set(name, exampleOf(own, checker));
    }
  };
  for (const [name, file] of entries) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (module !== undefined) visit(module, `${name}: `);
  }
  return found;
}

const isTypeOnly = ({ declarations = [] }: ts.Symbol): boolean =>
  declarations.some((d) => ts.isExportSpecifier(d) && (d.isTypeOnly || d.parent.parent.isTypeOnly));

function exampleOf(symbol: ts.Symbol, checker: ts.TypeChecker): string | undefined {
  const tag = symbol.getJsDocTags(checker).find(({ name }) => name === "example");
  return /```ts\n(.*?)```/s.exec(ts.displayPartsToString(tag?.text))?.[1];
}

const values = publicValues();
const examples = [...values].flatMap(([name, code]): Example[] => (code === undefined ? [] : [{ name, code }]));
const fileOf = (i: number): string => `example${i}.ts`;

/** Runs all examples in one process; each may take what the one before left. */
const RUNNER = `
import { inspect } from "node:util";
const log = console.log;
const results = [];
for (let i = 0; i < ${examples.length}; i++) {
  const said = [];
  console.log = (...values) => void said.push(values.map((x) => (typeof x === "string" ? x : inspect(x, { depth: 9 }))).join(" "));
  const problem = await import("./example" + i + ".js").then(() => undefined, String);
  results.push({ said, problem });
}
log(JSON.stringify(results));
process.exit(0);
`;

const compact = (text: string): string => text.replaceAll(/\s/g, "");
const promised = (code: string): string[] =>
  [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, result]) => compact(result));

describe("the examples of the reference", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tidu-examples-"));
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    await Promise.all(examples.map(({ code }, i) => writeFile(join(folder, fileOf(i)), code)));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("are there for every public name", () => {
    expect([...values].flatMap(([name, code]) => (code === undefined ? [name] : []))).toEqual([]);
  });

  it("compile, run and print what they say", { timeout: TIMEOUT }, async () => {
    expect(examples.length).toBeGreaterThan(100);
    const files = examples.map((_, i) => join(folder, fileOf(i)));
    const program = ts.createProgram(files, OPTIONS);
    const problems = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics].map(
      ({ file, messageText }) =>
        `${examples[files.indexOf(file?.fileName ?? "")]?.name}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
    expect(problems).toEqual([]);
    await writeFile(join(folder, "run.js"), RUNNER);
    // What native code is kept in is the test's own.
    const env = { ...process.env, TIDU_CACHE: join(folder, "cache") };
    const { stdout } = await promisify(execFile)(process.execPath, ["run.js"], { cwd: folder, maxBuffer: 1e8, env });
    const results = JSON.parse(stdout) as { said: string[]; problem?: string }[];
    for (const [i, { name, code }] of examples.entries()) {
      expect(results[i].problem, name).toBeUndefined();
      expect(promised(code).length, `${name} says what it prints`).toBeGreaterThan(0);
      expect(results[i].said.map(compact), name).toEqual(promised(code));
    }
  });
});
