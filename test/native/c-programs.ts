// What tests of C files need: a folder, numbers, and programs that are compiled and run.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setDevice } from "tidu";
import { afterAll, beforeAll, expect } from "vitest";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { checkSame } from "../support/compare.js";

/** How files are compiled and run. */
export interface Build {
  readonly compiler: string;
  readonly flags: readonly string[];
  /** What runs a program of another processor. */
  readonly emulator?: string;
}

/** A folder for the files of a test file, whose tests compute on WebAssembly with the bits that C has. */
export function workplace(): string {
  const folder = mkdtempSync(join(tmpdir(), "tidu-c-"));
  beforeAll(() => setDevice(new WasmDevice({ threads: 1, portable: true })));
  afterAll(() => {
    setDevice(undefined);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export const WARNINGS = ["-Wall", "-Wextra", "-pedantic", "-Werror"];

/** Compiles texts as one program, which has no warnings, and runs it; the numbers that it writes must be the same bits. */
export function checkProgram(
  folder: string,
  { compiler, flags, emulator }: Build,
  texts: readonly string[],
  input: Uint8Array,
  want: Float32Array,
): void {
  const files = texts.map((text, i) => {
    const path = join(folder, `file${i}.c`);
    writeFileSync(path, text);
    return path;
  });
  const program = join(folder, "program");
  const { status, stderr } = spawnSync(compiler, [...flags, ...WARNINGS, ...files, "-o", program], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const [command, ...args] = emulator === undefined ? [program] : [emulator, program];
  const env = { ...process.env, ASAN_OPTIONS: "detect_leaks=0" };
  const out = execFileSync(command, args, { input, env, maxBuffer: 1 << 28 });
  checkSame([new Float32Array(out.buffer.slice(out.byteOffset, out.byteOffset + out.byteLength))], [want]);
}

export const noise = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + i * i * 0.7) * 2);
export const bytes = (...arrays: (Float32Array | Int32Array)[]): Uint8Array =>
  Buffer.concat(arrays.map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength)));
