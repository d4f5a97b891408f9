// A command loads what it needs: packages that draw reports take longer to load than all the rest, and most commands never draw.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "rolldown/parseAst";
import { describe, expect, it } from "vitest";

const BUNDLE = fileURLToPath(new URL("../../packages/cli/dist/bundle/", import.meta.url));
const START = join(BUNDLE, "tidu.js");
const DRAWS = ["@observablehq/plot", "linkedom"];

interface Part {
  readonly type: string;
  readonly source?: { readonly value?: unknown } | null;
}

/** What a file names in its imports: those that are loaded with it, and those that are loaded when they are asked for. */
function importsOf(file: string): { readonly now: string[]; readonly later: string[] } {
  const code = readFileSync(file, "utf8");
  const named = (parts: readonly Part[]) => parts.flatMap(({ source }) => (source ? [String(source.value)] : []));
  const later = [...code.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, name]) => name);
  return { now: named(parseAst(code).body as readonly Part[]), later };
}

/** The packages that are loaded with a file of the bundle, through other files of it. */
function packagesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return importsOf(file).now.flatMap((name) => (name.startsWith(".") ? packagesOf(join(BUNDLE, name), seen) : [name]));
}

describe("the command line", () => {
  it("loads nothing that draws, whichever command is named", () => {
    const commands = importsOf(START).later.map((name) => join(BUNDLE, name));
    expect(commands.length).toBeGreaterThanOrEqual(12);
    expect(commands.flatMap((file) => packagesOf(file)).filter((name) => DRAWS.includes(name))).toEqual([]);
    expect(packagesOf(START)).toContain("commander");
  });

  it("has what draws in the file of reports", () => {
    expect(packagesOf(join(BUNDLE, "report.js"))).toEqual(expect.arrayContaining(DRAWS));
  });
});
