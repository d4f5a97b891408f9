// The cache of compiled programs: a folder that only the user can write to. Libraries appear there whole or not at all,
// and are checked before they are loaded. If the folder cannot be used, a warning says so, and a temporary one is used.
import { DeviceError } from "../../base/errors.js";
import { needNodeModules } from "../../base/node.js";

const modules = () => {
  const get = needNodeModules("native code", "use WasmDevice");
  return { fs: get("node:fs"), os: get("node:os"), path: get("node:path"), crypto: get("node:crypto") };
};

/** The folder that `TIDU_CACHE` names, or that the system keeps for such things. */
function wanted(): string {
  const { os, path } = modules();
  const { TIDU_CACHE, XDG_CACHE_HOME } = process.env;
  if (TIDU_CACHE) return TIDU_CACHE;
  if (XDG_CACHE_HOME) return path.join(XDG_CACHE_HOME, "tidu");
  return path.join(os.homedir(), process.platform === "darwin" ? "Library/Caches/tidu" : ".cache/tidu");
}

/** Makes a folder if it is not there, and returns why programs cannot be kept in it; undefined if they can. */
function faultOf(folder: string): string | undefined {
  const { fs } = modules();
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = fs.statSync(folder);
    if (uid !== process.getuid?.()) return "it is another user's";
    if ((mode & 0o022) !== 0) return "other users may write to it";
    // Permissions do not show that a file system is read-only, or full.
    const probe = fs.mkdtempSync(`${folder}/probe-`);
    fs.rmdirSync(probe);
    return undefined;
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
}

let temporary: string | undefined;

