// A program that an earlier process compiled runs again without being planned or printed, with the same bits; it is found by all
// that decides its code, and whatever is damaged is made anew.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { NativeDevice } from "tidu/native";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { generateC } from "../../packages/tidu/src/codegen/c/program.js";
import { readers } from "../../packages/tidu/src/codegen/readers.js";
import { compileProgram } from "../../packages/tidu/src/compile/program.js";
import { signature } from "../../packages/tidu/src/compile/simplify.js";
import { PROCESSOR } from "../../packages/tidu/src/compile/target.js";
import { makeStorage, type Update } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import type { Registers } from "../../packages/tidu/src/plan/registers.js";
import { identityOf } from "../../packages/tidu/src/runtime/native/kept.js";
import { read } from "../../packages/tidu/src/runtime/native/own-code.js";
import { checkSame, runOn } from "../support/compare.js";
import { randomNetwork } from "../support/random-network.js";
import { LARGE, randomProgram, SMALL } from "../support/random-program.js";
import { COMPILERS, HERE } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "tidu-native-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const before = process.env.TIDU_CACHE;
afterEach(() => {
  if (before === undefined) delete process.env.TIDU_CACHE;
  else process.env.TIDU_CACHE = before;
});

const MACHINES: readonly Registers[] = [
  { lanes: 16, accumulators: 24, unroll: 4, fused: true },
  { lanes: 8, accumulators: 12, unroll: 4, fused: true },
  { lanes: 4, accumulators: 12, unroll: 4, fused: false },
];

const identity = (updates: readonly Update[], registers: Registers): string => {
  const [roots, targets] = [updates.map((u) => u.value), updates.map((u) => u.storage)];
  return identityOf(signature(roots, targets).key, PROCESSOR, registers);
};
/** Without comments, which name storages and layers. */
const textOf = (updates: readonly Update[], registers: Registers): string =>
  generateC(compileProgram(updates).program, registers).text.replace(/\/\*.*?\*\//g, "");

test("what a program is found by decides its C", () => {
  const known = new Map<string, string>();
  let again = 0;
  const check = (updates: readonly Update[]): void => {
    for (const registers of MACHINES) {
      const key = identity(updates, registers);
      const text = textOf(updates, registers);
      if (known.has(key)) again++;
      expect(known.get(key) ?? text).toBe(text);
      known.set(key, text);
    }
  };
  const programs = [randomProgram(SMALL), randomProgram(LARGE), randomNetwork()];
  const numRuns = 4 * Number(process.env.RUNS ?? 1);
  // The same seeds again give equal programs, of other nodes and storages.
  for (const seed of [1, 2, 1, 2])
    for (const arbitrary of programs) for (const { updates } of fc.sample(arbitrary, { numRuns, seed })) check(updates);
  expect(again).toBeGreaterThanOrEqual(2 * programs.length * numRuns * MACHINES.length);
});

describe("another key has a program with", () => {
  const program = (shape: number[], constant: number, dtype: "f32" | "i32" = "f32"): Update[] => {
    const x = ops.fromStorage(makeStorage(shape, dtype));
    const { add, intAdd } = ops.elementwise;
    const value = ops.apply(dtype === "f32" ? add : intAdd, x, ops.full(constant, shape, dtype));
    return [{ storage: makeStorage(shape, dtype), value }];
  };
  const [machine] = MACHINES;
  const one = identity(program([4, 6], 2), machine);

  test.each([
    ["another constant", program([4, 6], 3), machine],
    ["a constant that is another number in its last bit", program([4, 6], 2 + 2 ** -51), machine],
    ["another shape", program([6, 4], 2), machine],
    ["another element type", program([4, 6], 2, "i32"), machine],
    ["other vectors", program([4, 6], 2), { ...machine, lanes: 8 }],
    ["other sums of products", program([4, 6], 2), { ...machine, fused: false }],
  ])("%s", (_, updates, registers) => {
    expect(identity(updates, registers)).not.toBe(one);
  });

  test("nothing else than an equal one", () => {
    expect(identity(program([4, 6], 2), machine)).toBe(one);
  });
});

test("of its own code it knows the digest, unless that changed since the process began", () => {
  const [root, now] = [join(folder, "package"), Date.now() + 1000];
  const bundle = join(root, "dist/bundle");
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(root, "package.json"), JSON.stringify({ name: "tidu" }));
  writeFileSync(join(bundle, "native.js"), "1");
  writeFileSync(join(bundle, "library-1.js"), "2");
  const url = pathToFileURL(join(bundle, "native.js")).href;
  const first = read(url, now);
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(read(url, now)).toBe(first);
  writeFileSync(join(bundle, "library-1.js"), "3");
  expect(read(url, now)).toMatch(/^[0-9a-f]{64}$/);
  expect(read(url, now)).not.toBe(first);
  expect(read(url, Date.now() - 60_000)).toBeUndefined();
  // As modules, too.
  const modules = join(root, "dist/runtime/native");
  mkdirSync(modules, { recursive: true });
  writeFileSync(join(modules, "own-code.js"), "4");
  expect(read(pathToFileURL(join(modules, "own-code.js")).href, now)).toMatch(/^[0-9a-f]{64}$/);
  // In a bundle of another program nothing tells which files it is.
  writeFileSync(join(root, "package.json"), JSON.stringify({ name: "app" }));
  expect(read(url, now)).toBeUndefined();
  expect(read("file:///app.js", now)).toBeUndefined();
  expect(read("https://example.org/dist/bundle/native.js", now)).toBeUndefined();
});

