// A run's folder, and the files in it.
import { existsSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ArgumentError, FormatError, load, type nn, save, TiduError } from "tidu";
import { Folder, makeFolder, newestCheckpoint, systemReason, writeFileAtomic } from "tidu/internal";
import { parseJson, parseLines } from "../../runs/json.js";
import { type Holder, LOCK, RunLock } from "../../runs/lock.js";
import { keep } from "../models/files.js";
import { checkName } from "../models/model.js";
import type { Pretrained } from "../models/pretrained.js";
import type { RunConfig } from "./config.js";
import { checkFacts } from "./facts.js";
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
  /** The used network's quality on the data's own test part; absent where there is none. */
  readonly test?: Quality;
  /** The same on the validation part. */
  readonly validation?: Quality;
  /** The same on the training part, where there is no other. */
  readonly train?: Quality;
  /** The same for the network of the last epoch, where another is used. */
  readonly last?: Readonly<Partial<Record<PartName, Quality>>>;
  /** Of training alone, in seconds. */
  readonly seconds: number;
  /** Engine memory at its fullest. */
  readonly peakBytes: number;
}

/** The file that marks a folder of `tidu tune`. */
export const TUNING = "tune.json";

/** The network that a fine-tuning begins with. */
const START = "start.safetensors";

/** Whether a folder is that of a run or of a search. */
export const isRunFolder = (path: string): boolean =>
  existsSync(join(path, TUNING)) ||
  (existsSync(join(path, "config.json")) &&
    ["metrics.jsonl", "checkpoints"].some((name) => existsSync(join(path, name))));

/** The places of a run's networks. */
export type NetworkFile = "model" | "best" | "checkpoints/best" | "checkpoints";

/**
 * The folder of a run: config.json (what it is), metrics.jsonl (how each epoch went), checkpoints (to go on from),
 * model.safetensors and best.safetensors (the networks of the last and of the best epoch), start.safetensors (what a
 * fine-tuning began with), network (the files of another tool's network), result.json and the report.
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
    throw new ArgumentError(`${this.path} is not empty; choose another folder, or run tidu resume ${this.path}`);
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
   * The folder of a started run, and its config.
   *
   * @throws ArgumentError if there is none; DataError or FormatError, which name the place, if config.json is damaged.
   */
  static async open(path: string): Promise<{ folder: RunFolder; config: RunConfig }> {
    const folder = new RunFolder(path);
    const found = await folder.#json<{ format?: unknown } | null>("config.json");
    if (found === undefined && existsSync(folder.file(TUNING))) {
      throw new ArgumentError(`${path} is a search of tidu tune, not a run; name its best run, ${join(path, "best")}`);
    }
    if (found === undefined && existsSync(folder.file("progress"))) {
      throw new ArgumentError(
        `${path} looks like a search of tidu tune, but its ${TUNING} is missing; put it back, begin another search, or open a trial as a run, such as ${join(path, "trial-001")}`,
      );
    }
    if (found === undefined) {
      throw new ArgumentError(`${path} has no config.json; name the folder of a run, as tidu train made it`);
    }
    if (typeof found?.format === "number" && found.format !== 1) {
      throw new FormatError(folder.file("config.json"), 0, `its format is ${found.format}, this version reads 1`);
    }
    const config = checkRecord<RunConfig>("config", found, folder.file("config.json"));
    checkName(config.model, folder.file("config.json"));
    checkFacts(config.data, folder.file("config.json"));
    return { folder, config };
  }

  /**
   * Keeps other processes from training in the folder, and removes leftovers of killed writers.
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

  /** All epochs so far. A partial last line, left by a crash, does not count. */
  async metrics(): Promise<EpochMetrics[]> {
    const text = (await this.#text("metrics.jsonl")) ?? "";
    const file = this.file("metrics.jsonl");
    return parseLines(file, text).map((line) => checkRecord<EpochMetrics>("epoch", line, file));
  }

  /** Keeps these epochs only. */
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

  /** Which of its networks to use: the best, if epochs were measured on held-out data. */
  async chosen(): Promise<"model" | "best"> {
    const measured = (await this.metrics()).some(({ validation }) => validation !== undefined);
    return measured && existsSync(this.file("best.safetensors")) ? "best" : "model";
  }

  /** The network in a killed run's checkpoints: that of the best epoch, or with `last` the newest. */
  async left(last: boolean): Promise<"checkpoints/best" | "checkpoints" | undefined> {
    const names = await readdir(this.checkpoints).catch((): string[] => []);
    if (!last && names.includes("best.safetensors")) return "checkpoints/best";
    return names.some((name) => name.startsWith("epoch-")) ? "checkpoints" : undefined;
  }

  /** The file of a network; in a checkpoint its names begin with a prefix. */
  async network(which: NetworkFile): Promise<{ path: string; prefix?: string }> {
    if (which !== "checkpoints") return { path: this.file(`${which}.safetensors`) };
    const found = await newestCheckpoint(this.checkpoints, () => {});
    if (found === undefined)
      throw new ArgumentError(`${this.path}: its checkpoints are gone; run tidu resume ${this.path}`);
    return { path: found.file, prefix: "net." };
  }

  /** Keeps the files of a network that others have trained, of which the run's network is made. */
  async keepNetwork({ path, sha256 }: Pretrained): Promise<void> {
    await keep(path, this.path, sha256);
  }

  /** Keeps the network that training begins with, where no seed gives it. */
  async saveStart(net: nn.Module): Promise<void> {
    await save(net, this.file(START));
  }

  async loadStart(net: nn.Module): Promise<void> {
    await load(net, this.file(START));
  }

  async loadModel(net: nn.Module, which: NetworkFile): Promise<void> {
    const { path, prefix } = await this.network(which);
    await load(net, path, { prefix });
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
    const first = cause instanceof TiduError ? (cause.cause ?? cause) : cause;
    throw new TiduError(`cannot make ${path}: ${systemReason(first)}`, { cause });
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
