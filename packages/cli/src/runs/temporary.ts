// Temporary files that are written for long, in folders of any use. Their names say who writes them, so that what killed
// processes left is told from what others are writing.
import { createHash, randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isAlive, thisProcess } from "./process.js";

/** The writer's number, machine and start; then what is one of a kind, and what the file is for. */
const NAME = /^\.tidu-(\d+)-([\da-f]+)-([\da-f]*)-[\da-f-]{36}(\.\w+)?\.part$/;

/** Names are short in many file systems. */
const brief = (text: string): string =>
  text === "" ? "" : createHash("sha256").update(text).digest("hex").slice(0, 12);

/** The files beside a path that are needed to write it. They do not outlive the process, unless it is killed. */
export class TemporaryFiles {
  readonly #paths = new Set<string>();
  readonly #stem: string;
  readonly #atExit = (): void => {
    for (const path of this.#paths) rmSync(path, { force: true });
  };

  constructor(path: string) {
    const { pid, host, process: start } = thisProcess();
    this.#stem = join(dirname(path), `.tidu-${pid}-${brief(host)}-${brief(start)}-${randomUUID()}`);
    process.once("exit", this.#atExit);
  }

  /** A path for a file, by its use. */
  path(use = ""): string {
    const path = `${this.#stem}${use === "" ? "" : `.${use}`}.part`;
    this.#paths.add(path);
    return path;
  }

  /** Removes what is left of them. */
  async remove(): Promise<void> {
    process.off("exit", this.#atExit);
    for (const path of this.#paths) await rm(path, { force: true });
  }
}

/** Removes what writers beside `path` left that are no longer alive. Files that cannot be removed stay. */
export async function clearBeside(path: string): Promise<void> {
  const folder = dirname(path);
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names) if (isLeft(name)) await rm(join(folder, name), { force: true }).catch(() => {});
}

function isLeft(name: string): boolean {
  const [, pid, host, start] = NAME.exec(name) ?? [];
  return pid !== undefined && !isAlive({ pid: Number(pid), host, process: start }, brief);
}
