// What is tested of ops, layers, losses, optimizers and training holds of native code, too: the same suites, run again with it as the
// device in use, as gcc compiles it and as clang does.
import { type ExecFileException, execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { COMPILERS } from "./support.js";

const cache = mkdtempSync(join(tmpdir(), "tidu-native-"));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

/** What compilers see: every op. */
const OPS = ["test/native/inside"];
/** Where each op, each layer and each optimizer is used once, networks trained. */
const SHORT = [...OPS, "test/nn/networks", "test/optim/optimizers"];
const ASKED = process.env.NATIVE_SUITES ?? "usual";
/**
 * What the usual run leaves out: large networks whose steps are not compiled, which are other programs of the same ops, and optimizers
 * with other numbers or one more sum. The long run has them, and the usual one has them on WebAssembly.
 */
const LEFT_OUT = ["trained by hand (lenet|conv)", "optimizers are .*(decay|maximize|eps|memory|dampening)"];
const USUAL = ["--testNamePattern", `^(?!.*(${LEFT_OUT.join("|")}))`];
/** Compilers beside the first are asked for a sign of life; by `npm run test:long` for every op, by `npm run native:suites` for all. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  usual: ["test/native/inside/loops", "test/native/inside/halves"],
  long: OPS,
};
const ALL = ["test/native/inside", "test/nn", "test/optim", "test/train"];

/** Layers and optimizers are programs of the same ops, so one compiler has them. */
const filesFor = (compiler: string): readonly string[] =>
  ASKED === "all" ? ALL : compiler === COMPILERS[0] ? SHORT : BESIDE[ASKED];
const onlyFor = (): readonly string[] => (ASKED === "usual" ? USUAL : []);

/** What vitest's report says of the tests that failed. */
const failuresOf = (report: string): string =>
  [...report.matchAll(/"fullName":"([^"]*)","status":"failed".*?"failureMessages":\[(.*?)\],"meta"/g)]
    .map(([, name, messages]) => `${name}: ${messages.slice(0, 2000)}`)
    .join("\n");

/** Runs test files on native code and returns how many tests passed; throws with the output if one did not. */
async function runSuites(compiler: string, files: readonly string[]): Promise<number> {
  const vitest = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config",
    "test/native/vitest.config.ts",
    "--reporter=json",
  ];
  const env = { ...process.env, CC: compiler, TIDU_CACHE: cache };
  const options = { env, maxBuffer: 1 << 28 };
  const { stdout } = await promisify(execFile)(process.execPath, [...vitest, ...files, ...onlyFor()], options).catch(
    (error: ExecFileException) => {
      throw new Error(failuresOf(error.stdout ?? "") || `${error.stdout}\n${error.stderr}`.slice(-8000));
    },
  );
  const { numPassedTests, numFailedTests, success } = JSON.parse(stdout.slice(stdout.indexOf('{"num')));
  if (!success || numFailedTests > 0) throw new Error(stdout.slice(-8000));
  return numPassedTests;
}

test.each(COMPILERS)(
  "suites pass on native code by %s",
  async (compiler) => {
    const files = filesFor(compiler);
    expect(await runSuites(compiler, files)).toBeGreaterThan(files.includes(OPS[0]) ? 50 : 4);
  },
  2_400_000,
);
