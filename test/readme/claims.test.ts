// Each claim of the READMEs names the test that holds it, and the times there are those of docs/benchmarks.md.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT, withoutBlocks } from "./blocks.js";
import { CLAIMS, POINTERS } from "./claims.js";

const read = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");
const [english, chinese, benchmarks] = await Promise.all(
  ["README.md", "README.zh-CN.md", "docs/benchmarks.md"].map(read),
);
const inOneLine = (text: string): string => text.replaceAll(/\s+/g, " ");
const chineseLine = inOneLine(chinese);

/** Paragraphs and items of lists, without headings, tables and pictures. */
const parts = withoutBlocks(english)
  .split(/\n\n|^(?=- )/m)
  .filter((part) => !/^\s*$|^#|^\||^<picture/.test(part))
  .map(inOneLine);

describe("what the READMEs claim", () => {
  it.each(CLAIMS)("$en", async ({ en, zh, file, test }) => {
    expect(inOneLine(english)).toContain(en);
    expect(chineseLine).toContain(zh);
    expect(inOneLine(await read(file))).toContain(test);
  });

  it("has a test in every part", () => {
    const known = [...CLAIMS.map(({ en }) => en), ...POINTERS];
    expect(parts.filter((part) => !known.some((text) => part.includes(text)))).toEqual([]);
    expect(POINTERS.filter((text) => !parts.some((part) => part.includes(text)))).toEqual([]);
  });
});

it("the library is JavaScript alone: it has no dependency, and nothing is compiled where it is installed", async () => {
  const manifest = JSON.parse(await read("packages/tidu/package.json"));
  for (const kind of ["dependencies", "optionalDependencies", "gypfile"]) expect(manifest[kind]).toBeUndefined();
  expect(Object.keys(manifest.scripts)).toEqual(["prepack"]);
  const files = await readdir(join(ROOT, "packages/tidu/dist"), { recursive: true });
  expect(files.filter((file) => /\.(node|wasm|so|dylib|dll)$/.test(file))).toEqual([]);
});

/** Rows of the table below a line that begins with these words, as cells. */
function table(text: string, head: string): string[][] {
  const lines = text.slice(text.indexOf(head)).split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  return lines.slice(2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const measured = new Map(table(benchmarks, "| step (batch) | Tidu native |").map(([name, ...times]) => [name, times]));
/** Times of a row, which are followed by the median in brackets. */
const shortest = (name: string): number[] => measured.get(name)?.slice(0, 5).map(Number.parseFloat) ?? [];

describe("the READMEs' table of times", () => {
  const command = /`(npx node@24 bench\/run\.mjs steps) --only ([\w,]+) (--rounds \d+ --seconds [\d.]+)`/;
  const about = /Node [\d.]+(?:, |，)\d{4}-\d\d-\d\d/;

  it.each([
    ["English", english],
    ["Chinese", chinese],
  ])("has the numbers of docs/benchmarks.md, in %s", (_, readme) => {
    const [, run = "", only = "", how = ""] = command.exec(readme) ?? [];
    const said = inOneLine(benchmarks.slice(benchmarks.indexOf("## Results")));
    expect(said).toContain(`\`${run} ${how}\``);
    const [day = ""] = about.exec(readme) ?? [];
    expect(said).toContain(day.replace("，", ", "));
    expect(said).toMatch(/Intel Xeon \(AVX-512\)/);
    const rows = table(readme, readme === english ? "| step (batch) |" : "| 训练步（批量） |");
    expect(rows.map(([, ...times]) => times.map((time) => Number(time.replace(/ ms$/, ""))))).toEqual(
      only.split(",").map((name) => {
        const row = [...measured.keys()].find((key) => key.startsWith(`\`${name}\` `)) ?? name;
        const [native, wasm, eager, compiled, jax] = shortest(row);
        return [native, wasm, Math.min(eager, compiled), jax];
      }),
    );
  });

  it("PyTorch is faster than WebAssembly in some row of docs/benchmarks.md; its last column and mean are of the same table", () => {
    const rows = [...measured.values()];
    expect(rows.some(([_, wasm, torch]) => Number.parseFloat(torch) < Number.parseFloat(wasm))).toBe(true);
    const last = rows.map((row) => Number(row[5]));
    const mean = Math.exp(last.reduce((sum, ratio) => sum + Math.log(ratio), 0) / last.length);
    expect(benchmarks).toContain(`The geometric mean of the last column is ${mean.toFixed(2)}`);
  });
});

/** Heads of tables that set times or results beside those of other libraries; those of names begin with Tidu's. */
const COMPARING = /^\|(?! Tidu \|).*(PyTorch|JAX|scikit-learn|OpenBLAS|TensorFlow|NumPy).*\|\n\| ?-/gm;
const COMMAND = /`(npm run|npx node@\d+ bench)[^`]*`/;

describe("tables of comparisons with other libraries", () => {
  it.each(["README.md", "docs/benchmarks.md", "docs/growth.md"])("in %s follow their command", async (page) => {
    const text = await read(page);
    const heads = [...text.matchAll(COMPARING)];
    expect(heads.length).toBeGreaterThan(0);
    // The first paragraph of a page that a command writes is for all its tables.
    const first = /^Written by .*$/m.exec(text)?.[0] ?? "";
    for (const { index, 0: head } of heads) {
      const section = text.slice(text.lastIndexOf("\n#", index) + 1, index);
      expect(first + section, head).toMatch(COMMAND);
    }
  });

  it("are in no other page", async () => {
    const pages = (await readdir(join(ROOT, "docs"))).filter((name) => name.endsWith(".md"));
    const texts = await Promise.all(pages.map((page) => read(`docs/${page}`)));
    const comparing = pages.filter((_, i) => texts[i].search(COMPARING) >= 0);
    expect(comparing.sort()).toEqual(["benchmarks.md", "growth.md"]);
  });
});

it.each([
  "README.md",
  "README.zh-CN.md",
  "packages/tidu/README.md",
  "packages/onnx/README.md",
  "docs/index.md",
  "docs/zh/index.md",
])("%s says that a project is of ES modules before it installs", async (page) =>
  expect(await read(page)).toMatch(/npm pkg set type=module.*\nnpm install tidu/),
);
