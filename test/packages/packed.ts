// The packages as npm would publish them, for tests that use them from outside.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, vi } from "vitest";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const run = promisify(execFile);

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

/** Packs all packages into a folder: the library first. */
export async function pack(folder: string): Promise<Packed[]> {
  const args = ["pack", "--workspaces", "--ignore-scripts", "--json", "--pack-destination", folder];
  const { stdout } = await run("npm", args, { cwd: ROOT, maxBuffer: 1e8 });
  type Entry = Omit<Packed, "file"> & { readonly filename: string };
  const entries = Object.values(JSON.parse(stdout) as Record<string, Entry>);
  return entries.map((entry) => ({ ...entry, file: join(folder, entry.filename) }));
}

/** An empty project of its own for the tests of a file, in which packed packages can be put as npm would put them. */
export function project() {
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
  let folder = "";
  let packed: Packed[] = [];
  beforeAll(async () => {
    // Paths in messages are real ones.
    folder = await realpath(await mkdtemp(join(tmpdir(), "tidu-packages-")));
    packed = await pack(folder);
    await writeFile(join(folder, "package.json"), '{ "type": "module", "private": true }');
  });
  afterAll(() => rm(folder, { recursive: true }));
  const path = (...names: string[]): string => join(folder, ...names);

  /** Puts packages in their place; what they depend on is what this repository has. */
  async function install(): Promise<Manifest[]> {
    await mkdir(path("node_modules", ".bin"), { recursive: true });
    return Promise.all(packed.map((one) => put(path("node_modules"), one)));
  }
  return {
    path,
    packed: () => packed,
    install,
    write: async (name: string, text: string): Promise<string> => {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), text);
      return path(name);
    },
    /** Runs a command in the project, and returns what it prints. */
    run: async (command: string, ...args: string[]): Promise<string> =>
      (await run(command, args, { cwd: folder })).stdout,
  };
}

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

/** All files below a folder, by their paths in it. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
