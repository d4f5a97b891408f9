// The cache of compiled programs: a folder that only the user can write to. Libraries appear there whole or not at all,
// and are checked before they are loaded. If nothing can be written to it, a warning says so, and a temporary one is used
// beside it. The folder may be deleted at any time.
import { DeviceError } from "../../base/errors.js";
import { needNodeModules } from "../../base/node.js";
import { ANOTHER_FOLDER, USE_WASM } from "./mend.js";

const modules = () => {
  const get = needNodeModules("native code", USE_WASM);
  return { fs: get("node:fs"), os: get("node:os"), path: get("node:path"), crypto: get("node:crypto") };
};

/** The folder that `TIDU_CACHE` names, or that the system keeps for such things. */
function wanted(): string {
  const { os, path } = modules();
  const { TIDU_CACHE, XDG_CACHE_HOME } = process.env;
  if (TIDU_CACHE) return path.resolve(TIDU_CACHE);
  if (XDG_CACHE_HOME) return path.resolve(XDG_CACHE_HOME, "tidu");
  return path.resolve(os.homedir(), process.platform === "darwin" ? "Library/Caches/tidu" : ".cache/tidu");
}

/** Why libraries in a folder must not be loaded: another user may have put them there. Undefined if they may. */
function distrust(folder: string): string | undefined {
  const { uid, mode } = modules().fs.statSync(folder);
  if (uid !== 0 && uid !== process.getuid?.()) return "it is another user's";
  if ((mode & 0o022) !== 0) return "other users may write to it";
  return undefined;
}

/** What a folder is good for. */
interface Uses {
  /** Whether libraries in it may be loaded. */
  readonly read: boolean;
  /** Why none can be written to it; undefined if they can. */
  readonly fault?: string;
}

/** Makes a folder if it is not there, and tells what it is good for. */
function usesOf(folder: string): Uses {
  const { fs } = modules();
  let read = false;
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const fault = distrust(folder);
    if (fault !== undefined) return { read, fault };
    read = true;
    // Permissions do not show that a file system is read-only, or full.
    fs.rmdirSync(fs.mkdtempSync(`${folder}/probe-`));
    return { read };
  } catch (error) {
    return { read, fault: reasonOf(error) };
  }
}

/** The folder that is wanted, and what it is good for. */
function begin(): Uses & { readonly folder: string } {
  try {
    const folder = wanted();
    return { folder, ...usesOf(folder) };
  } catch (error) {
    // The system knows no home of this user.
    return { folder: "the user's cache folder", read: false, fault: reasonOf(error) };
  }
}

const reasonOf = (error: unknown): string => String(error instanceof Error ? error.message : error);

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
      `native code: there is no folder to keep it in (${cause}); name one in TIDU_CACHE, or ${USE_WASM}`,
      { cause },
    );
  }
}

export const digest = (data: string | Uint8Array): string =>
  modules().crypto.createHash("sha256").update(data).digest("hex");

