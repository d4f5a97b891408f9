// The page of names side by side: every cell of Tidu runs, and comes to what the other libraries came to.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as tidu from "tidu";
import { describe, expect, it } from "vitest";
import { INTEGERS, OWN, SECTIONS, VALUES } from "../../scripts/names/table.mjs";
import { ROOT } from "./blocks.js";

const read = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");
const golden = JSON.parse(await read("test/goldens/names.json"));
const { Tensor, tensor } = tidu;

const scope: Record<string, unknown> = { ...tidu };
for (const [name, value] of Object.entries(VALUES)) scope[name] = tensor(value);
for (const [name, value] of Object.entries(INTEGERS)) scope[name] = tensor(value).toInt();

/** What a cell comes to. */
function run(cell: string): Promise<unknown> {
  const names = Object.keys(scope);
  return new Function(...names, `return (async () => (${cell}))();`)(...names.map((name) => scope[name]));
}

/** Numbers, in lists where there are several; truths are 0 and 1. */
async function plain(value: unknown): Promise<unknown> {
  if (value instanceof Tensor) return plain(await value.array());
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return Promise.all([...(value as unknown as Iterable<unknown>)].map(plain));
  return Number(value);
}

const close = (value: unknown): unknown => (Array.isArray(value) ? value.map(close) : expect.closeTo(Number(value), 4));

describe.each(SECTIONS.map((section) => [section.name[0], section] as const))("%s", (_, { compared, rows }) => {
  it.each(rows)("%s", async (cell, torch, numpy, tfjs) => {
    const value = await run(cell);
    if (compared === "names") expect(value).toBeDefined();
    for (const [library, text] of Object.entries({ torch, numpy, tfjs })) {
      if (text === "") continue;
      expect(golden[library], `${library} has no ${text}`).toHaveProperty([text]);
      const its = golden[library][text];
      if (compared === "values") expect(await plain(value), text).toEqual(close(its));
      if (compared === "shapes" && value instanceof Tensor) expect(value.shape).toEqual(its);
    }
  });
});

it("has every public name that computes, or says that it is Tidu's own", () => {
  const cells = SECTIONS.flatMap(({ rows }) => rows.map(([cell]) => cell)).join("\n");
  const { nn, loss, optim, init } = tidu;
  const functions = (of: object): string[] =>
    Object.entries(of).flatMap(([name, value]) => (typeof value === "function" && /^[a-z]/.test(name) ? [name] : []));
  const names = [tidu, nn, loss, optim, optim.schedule, init].flatMap(functions);
  const methods = Object.getOwnPropertyNames(Tensor.prototype).filter(
    (name) => !/^(constructor|to[A-Z].*|valueOf)$/.test(name),
  );
  const missing = [...names, ...methods].filter((name) => !new RegExp(`\\b${name}\\b`).test(cells));
  expect(missing.sort()).toEqual(OWN.toSorted());
});

it.each([
  ["en", "docs/names.md"],
  ["zh", "docs/zh/names.md"],
])("the page in %s is made from the table: npm run names", async (language, page) => {
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/names.mjs", "--print", language], {
    cwd: ROOT,
  });
  expect(stdout).toBe(await read(page));
});
