import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { invoke } from "./api/attempt.js";
import { missingOptions } from "./api/cases.js";
import { fuzzApi } from "./api/run.js";
import { readSurface } from "./api/surface.js";
import { OMITTED, ROWS, rowsOf } from "./api/table.js";

/** One in so many calls is made here; `npm run fuzz:api` makes all. */
const KEEP = 9;
const surface = readSurface();

// Valid calls write files where they are made.
const home = process.cwd();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-api-"));
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

describe("the table of public functions", () => {
  test("has a row for each, and none for what is not public", () => {
    const ids = surface.map(({ id }) => id);
    const known = new Set([...Object.keys(ROWS).map((key) => key.replace(/ \(.*/, "")), ...Object.keys(OMITTED)]);
    expect(ids.filter((id) => !known.has(id))).toEqual([]);
    expect([...known].filter((id) => !ids.includes(id))).toEqual([]);
  });

  test("gives every option", async () => {
    const missing: string[] = [];
    for (const callable of surface) {
      const calls = await Promise.all(rowsOf(callable.id).map((row) => row()));
      const [first = [], ...others] = calls.map((call) => missingOptions(callable, call));
      const nowhere = first.filter((name) => others.every((names) => names.includes(name)));
      missing.push(...nowhere.map((name) => `${callable.id}: ${name}`));
    }
    expect(missing).toEqual([]);
  });
});

describe("every valid call of the table", () => {
  test.each(Object.entries(ROWS))("%s", async (key, row) => {
    const call = await row();
    const result = await invoke(key.replace(/ \(.*/, ""), call);
    await call.use?.(result as never);
  });
});

describe("bad calls", () => {
  test("are refused by errors that name function, argument, value and what is allowed", {
    timeout: 300_000,
  }, async () => {
    const { calls, findings } = await fuzzApi(surface, KEEP);
    expect(calls).toBeGreaterThan(3000);
    expect(findings.map(({ call, problem }) => `${call}: ${problem}`)).toEqual([]);
  });
});
