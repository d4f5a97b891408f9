import { existsSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ArgumentError, FormatError, load, type nn, save, TiduError } from "tidu";
import { Folder, makeFolder, newestCheckpoint, writeFileAtomic } from "tidu/internal";
import { parseJson } from "../../runs/json.js";
import { type Holder, LOCK, RunLock } from "../../runs/lock.js";
import { checkName } from "../models/model.js";
import type { RunConfig } from "./config.js";
import type { EpochMetrics } from "./metrics.js";
import type { PartName } from "./parts.js";
import type { Quality } from "./quality.js";
import { checkRecord } from "./schema.js";

/** The result of a run: the content of its result.json. */
export interface RunResult {
  readonly parameters: number;
  readonly epochs: number;
  /** The epoch whose network is in best.safetensors. */
  readonly bestEpoch: number;
  /** Of the network that is used, on the data's own test part; absent where there is none. */
  readonly test?: Quality;
  /** The same on what was set apart. */
  readonly validation?: Quality;
  /** The same on what it learned from, where there is nothing else. */
  readonly train?: Quality;
  /** The same of the network of the last epoch, where that is not the one that is used. */
  readonly last?: Readonly<Partial<Record<PartName, Quality>>>;
  /** Of training alone, in seconds. */
  readonly seconds: number;
  /** Engine memory at its fullest. */
  readonly peakBytes: number;
}

/** What a folder of `tidu tune` has. */
export const TUNING = "tune.json";

/** Which file or folder of a run has a network. */
export type NetworkFile = "model" | "best" | "checkpoints/best" | "checkpoints";

/**
 * The folder of a run: config.json (what it is), metrics.jsonl (how each epoch went), checkpoints (to go on from),
 * model.safetensors and best.safetensors (the networks of the last and of the best epoch), result.json and the report.
 */
export class RunFolder {
  #lock: RunLock | undefined;

  private constructor(readonly path: string) {}

  /** Makes `path`, which must be empty if it exists, and holds it. Throws TiduError if it cannot be. */
  static async make(path: string): Promise<RunFolder> {
    await making(path, () => makeFolder(path));
    const folder = new RunFolder(path);
    await folder.#checkEmpty();
    await folder.hold();
    await folder.#checkEmpty();
    return folder;
  }

