// The lock of a run's folder: one process trains in it at a time. Others may read the folder, and see whether the run
// is alive.
import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { ArgumentError, TiduError } from "tidu";
import { systemReason } from "tidu/internal";
import { isAlive, type ProcessIdentity, thisProcess } from "./process.js";

/** The lock's name in a run's folder. */
export const LOCK = "lock.json";

/** The process that trains in a folder. */
export interface Holder extends ProcessIdentity {
  /** When it took the lock, as in "2026-05-01T10:20:30.000Z". */
  readonly since: string;
  /** One of a kind. */
  readonly id: string;
}

/** A folder that this process holds until `release`, or until it ends. */
export class RunLock {
  readonly #file: string;
  readonly #holder: Holder;
  readonly #atExit = (): void => this.#releaseNow();

  private constructor(
    file: string,
    holder: Holder,
    /** The process that held it before and no longer lives; undefined if there was none. */
    readonly previous: Holder | undefined,
  ) {
    this.#file = file;
    this.#holder = holder;
    process.once("exit", this.#atExit);
  }

  /**
   * Takes the lock of a folder. One whose process no longer lives is taken over.
   *
   * @throws ArgumentError, which names the process, if the folder is in use; TiduError if it cannot be written.
   */
  static async take(folder: string): Promise<RunLock> {
    const file = join(folder, LOCK);
    const holder: Holder = { ...thisProcess(), since: new Date().toISOString(), id: randomUUID() };
    for (let stale: Holder | undefined; ; ) {
      if (await create(file, holder)) return new RunLock(file, holder, stale);
      const found = await read(file);
      if (found === undefined) continue;
      if (isAlive(found) || !(await setAside(file, found))) throw inUse(folder, found);
      stale = found;
    }
  }

  /** Gives the folder free. */
  async release(): Promise<void> {
    process.off("exit", this.#atExit);
    const found = await read(this.#file);
    if (found?.id === this.#holder.id) await rm(this.#file, { force: true });
  }

  #releaseNow(): void {
    try {
      if (parse(readFileSync(this.#file, "utf8")).id === this.#holder.id) rmSync(this.#file);
    } catch {
      // The folder is gone, and the lock with it.
    }
  }
}

/** The living process that trains in a folder; undefined if there is none. */
export async function holderOf(folder: string): Promise<Holder | undefined> {
  const found = await read(join(folder, LOCK));
  return found !== undefined && isAlive(found) ? found : undefined;
}

/** Makes the file with all of its content, in one step; false if it is there. */
async function create(file: string, holder: Holder): Promise<boolean> {
  const text = `${JSON.stringify(holder)}\n`;
  const temporary = `${file}.${holder.id}`;
  try {
    await writeFile(temporary, text, { flag: "wx" });
    await link(temporary, file);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    // File systems without links, such as exFAT.
    if (["EPERM", "ENOTSUP", "ENOSYS", "EOPNOTSUPP"].includes(code ?? "")) return createWithoutLinks(file, text);
    throw new TiduError(`cannot write ${file}: ${systemReason(cause)}`, { cause });
  } finally {
    await rm(temporary, { force: true });
  }
}

async function createWithoutLinks(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new TiduError(`cannot write ${file}: ${systemReason(cause)}`, { cause });
  }
}

/** Removes a lock whose process is gone; false if another process was faster. */
async function setAside(file: string, stale: Holder): Promise<boolean> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  const moved = await read(aside);
  const right = moved?.id === stale.id;
  if (!right) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
  return right;
}

async function read(file: string): Promise<Holder | undefined> {
  try {
    return parse(await readFile(file, "utf8"));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new TiduError(`cannot read ${file}: ${systemReason(cause)}`, { cause });
  }
}

/** The holder in the file. A damaged file counts as a lock whose process has ended. */
function parse(text: string): Holder {
  const nobody: Holder = { pid: 0, host: hostname(), since: "an unknown time", process: "", id: text };
  try {
    const { pid, host, since, process, id } = JSON.parse(text) as Partial<Holder>;
    if (!Number.isSafeInteger(pid) || ![host, since, process, id].every((part) => typeof part === "string"))
      return nobody;
    return { pid, host, since, process, id } as Holder;
  } catch {
    return nobody;
  }
}

function inUse(folder: string, { pid, host, since }: Holder): ArgumentError {
  const elsewhere = host === hostname() ? "" : `; if it no longer runs there, remove ${join(folder, LOCK)}`;
  return new ArgumentError(
    `${folder} is in use by process ${pid} on ${host} since ${since}; wait until it ends, or stop it${elsewhere}`,
  );
}
