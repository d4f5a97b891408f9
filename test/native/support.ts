// What tests of native code need: compilers that are here, and processes of their own, each with its own cache.
import { execFile, spawn, spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const INSTALL = "apt-get install gcc clang libc6-dev (macOS: xcode-select --install)";

const there = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;

/** Those of gcc and clang that are here; says how to install what is missing. */
export const COMPILERS: readonly string[] = ["gcc", "clang"].filter(there);
if (COMPILERS.length < 2) {
  const missing = ["gcc", "clang"].filter((name) => !COMPILERS.includes(name));
  console.warn(`Native code is not tested with ${missing.join(" and ")}, which is missing: ${INSTALL}`);
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

/** A compiler that runs some lines of shell first, and is the real one after them. */
export function compilerThat(folder: string, name: string, lines: string): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `#!/bin/sh\n[ "$1" = "--version" ] && exec ${COMPILERS[0]} "$@"\n${lines}\nexec ${COMPILERS[0]} "$@"\n`,
  );
  chmodSync(path, 0o755);
  return path;
}
