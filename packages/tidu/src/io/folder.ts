// Folders whose files are written whole or not at all.
import { TiduError } from "../base/errors.js";
import { needNodeModules } from "../base/node.js";
import { systemReason } from "../runtime/host.js";
import { readFile, writeFileAtomic } from "./files.js";

/** Files that `writeFileAtomic` leaves behind if its process is killed. */
const LEFTOVER = /^\.tidu-.*\.tmp$/;

/**
 * A folder whose files are written whole or not at all, except by appending. Every method throws TiduError, which names
 * the path.
 */
export class Folder {
  constructor(readonly path: string) {}

  /** The folder of a file. */
  static of(file: string): Folder {
    return new Folder(node()("node:path").dirname(file));
  }

  /** The path of a file in it. */
  file(name: string): string {
    return node()("node:path").join(this.path, name);
  }

  /** Makes the folder if it is missing, and removes leftovers of killed writers. */
  async make(): Promise<void> {
    await makeFolder(this.path);
    await this.clean();
  }

  /** Removes leftovers of killed writers. */
  async clean(): Promise<void> {
    for (const name of await this.names()) if (LEFTOVER.test(name)) await this.remove(name);
  }

  /** The names of its files and folders; none if it is missing. */
  async names(): Promise<string[]> {
    return at(this.path, async (fs) => ((await exists(fs, this.path)) ? fs.readdir(this.path) : []));
  }

  read(name: string): Promise<Uint8Array> {
    return readFile(this.file(name));
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    return writeFileAtomic(this.file(name), bytes);
  }

  async append(name: string, bytes: Uint8Array): Promise<void> {
    await at(this.file(name), (fs) => fs.appendFile(this.file(name), bytes));
  }

  async remove(name: string): Promise<void> {
    await at(this.file(name), (fs) => fs.rm(this.file(name), { force: true }));
  }

  /** Whether this is the same folder as `path`, or the one that the file `path` is in. */
  holds(path: string): boolean {
    const { dirname, resolve } = node()("node:path");
    return [resolve(path), dirname(resolve(path))].includes(resolve(this.path));
  }
}

/**
 * Makes a folder and its missing parents. (Node's own recursive mkdir never returns where the system reports a missing
 * folder for a name that cannot be made, as in /proc.)
 */
export const makeFolder = (path: string): Promise<void> => at(path, (fs) => makeIn(fs, path));

async function makeIn(fs: Files, path: string): Promise<void> {
  const { dirname, resolve } = node()("node:path");
  const whole = resolve(path);
  if (!(await exists(fs, dirname(whole)))) await makeIn(fs, dirname(whole));
  try {
    await fs.mkdir(whole);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !(await fs.stat(whole)).isDirectory()) throw error;
  }
}

/** Whether there is a folder at `path`. */
export const isFolder = (path: string): Promise<boolean> =>
  at(path, async (fs) => (await exists(fs, path)) && (await fs.stat(path)).isDirectory());

type Files = typeof import("node:fs/promises");

const node = () => needNodeModules("a folder of files", "leave out what needs one, such as checkpoints");

const exists = (fs: Files, path: string): Promise<boolean> =>
  fs.access(path).then(
    () => true,
    () => false,
  );

async function at<T>(path: string, act: (fs: Files) => Promise<T>): Promise<T> {
  try {
    return await act(node()("node:fs/promises"));
  } catch (cause) {
    if (cause instanceof TiduError) throw cause;
    throw new TiduError(`cannot use ${path}: ${systemReason(cause)}`, { cause });
  }
}