test.skipIf(COMPILERS.length === 0)(
  "a compiler is asked for its version once, and again where its file is another",
  async () => {
    const [calls, cc] = [join(folder, "calls"), join(folder, "counting-cc")];
    const install = (text: string): void =>
      writeFileSync(
        cc,
        `#!/bin/sh\n[ "$1" = "--version" ] && echo ${text} && echo called >> "${calls}" && exit\nexec ${COMPILERS[0]} "$@"\n`,
        { mode: 0o755 },
      );
    const { CC } = process.env;
    process.env.CC = cc;
    process.env.TIDU_CACHE = join(folder, "compilers");
    try {
      const versionOf = async () => (await NativeDevice.create({ threads: 1 })).compiler;
      const asked = () => readFileSync(calls, "utf8").trim().split("\n").length;
      install("first 1.0");
      for (let i = 0; i < 3; i++) expect(await versionOf()).toMatch(/^first 1\.0, /);
      expect(asked()).toBe(1);
      install("second 2.0");
      for (let i = 0; i < 2; i++) expect(await versionOf()).toMatch(/^second 2\.0, /);
      expect(asked()).toBe(2);
      rmSync(cc);
      await expect(versionOf()).rejects.toThrow(/no C compiler named/);
    } finally {
      process.env.CC = CC;
      if (CC === undefined) delete process.env.CC;
    }
  },
  60_000,
);

describe.skipIf(!HERE)("a program that was kept", () => {
  const [program, other] = fc.sample(randomProgram(SMALL), { numRuns: 2, seed: 5 });
  const filesIn = (cache: string, kind: string): string[] =>
    readdirSync(cache)
      .filter((name) => name.endsWith(kind))
      .map((name) => join(cache, name));
  /** Those of programs, not of a compiler. */
  const notesIn = (cache: string): string[] =>
    filesIn(cache, ".note").filter((path) => readFileSync(path, "utf8").includes('"library"'));
  const fresh = (name: string): string => (process.env.TIDU_CACHE = join(folder, name));
  /** Its results on a device of its own. */
  const run = async (threads = 1) => {
    const device = await NativeDevice.create({ threads, portable: true });
    return runOn(device, program);
  };

  test("is neither planned nor printed, and leaves the same bits on any number of threads", async () => {
    const cache = fresh("again");
    const want = await run();
    expect(notesIn(cache)).toHaveLength(1);
    expect(statSync(notesIn(cache)[0]).mode & 0o777).toBe(0o600);
    // By its text no library would be found: that needs this file.
    const [note] = notesIn(cache).map((path) => JSON.parse(readFileSync(path, "utf8").split("\n")[1]));
    writeFileSync(join(cache, `${note.library}.sum`), "");
    const library = join(cache, `${note.library}.so`);
    const { ino } = statSync(library);
    for (const threads of [1, 2, 3]) checkSame(await run(threads), want);
    expect(statSync(library).ino).toBe(ino);
    expect(notesIn(cache)).toHaveLength(1);
    // Who wants to see the passes or the text gets them.
    const seen: string[] = [];
    const device = await NativeDevice.create({ threads: 1, portable: true, observe: (pass) => seen.push(pass) });
    checkSame(await runOn(device, program), want);
    expect(seen).toContain("program");
    const texts: string[] = [];
    const reader = (text: string) => texts.push(text);
    readers.add(reader);
    checkSame(await run(), want);
    readers.delete(reader);
    expect(texts).toHaveLength(1);
  }, 60_000);

  test("is compiled anew if anything about it is damaged", async () => {
    const cache = fresh("damaged");
    const want = await run();
    await runOn(await NativeDevice.create({ threads: 1, portable: true }), other);
    const notes = notesIn(cache);
    expect(notes).toHaveLength(2);
    const whole = new Map(notes.map((path) => [path, readFileSync(path, "utf8")]));
    const edited = (text: string) => text.replace(/"arenaBytes":(\d+)/, '"arenaBytes":1$1');
    const damage: Record<string, () => void> = {
      cut: () => notes.forEach((path) => void writeFileSync(path, (whole.get(path) as string).slice(0, 100))),
      empty: () => notes.forEach((path) => void writeFileSync(path, "")),
      edited: () => notes.forEach((path) => void writeFileSync(path, edited(whole.get(path) as string))),
      swapped: () => notes.forEach((path, i) => void writeFileSync(path, whole.get(notes[1 - i]) as string)),
      "another library": () => {
        const [a, b] = notes.map((path) => `${JSON.parse((whole.get(path) as string).split("\n")[1]).library}.so`);
        renameSync(join(cache, a), join(cache, "aside"));
        cpSync(join(cache, b), join(cache, a));
        rmSync(join(cache, "aside"));
      },
      "no library": () => filesIn(cache, ".so").forEach((path) => void rmSync(path)),
    };
    for (const [kind, change] of Object.entries(damage)) {
      change();
      checkSame(await run(), want);
      const now = notes.map((path) => readFileSync(path, "utf8"));
      expect(now.filter((text, i) => text === whole.get(notes[i])).length, kind).toBeGreaterThanOrEqual(1);
    }
  }, 120_000);
});