  async #checkEmpty(): Promise<void> {
    if ((await readdir(this.path)).every((name) => name.startsWith(LOCK))) return;
    await this.free();
    throw new ArgumentError(
      `${this.path} is not empty: choose another folder, or go on with: tidu resume ${this.path}`,
    );
  }

  /** A folder that another process keeps. */
  static at(path: string): RunFolder {
    return new RunFolder(path);
  }

  /**
   * Makes `parent`/<time>-`name`, with a number at the end if that exists, and holds it. Throws TiduError if it cannot be
   * made.
   */
  static async makeIn(parent: string, name: string): Promise<RunFolder> {
    const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
    const first = join(parent, `${time}-${name}`);
    return making(first, async () => {
      await makeFolder(parent);
      let path = first;
      for (let count = 2; !(await makeNew(path)); count++) path = `${first}-${count}`;
      const folder = new RunFolder(path);
      await folder.hold();
      return folder;
    });
  }

  /**
   * The folder of a run that was begun, and what it is.
   *
   * @throws ArgumentError if there is none; DataError or FormatError, which name the place, if config.json is damaged.
   */
  static async open(path: string): Promise<{ folder: RunFolder; config: RunConfig }> {
    const folder = new RunFolder(path);
    const found = await folder.#json<{ format?: unknown } | null>("config.json");
    if (found === undefined && existsSync(folder.file(TUNING))) {
      throw new ArgumentError(`${path} is a search of tidu tune, not a run: name its best run, ${join(path, "best")}`);
    }
    if (found === undefined) {
      throw new ArgumentError(`${path} has no config.json: name the folder of a run, as tidu train made it`);
    }
    if (typeof found?.format === "number" && found.format !== 1) {
      throw new FormatError(folder.file("config.json"), 0, `its format is ${found.format}, this version reads 1`);
    }
    const config = checkRecord<RunConfig>("config", found, folder.file("config.json"));
    checkName(config.model, folder.file("config.json"));
    return { folder, config };
  }

  /**
   * Keeps other processes from training in the folder, and removes what a writer that was killed has left.
   *
   * @returns the process that held it before and was killed, if there was one.
   * @throws ArgumentError if a process that lives holds it.
   */
  async hold(): Promise<Holder | undefined> {
    this.#lock = await RunLock.take(this.path);
    await new Folder(this.path).clean();
    return this.#lock.previous;
  }

  /** Lets other processes train in the folder. */
  async free(): Promise<void> {
    await this.#lock?.release();
    this.#lock = undefined;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  get checkpoints(): string {
    return this.file("checkpoints");
  }

  async saveConfig(config: RunConfig): Promise<void> {
    await this.#write("config.json", config);
  }

  async saveResult(result: RunResult): Promise<void> {
    await this.#write("result.json", result);
  }

  /** The result of the run; undefined while it is not finished. */
  async result(): Promise<RunResult | undefined> {
    const found = await this.#json<unknown>("result.json");
    return found === undefined ? undefined : checkRecord("result", found, this.file("result.json"));
  }

  async addMetrics(metrics: EpochMetrics): Promise<void> {
    await appendFile(this.file("metrics.jsonl"), `${JSON.stringify(metrics)}\n`);
  }

  /** All epochs so far. What a crash left of a last line does not count. */
  async metrics(): Promise<EpochMetrics[]> {
    const text = (await this.#text("metrics.jsonl")) ?? "";
    const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
    const file = this.file("metrics.jsonl");
    return lines
      .filter((line) => line !== "")
      .map((line) => checkRecord<EpochMetrics>("epoch", parseJson(file, line), file));
  }

  /** Leaves these epochs only. */
  async keepMetrics(metrics: readonly EpochMetrics[]): Promise<void> {
    const text = metrics.map((line) => `${JSON.stringify(line)}\n`).join("");
    await writeFileAtomic(this.file("metrics.jsonl"), new TextEncoder().encode(text));
  }

  /** Writes the network as it is now, and that of the best epoch so far, which the checkpoints have. */
  async saveModels(net: nn.Module): Promise<void> {
    await save(net, this.file("model.safetensors"));
    const best = join(this.checkpoints, "best.safetensors");
    if (existsSync(best)) await writeFileAtomic(this.file("best.safetensors"), await readFile(best));
  }

  /** Which of its networks is to be used: the best, if epochs were measured on data that were not learned from. */
  async chosen(): Promise<"model" | "best"> {
    const measured = (await this.metrics()).some(({ validation }) => validation !== undefined);
    return measured && existsSync(this.file("best.safetensors")) ? "best" : "model";
  }

  /** What a run that was killed has left of its network: that of the best epoch, or with `last` the newest. */
  async left(last: boolean): Promise<"checkpoints/best" | "checkpoints" | undefined> {
    const names = await readdir(this.checkpoints).catch((): string[] => []);
    if (!last && names.includes("best.safetensors")) return "checkpoints/best";
    return names.some((name) => name.startsWith("epoch-")) ? "checkpoints" : undefined;
  }

  async loadModel(net: nn.Module, which: NetworkFile): Promise<void> {
    if (which !== "checkpoints") return void (await load(net, this.file(`${which}.safetensors`)));
    const found = await newestCheckpoint(this.checkpoints, () => {});
    if (found !== undefined) await load(net, found.file, { prefix: "net." });
  }

  /** Removes a folder in which nothing was trained. */
  async discard(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  async #write(name: string, content: object): Promise<void> {
    await writeFileAtomic(this.file(name), new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`));
  }

  async #json<T>(name: string): Promise<T | undefined> {
    const text = await this.#text(name);
    return text === undefined ? undefined : parseJson(this.file(name), text);
  }

  async #text(name: string): Promise<string | undefined> {
    try {
      return await readFile(this.file(name), "utf8");
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
      throw error;
    }
  }
}

async function making<T>(path: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (cause) {
    throw new TiduError(`cannot make ${path}: ${(cause as Error).message}`, { cause });
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
