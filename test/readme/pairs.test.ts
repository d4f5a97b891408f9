// The guides "coming from …": two programs, one after the other, that print the same numbers.
import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Block, blocksOf, pagesOf, ROOT } from "./blocks.js";

const run = promisify(execFile);
/** Where the other library is: a folder with node_modules, such as that of the benchmark's peers. */
const PEERS = process.env.TIDU_PEERS ?? join(ROOT, "bench/peers");

/** A Python that has PyTorch or Keras. */
const PYTHON = process.env.TIDU_PYTHON ?? "/usr/bin/python3";

const pages = (await pagesOf("docs/from")).map((page) => ({ page }));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-pairs-"));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
});
afterAll(() => rm(folder, { recursive: true }));

/** Pairs of programs: one of another library, and the one of Tidu that follows. */
async function pairsOf(page: string): Promise<(readonly [Block, Block])[]> {
  const blocks = await blocksOf(page, "python", "javascript", "ts");
  return blocks.flatMap((block, i) => (block.language === "ts" ? [[blocks[i - 1], block] as const] : []));
}

/** All numbers that a program prints, in their order. */
const numbers = (text: string): number[] => (text.match(/-?\d+(\.\d+)?(e[-+]?\d+)?/g) ?? []).map(Number);

/** Runs a program of Python or JavaScript; `undefined` where the library that it imports is not installed. */
async function printedBy({ language, program }: Block): Promise<string | undefined> {
  const python = language === "python";
  const file = join(python ? folder : PEERS, `.pair-${process.pid}.${python ? "py" : "mjs"}`);
  try {
    await writeFile(file, program);
    return (await run(python ? PYTHON : process.execPath, [file])).stdout;
  } catch (error) {
    if (/No module named|ERR_MODULE_NOT_FOUND|ENOENT/.test(String(error))) return undefined;
    throw error;
  } finally {
    await rm(file, { force: true });
  }
}

describe.each(pages)("$page", async ({ page }) => {
  const pairs = await pairsOf(page);

  it("has pairs of programs", () => expect(pairs.length).toBeGreaterThan(0));

  it.for(pairs.map(([other, ours], i) => ({ i: i + 1, other, ours })))(
    "pair $i prints the same numbers",
    { timeout: 120_000 },
    async ({ other, ours, i }, { skip }) => {
      const file = join(folder, `${page.replaceAll("/", "-")}-${i}.mjs`);
      // Types are checked where all blocks are (readme.test.ts).
      await writeFile(
        file,
        ts.transpile(ours.program, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }),
      );
      const mine = numbers((await run(process.execPath, [file])).stdout);
      expect(mine.length).toBeGreaterThan(0);
      const printed = await printedBy(other);
      if (printed === undefined) return skip(`${other.language}: its library is not installed`);
      const theirs = numbers(printed);
      expect(theirs).toHaveLength(mine.length);
      for (const [n, value] of mine.entries()) expect(value).toBeCloseTo(theirs[n], 4);
    },
  );
});
