import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { TiduError } from "../base/errors.js";
import { writeFileAtomic } from "../io/files.js";
import type { Module } from "../nn/module.js";
import { save } from "../train/files.js";

/** The folder in which a run leaves what it was (config.json), how it went (metrics.jsonl) and what it made. */
export class RunFolder {
  private constructor(readonly path: string) {}

  /**
   * Makes `parent`/<time>-`name`, with a number at the end if that exists.
   *
   * @throws TiduError if it cannot be made.
   */
  static async create(parent: string, name: string): Promise<RunFolder> {
    const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
    const first = join(parent, `${time}-${name}`);
    try {
      await mkdir(parent, { recursive: true });
      let path = first;
      for (let count = 2; !(await makeNew(path)); count++) path = `${first}-${count}`;
      return new RunFolder(path);
    } catch (cause) {
      throw new TiduError(`cannot make ${first}: ${(cause as Error).message}`, { cause });
    }
  }

  async saveConfig(config: object): Promise<void> {
    const text = `${JSON.stringify(config, null, 2)}\n`;
    await writeFileAtomic(join(this.path, "config.json"), new TextEncoder().encode(text));
  }

  /** Adds a line of JSON. */
  async addMetrics(metrics: object): Promise<void> {
    await appendFile(join(this.path, "metrics.jsonl"), `${JSON.stringify(metrics)}\n`);
  }

  async saveModel(net: Module): Promise<void> {
    await save(net, join(this.path, "model.safetensors"));
  }
}

/** Makes a folder; false if it is there already. */
async function makeNew(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
