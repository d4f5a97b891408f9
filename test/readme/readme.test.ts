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

/** A project of someone who installed the built package. */
let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "tidu-readme-"));
  await symlink(join(ROOT, "node_modules"), join(project, "node_modules"), "junction");
  await writeFile(join(project, "package.json"), '{ "type": "module" }');
});
afterAll(() => rm(project, { recursive: true }));

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
  types: ["node"],
  skipLibCheck: true,
};

/** Compiles a program beside itself; returns what the compiler has to say against it. */
function compile(path: string): string[] {
  const program = ts.createProgram([path], OPTIONS);
  const diagnostics = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** The results that a program says it prints: `console.log(…); // [7, 2, 1]`. */
const promised = (code: string): string[] =>
  [...code.matchAll(/console\.log\(.*\); \/\/ ([[\d].*|true|false)$/gm)].map(([, result]) => compact(result));

const compact = (text: string): string => text.replaceAll(/\s/g, "");

describe("the README and the guides", () => {
  it("has an example", () => {
    expect(examples.length).toBeGreaterThan(0);
    expect(promised(examples[0].code).length).toBeGreaterThan(0);
  });

  it.each(examples)(
    "$name of $page compiles and runs as it is written, and prints what it says",
    { timeout: TIMEOUT },
    async ({ name, page, language, program, onlyTyped }) => {
      const path = join(project, name);
      await writeFile(`${path}.${language}`, program);
      if (language === "ts") expect(compile(`${path}.ts`)).toEqual([]);
      // Programs beside those of other libraries run with them (pairs.test.ts).
      if (onlyTyped || page.startsWith("docs/from/")) return;
      const { stdout } = await promisify(execFile)(process.execPath, [`${path}.js`], { cwd: project });
      const printed = stdout.split("\n").map(compact);
      for (const result of promised(program)) {
        const at = printed.indexOf(result);
        expect(at, `${result} in:\n${stdout}`).toBeGreaterThanOrEqual(0);
        printed.splice(0, at + 1);
      }
    },
  );
});
