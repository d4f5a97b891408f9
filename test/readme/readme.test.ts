import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf, pagesOf, ROOT } from "./blocks.js";

/** An example may train a network on all of MNIST. */
const TIMEOUT = 180_000;

/** Pages whose blocks are the files of one project: a test of its own makes it (first-network.test.ts). */
const PROJECTS = ["docs/learn/first-network.md"];
const pages = ["README.md", ...(await pagesOf("docs"))].filter((page) => !PROJECTS.includes(page));

/** The code blocks of these pages: each is a program. */
const examples = (await Promise.all(pages.map((page) => blocksOf(page, "ts", "js"))))
  .flat()
  .map((block, i) => ({ ...block, name: `example-${i + 1}` }));

/** Programs beside those of other libraries run with them (pairs.test.ts). */
const runs = examples.filter(({ page, onlyTyped }) => !onlyTyped && !page.startsWith("docs/from/"));

/** A project of someone who installed the built package. */
let project: string;
/** What the compiler says against the examples. */
let problems: string[];
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "tidu-readme-"));
  await symlink(join(ROOT, "node_modules"), join(project, "node_modules"), "junction");
  await writeFile(join(project, "package.json"), '{ "type": "module" }');
  for (const { name, language, program } of examples) await writeFile(join(project, `${name}.${language}`), program);
  problems = compile(examples.filter(({ language }) => language === "ts"));
}, TIMEOUT);
afterAll(() => rm(project, { recursive: true }));

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  // A block without imports is a module, too: what it names is its own.
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
  types: ["node"],
  skipLibCheck: true,
};

/** Compiles programs beside themselves; returns what the compiler has to say against them. */
function compile(programs: readonly { readonly name: string; readonly page: string }[]): string[] {
  const files = programs.map(({ name }) => join(project, `${name}.ts`));
  const program = ts.createProgram(files, OPTIONS);
  const diagnostics = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  return diagnostics.map(({ file, messageText }) => {
    const at = programs[files.indexOf(file?.fileName ?? "")];
    return `${at?.name} of ${at?.page}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

/** What TypeScript has to say against a program as JavaScript, such as its types. */
function asJavaScript(code: string): string[] {
  const host = ts.createCompilerHost({});
  const read = host.getSourceFile;
  host.getSourceFile = (file, ...rest) =>
    file === "program.js" ? ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true) : read(file, ...rest);
  const program = ts.createProgram(["program.js"], { allowJs: true, noResolve: true, noLib: true }, host);
  return program
    .getSyntacticDiagnostics(program.getSourceFile("program.js"))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** Names that a program imports from packages of Tidu. */
const imported = (code: string): string[] =>
  [...code.matchAll(/^import \{([^}]*)\} from "@?tidu\b.*$/gm)].flatMap(([, names]) =>
    names.split(",").map((name) => name.trim()),
  );

/** The results that a program says it prints: `console.log(…); // [7, 2, 1]`. */
const promised = (code: string): string[] =>
  [...code.matchAll(/console\.log\(.*\); \/\/ ([[\d].*|true|false)$/gm)].map(([, result]) => compact(result));

const compact = (text: string): string => text.replaceAll(/\s/g, "");

describe("the README and the guides", () => {
  it("has an example", () => {
    expect(examples.length).toBeGreaterThan(0);
    expect(promised(examples[0].code).length).toBeGreaterThan(0);
  });

  it("compile as they are written", () => expect(problems).toEqual([]));

  it("import what they use where the reader sees it", () => {
    for (const { page, program, code } of examples) {
      const hidden = imported(program.slice(0, program.length - code.length));
      const missing = hidden.filter((name) => new RegExp(`\\b${name}\\b`).test(code) && !imported(code).includes(name));
      expect(missing, page).toEqual([]);
    }
  });

  it("are JavaScript, too, where people learn and look up what to do", () => {
    const all = examples.filter(({ page }) => /^docs\/(learn|do)\//.test(page));
    for (const { page, code } of all) expect(asJavaScript(code), page).toEqual([]);
  });

  it.each(runs)("$name of $page runs and prints what it says", { timeout: TIMEOUT }, async ({ name, program }) => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(project, `${name}.js`)], { cwd: project });
    const printed = stdout.split("\n").map(compact);
    for (const result of promised(program)) {
      const at = printed.indexOf(result);
      expect(at, `${result} in:\n${stdout}`).toBeGreaterThanOrEqual(0);
      printed.splice(0, at + 1);
    }
  });
});