/** A folder for this process alone, removed when it ends. */
function temporaryFolder(): string {
  if (temporary !== undefined) return temporary;
  const { fs, os, path } = modules();
  try {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tidu-"));
    process.once("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
    return (temporary = folder);
  } catch (cause) {
    throw new DeviceError(
      `native code: there is no folder to keep it in (${cause}); name one in TIDU_CACHE, or use WasmDevice`,
      { cause },
    );
  }
}

export const digest = (data: string | Uint8Array): string =>
  modules().crypto.createHash("sha256").update(data).digest("hex");

/** A fault that may be the folder's, so that another folder may work. */
export class FolderFault extends DeviceError {}

const DAY = 24 * 3600 * 1000;
/** Libraries that were not used for this long are removed, and so are partial files of killed processes, after less. */
const UNUSED = 90 * DAY;
const LEFT = DAY / 24;

/** Libraries by their keys, in a folder. */
export class LibraryCache {
  #folder: string;

  constructor() {
    const { path } = modules();
    this.#folder = path.resolve(wanted());
    const fault = faultOf(this.#folder);
    if (fault !== undefined) this.#leave(fault);
    else sweep(this.#folder);
  }

  get folder(): string {
    return this.#folder;
  }

  /** Uses another folder from now on, and says so. */
  #leave(why: string): void {
    const before = this.#folder;
    this.#folder = temporaryFolder();
    console.warn(
      `tidu: native code is kept in ${this.#folder}, for this process only, since ${before} cannot be used (${why}); name another folder in TIDU_CACHE`,
    );
  }

  #paths(key: string): { library: string; sum: string; note: string } {
    const [library, sum, note] = ["so", "sum", "note"].map((kind) =>
      modules().path.join(this.#folder, `${key}.${kind}`),
    );
    return { library, sum, note };
  }

  /**
   * The library with this key, as loaded by `load`, if there is one that is whole and can be loaded.
   *
   * @param wanted the digest of its bytes; default that which was written beside it.
   * @throws nothing: a library that cannot be loaded, such as one for another processor, counts as missing.
   */
  known<T>(key: string, load: (path: string) => T, wanted?: string): T | undefined {
    const { fs } = modules();
    const { library, sum } = this.#paths(key);
    try {
      if ((wanted ?? fs.readFileSync(sum, "utf8")) !== digest(fs.readFileSync(library))) return undefined;
      const loaded = load(library);
      touch(library, sum);
      return loaded;
    } catch {
      return undefined;
    }
  }

  /** The digest of a library's bytes, as it was written beside it. */
  sumOf(key: string): string {
    return modules().fs.readFileSync(this.#paths(key).sum, "utf8");
  }

  /** The note that was written under this key, if it is whole: its first line is the digest of the rest. */
  readNote(key: string): string | undefined {
    const { note } = this.#paths(key);
    try {
      const [sum, ...rest] = modules().fs.readFileSync(note, "utf8").split("\n");
      const text = rest.join("\n");
      if (sum !== digest(text)) return undefined;
      touch(note);
      return text;
    } catch {
      return undefined;
    }
  }

  /** Where it cannot be written, the next process finds out again what it would have said. */
  writeNote(key: string, text: string): void {
    const { fs } = modules();
    const { note } = this.#paths(key);
    const own = this.#ownName(note);
    try {
      fs.writeFileSync(own, `${digest(text)}\n${text}`, { mode: 0o600 });
      fs.renameSync(own, note);
    } catch {
      fs.rmSync(own, { force: true });
    }
  }

  /** A name for a file of this process until it is whole. */
  #ownName(path: string): string {
    return `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  }

  /**
   * Makes the library with this key, in place of any that is there, and loads it.
   *
   * @param make writes it to a path.
   * @throws DeviceError as `make` and `load` do; a FolderFault only if it is the same in a folder for this process alone.
   */
  async make<T>(key: string, make: (path: string) => Promise<void>, load: (path: string) => T): Promise<T> {
    const folder = this.#folder;
    try {
      const path = await this.#write(key, make);
      return load(path);
    } catch (error) {
      if (!isFolders(error) || folder === temporary) throw error;
      // Another program's failure may have changed the folder already.
      if (this.#folder === folder) this.#leave((error as Error).message);
      return this.make(key, make, load);
    }
  }

  async #write(key: string, make: (path: string) => Promise<void>): Promise<string> {
    const { fs } = modules();
    const { library, sum } = this.#paths(key);
    const own = this.#ownName(library);
    try {
      await make(own);
      fs.writeFileSync(`${own}.sum`, digest(fs.readFileSync(own)), { mode: 0o600 });
      fs.renameSync(`${own}.sum`, sum);
      fs.renameSync(own, library);
    } finally {
      fs.rmSync(own, { force: true });
      fs.rmSync(`${own}.sum`, { force: true });
    }
    return library;
  }
}

/** Notes that files were used now. */
function touch(...files: readonly string[]): void {
  const now = new Date();
  for (const file of files) modules().fs.utimesSync(file, now, now);
}

/** Whether another folder may help against an error: a system error of a file, or a FolderFault. */
const isFolders = (error: unknown): boolean =>
  error instanceof FolderFault || (error instanceof Error && "syscall" in error);

/** Removes unused files, once a day since there may be thousands. It is not awaited. */
async function sweep(folder: string): Promise<void> {
  const { readdir, stat, rm, writeFile } = modules().fs.promises;
  const { join } = modules().path;
  const mark = join(folder, "swept");
  try {
    const last = await stat(mark).catch(() => undefined);
    if (last !== undefined && Date.now() - last.mtimeMs < DAY) return;
    await writeFile(mark, "", { mode: 0o600 });
    for (const name of await readdir(folder)) {
      const age = Date.now() - (await stat(join(folder, name))).mtimeMs;
      const finished = /^[0-9a-f]{64}\.(so|sum|note)$/.test(name);
      const ours = finished || /^([0-9a-f]{64}\.(so|note)\.|probe-)/.test(name);
      if (ours && age > (finished ? UNUSED : LEFT)) await rm(join(folder, name), { recursive: true, force: true });
    }
  } catch {
    // Another process may remove the same files.
  }
}