/** A fault that may be the folder's, so that another folder may work. */
export class FolderFault extends DeviceError {
  constructor(
    message: string,
    /** The fault alone, in a line. */
    readonly why: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const DAY = 24 * 3600 * 1000;
/** Libraries that were not used for this long are removed, and so are partial files of killed processes, after less. */
const UNUSED = 90 * DAY;
const LEFT = DAY / 24;

/** Libraries by their keys, in a folder; once that cannot be written to, in a temporary one as well. */
export class LibraryCache {
  /** Those that are read; the first is written to. */
  #folders: readonly string[] = [];
  /** Why the first cannot be written to. */
  #fault: string | undefined;

  constructor() {
    const { folder, read, fault } = begin();
    if (read) this.#folders = [folder];
    else this.#leave(folder, fault);
    // What is there may be all that is needed, and then nobody has to know that nothing can be added.
    this.#fault = read ? fault : undefined;
    if (fault === undefined) sweep(folder);
  }

  /** Writes to another folder from now on, and says so. */
  #leave(before: string, why: string | undefined): void {
    this.#folders = [temporaryFolder(), ...this.#folders];
    this.#fault = undefined;
    console.warn(
      `tidu: native code is kept in ${this.#folders[0]}, for this process only, since ${before} cannot be used (${why}); name another folder in TIDU_CACHE`,
    );
  }

  /** Folders whose files may be loaded now: one that was removed may have been made again by another user. */
  #trusted(): readonly string[] {
    return this.#folders.filter((folder) => {
      try {
        return distrust(folder) === undefined;
      } catch {
        return false;
      }
    });
  }

  /**
   * The library with this key, as loaded by `load`, if there is one that is whole and can be loaded.
   *
   * @param wanted the digest of its bytes; default that which was written beside it.
   * @throws nothing: a library that cannot be loaded, such as one for another processor, counts as missing.
   */
  known<T>(key: string, load: (path: string) => T, wanted?: string): T | undefined {
    const { fs } = modules();
    for (const folder of this.#trusted()) {
      const { library, sum } = pathsOf(folder, key);
      try {
        if ((wanted ?? fs.readFileSync(sum, "utf8")) !== digest(fs.readFileSync(library))) continue;
        const loaded = load(library);
        touch(library, sum);
        return loaded;
      } catch {}
    }
    return undefined;
  }

  /** The digest of a library's bytes, as it was written beside it; undefined if there is none. */
  sumOf(key: string): string | undefined {
    const { fs } = modules();
    const path = this.#trusted()
      .map((folder) => pathsOf(folder, key).sum)
      .find((sum) => fs.existsSync(sum));
    return path && fs.readFileSync(path, "utf8");
  }

  /** The note that was written under this key, if it is whole: its first line is the digest of the rest. */
  readNote(key: string): string | undefined {
    for (const folder of this.#trusted()) {
      const { note } = pathsOf(folder, key);
      try {
        const [sum, ...rest] = modules().fs.readFileSync(note, "utf8").split("\n");
        const text = rest.join("\n");
        if (sum !== digest(text)) continue;
        touch(note);
        return text;
      } catch {}
    }
    return undefined;
  }

  /** Where it cannot be written, the next process finds out again what it would have said. */
  writeNote(key: string, text: string): void {
    if (this.#fault !== undefined) return;
    const { fs } = modules();
    const { note } = pathsOf(this.#folders[0], key);
    const own = ownName(note);
    try {
      fs.writeFileSync(own, `${digest(text)}\n${text}`, { mode: 0o600 });
      rename(own, note);
    } catch {
      remove(own);
    }
  }

  /**
   * Makes the library with this key, in place of any that is there, and loads it.
   *
   * @param make writes it to a path.
   * @throws DeviceError as `make` and `load` do; a FolderFault only if it is the same in a folder for this process alone.
   */
  async make<T>(key: string, make: (path: string) => Promise<void>, load: (path: string) => T): Promise<T> {
    if (this.#fault !== undefined) this.#leave(this.#folders[0], this.#fault);
    const [folder] = this.#folders;
    const into = async (place: string): Promise<T> => load(await write(place, key, make));
    try {
      return await again(folder, into);
    } catch (error) {
      if (!(error instanceof FolderFault) || folder === temporary) throw error;
      // If it fails there as well, the folder is not to blame.
      const made = await again(temporaryFolder(), into);
      // Another program's failure may have changed the folder already.
      if (this.#folders[0] === folder) this.#leave(folder, error.why);
      return made;
    }
  }
}

function pathsOf(folder: string, key: string): { library: string; sum: string; note: string } {
  const [library, sum, note] = ["so", "sum", "note"].map((kind) => modules().path.join(folder, `${key}.${kind}`));
  return { library, sum, note };
}

/** A name for a file of this process until it is whole. */
const ownName = (path: string): string => `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;

/** Does something in a folder, and once more if the folder was removed meanwhile. */
async function again<T>(folder: string, work: (folder: string) => Promise<T>): Promise<T> {
  try {
    return await work(folder);
  } catch (error) {
    if (!(error instanceof FolderFault) || modules().fs.existsSync(folder)) throw error;
    return work(folder);
  }
}

/** Writes a library to a folder, which is made again if it is not there. Throws FolderFault where that cannot be done. */
async function write(folder: string, key: string, make: (path: string) => Promise<void>): Promise<string> {
  const { fs } = modules();
  const { library, sum } = pathsOf(folder, key);
  const own = ownName(library);
  try {
    const fault = fs.existsSync(folder) ? distrust(folder) : usesOf(folder).fault;
    if (fault !== undefined) throw notKept(folder, fault);
    await make(own);
    fs.writeFileSync(`${own}.sum`, digest(fs.readFileSync(own)), { mode: 0o600 });
    rename(`${own}.sum`, sum);
    rename(own, library);
  } catch (error) {
    throw error instanceof Error && "syscall" in error ? notKept(folder, error.message, error) : error;
  } finally {
    for (const file of [own, `${own}.sum`]) remove(file);
  }
  return library;
}

const notKept = (folder: string, why: string, cause?: Error): FolderFault =>
  new FolderFault(`native code: it cannot be kept in ${folder} (${why}); ${ANOTHER_FOLDER}`, why, { cause });

/** Gives a file its last name, in place of whatever has it. */
function rename(from: string, to: string): void {
  const { fs } = modules();
  if (fs.lstatSync(to, { throwIfNoEntry: false })?.isDirectory()) fs.rmSync(to, { recursive: true });
  fs.renameSync(from, to);
}

/** Removes a file, if it is there and can be. */
function remove(file: string): void {
  try {
    modules().fs.rmSync(file, { force: true });
  } catch {
    // Its folder may be gone, or read-only.
  }
}

/** Notes that files were used now, where that can be written. */
function touch(...files: readonly string[]): void {
  const now = new Date();
  try {
    for (const file of files) modules().fs.utimesSync(file, now, now);
  } catch {
    // The folder is read-only, or another process removes unused files.
  }
}

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
