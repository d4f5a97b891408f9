// What tests of native code need: compilers that are here, and processes of their own, each with its own cache.
import { execFile, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";

export const INSTALL = "apt-get install gcc clang libc6-dev (macOS: xcode-select --install)";

const there = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;

/** Those of gcc and clang that are here; says how to install what is missing. */
export const COMPILERS: readonly string[] = ["gcc", "clang"].filter(there);
if (COMPILERS.length < 2) {
  const missing = ["gcc", "clang"].filter((name) => !COMPILERS.includes(name));
  console.warn(`Native code is not tested with ${missing.join(" and ")}, which is missing: ${INSTALL}`);
}

/** Processors that C is compiled for here, and run on: this one's kinds of vectors, and ARM's by an emulator. */
interface Other {
  readonly name: string;
  readonly build: { readonly compiler: string; readonly flags: readonly string[]; readonly emulator?: string };
  /** Vectors' elements in the C that is written for it. */
  readonly lanes: 4 | 8 | 16;
  readonly here: boolean;
}

const can = (feature: string): boolean =>
  existsSync("/proc/cpuinfo") && new RegExp(`\\b${feature}\\b`).test(readFileSync("/proc/cpuinfo", "utf8"));
const x86 = (name: string, feature: string, lanes: Other["lanes"], ...flags: string[]): Other => ({
  name: `x86-64 with ${name}`,
  build: { compiler: "gcc", flags: ["-O3", ...flags] },
  lanes,
  here: process.arch === "x64" && there("gcc") && can(feature),
});
const ARM = "aarch64-linux-gnu-gcc";
const OTHERS: readonly Other[] = [
  x86("SSE2", "sse2", 4, "-msse2", "-mno-sse3"),
  x86("AVX2", "avx2", 8, "-mavx2", "-mfma"),
  x86("AVX-512", "avx512f", 16, "-mavx512f", "-mfma"),
  {
    name: "ARM",
    build: { compiler: ARM, flags: ["-O3", "-static"], emulator: "qemu-aarch64" },
    lanes: 4,
    here: there(ARM) && there("qemu-aarch64"),
  },
];
export const PROCESSORS: readonly Other[] = OTHERS.filter(({ here }) => here);
if (!PROCESSORS.some(({ name }) => name === "ARM")) {
  console.warn("C for ARM is not tested: apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user");
}

/** What the device finds without being told. */
export const HERE = process.platform !== "win32" && ["cc", "clang", "gcc"].some(there);

export interface Outcome {
  readonly digest?: string;
  readonly error?: string;
  readonly message?: string;
  /** What it wrote for people. */
  readonly says: string;
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

const CHILD = fileURLToPath(new URL("child.mjs", import.meta.url));
const childArguments = (options: object): string[] => [
  CHILD,
  JSON.stringify({ portable: true, threads: 2, ...options }),
];

/** Trains in a process of its own (child.mjs), and tells what came of it. */
export function train(options: object, env: Environment, cwd?: string): Promise<Outcome> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      childArguments(options),
      { env: { ...process.env, ...env }, cwd },
      (_, out, says) => {
        const last = out.trim().split("\n").at(-1) ?? "";
        const result = last.startsWith("{") ? JSON.parse(last) : {};
        done({ ...result, says, signal: child.signalCode, code: child.exitCode });
      },
    );
  });
}

/** A process that trains, to be ended from outside. */
export const startTraining = (options: object, env: Environment) =>
  spawn(process.execPath, childArguments(options), {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });

/** After each test, variables of the environment are as they are now. */
export function restoreAfterEach(...names: readonly string[]): void {
  const { env } = process;
  const before = names.map((name) => [name, env[name]] as const);
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete env[name];
      else env[name] = value;
    }
  });
}

/** A command of some lines of shell. */
export function script(folder: string, name: string, lines: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A compiler that runs some lines of shell first, and is the real one after them. */
export const compilerThat = (folder: string, name: string, lines: string): string =>
  script(folder, name, `[ "$1" = "--version" ] && exec ${COMPILERS[0]} "$@"\n${lines}\nexec ${COMPILERS[0]} "$@"`);
