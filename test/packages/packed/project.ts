// The packages as npm would publish them, packed once for all tests that use them from outside, in an empty project.
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, vi } from "vitest";
import { ROOT, run } from "../root.js";

export { ROOT, run } from "../root.js";

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** One packed package. */
export interface Packed {
  readonly name: string;
  readonly version: string;
  /** Its archive. */
  readonly file: string;
  /** Bytes of its files. */
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

let folder = "";
let archives: Packed[] = [];
let installed: Manifest[] = [];

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
beforeAll(async () => {
  // Paths in messages are real ones.
  folder = await realpath(await mkdtemp(join(tmpdir(), "tidu-packages-")));
  archives = await pack(folder);
  await writeFile(join(folder, "package.json"), '{ "type": "module", "private": true }');
  await mkdir(path("node_modules", ".bin"), { recursive: true });
  // What they depend on is what this repository has.
  installed = await Promise.all(archives.map((one) => put(path("node_modules"), one)));
});
afterAll(() => rm(folder, { recursive: true }));

/** A path in the project. */
export const path = (...names: string[]): string => join(folder, ...names);
/** The packed packages, the library first. */
export const packed = (): readonly Packed[] => archives;
/** What the package.json of each installed package says. */
export const manifests = (): readonly Manifest[] => installed;

/** Writes a file of the project; returns its path. */
export async function write(name: string, text: string): Promise<string> {
  await mkdir(dirname(path(name)), { recursive: true });
  await writeFile(path(name), text);
  return path(name);
}

/** Runs a command in the project, and returns what it prints. */
export const runIn = async (command: string, ...args: string[]): Promise<string> =>
  (await run(command, args, { cwd: folder })).stdout;

/** Packs all packages into a folder: the library first. */
async function pack(into: string): Promise<Packed[]> {
  const args = ["pack", "--workspaces", "--ignore-scripts", "--json", "--pack-destination", into];
  const { stdout } = await run("npm", args, { cwd: ROOT, maxBuffer: 1e8 });
  type Entry = Omit<Packed, "file"> & { readonly filename: string };
  const entries = Object.values(JSON.parse(stdout) as Record<string, Entry>);
  return entries.map((entry) => ({ ...entry, file: join(into, entry.filename) }));
}

/** Puts a package in its place, as npm would. */
async function put(modules: string, { name, file }: Packed): Promise<Manifest> {
  const own = join(modules, name);
  await mkdir(own, { recursive: true });
  await run("tar", ["-xzf", file, "-C", own, "--strip-components", "1"]);
  const manifest = JSON.parse(await readFile(join(own, "package.json"), "utf8")) as Manifest;
  for (const needed of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    if (/^(@tidu\/|tidu$)/.test(needed)) continue;
    await mkdir(dirname(join(modules, needed)), { recursive: true });
    await symlink(join(ROOT, "node_modules", needed), join(modules, needed), "junction").catch(unlessThere);
  }
  for (const [command, place] of Object.entries(manifest.bin ?? {})) {
    await symlink(join(own, place), join(modules, ".bin", command));
  }
  return manifest;
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
