// The design's map agrees with the code: the order of the folders, the kinds of ops, and every file that it names.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { trackedFiles } from "../../scripts/prose/sources.mjs";
import { ROOT } from "./blocks.js";

const rules = join(ROOT, ".dependency-cruiser.mjs");
const packages: Record<string, readonly (readonly string[])[]> = (await import(rules)).packages;
const files = trackedFiles(ROOT).map((file) => `/${file}`);
/** The most words that are read as a page. */
const PAGE = 1450;

describe.each(["docs/design.md", "docs/zh/design.md"])("%s", async (page) => {
  const text = await readFile(join(ROOT, page), "utf8");

  it.each(Object.entries(packages))("has the order of the folders in %s", (name, rows) => {
    const [, order = ""] = new RegExp(`^packages/${name} +(.*(?:\\n {4,}.*)*)`, "m").exec(text) ?? [];
    expect(order.replaceAll(/\s+/g, " ")).toBe(rows.map((row) => row.join(", ")).join(" < "));
  });

  it("names files and folders that there are", () => {
    const named = [...text.replaceAll(/^```.*?^```/gms, "").matchAll(/`([\w./-]*(?:\/|\.\w+)[\w./-]*)`/g)]
      .map(([, path]) => path)
      .filter((path) => !/^(tidu|@tidu)\/|^\w+\.\w+\(/.test(path));
    expect(named.length).toBeGreaterThan(40);
    const missing = named.filter((path) => {
      const end = `/${path.replace(/\/$/, "")}`;
      return !files.some((file) => file.endsWith(end) || file.includes(`${end}/`));
    });
    expect(missing).toEqual([]);
  });

  it("lists the kinds of ops", async () => {
    const source = await readFile(join(ROOT, "packages/tidu/src/graph/node.ts"), "utf8");
    const [, kinds = ""] = /interface Attributes \{(.*?)^\}/ms.exec(source) ?? [];
    const names = [...kinds.matchAll(/^ {2}readonly (\w+):/gm)].map(([, name]) => name);
    const [, list = ""] = /(?:fourteen kinds: |十四种：)([^.。]*)[.。]/.exec(text) ?? [];
    expect(names).toHaveLength(14);
    expect(list.split(/, |、| and\s+| 和 /).map((kind) => kind.trim())).toEqual(names);
  });
});

it("the design is one page", async () => {
  const text = await readFile(join(ROOT, "docs/design.md"), "utf8");
  expect(text.split(/\s+/).length).toBeLessThan(PAGE);
});
