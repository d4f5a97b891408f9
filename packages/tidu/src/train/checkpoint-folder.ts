// A folder of checkpoints: finds the newest valid one, and removes old ones.
import { ArgumentError, TiduError } from "../base/errors.js";
import { readFile } from "../io/files.js";
import { Folder, isFolder } from "../io/folder.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.js";
import { History } from "./history.js";
import type { CheckpointOptions } from "./options.js";

/** A checkpoint's epoch and step. */
interface Place {
  readonly name: string;
  readonly epoch: number;
  readonly step: number;
}

const NAME = /^epoch-(\d+)-step-(\d+)\.safetensors$/;
/** The network of the best epoch. */
const BEST = "best.safetensors";
const KEEP = 3;

/** A checkpoint that was found, and where. */
export interface Found {
  readonly file: string;
  readonly checkpoint: Checkpoint;
}

/**
 * The checkpoint at `path`: that file, or the newest valid one in that folder; undefined if the folder has none.
 *
 * @param warn called for each damaged one, which is skipped.
 * @throws FormatError if the file is damaged, or all in the folder are; TiduError for a file that cannot be read.
 */
export async function findCheckpoint(path: string, warn: (message: string) => void): Promise<Found | undefined> {
  return (await isFolder(path)) ? newestCheckpoint(path, warn) : read(path);
}

async function read(file: string): Promise<Found> {
  const checkpoint = await decodeCheckpoint(await readFile(file), file);
  const { history, ...progress } = checkpoint.progress;
  if (history === undefined) return { file, checkpoint };
  const reports = await new History(Folder.of(file)).read(history);
  return { file, checkpoint: { ...checkpoint, progress: { ...progress, reports } } };
}

/** The newest valid checkpoint in a folder, as by `findCheckpoint`; undefined if there is no folder, too. */
export async function newestCheckpoint(path: string, warn: (message: string) => void): Promise<Found | undefined> {
  const folder = new Folder(path);
  let damage: TiduError | undefined;
  for (const { name } of await places(folder)) {
    try {
      return await read(folder.file(name));
    } catch (error) {
      if (!(error instanceof TiduError)) throw error;
      damage ??= error;
      warn(`${error.message}; the checkpoint before it is used`);
    }
  }
  if (damage !== undefined) throw damage;
  return undefined;
}

/** The folder of a training's checkpoints. */
export class CheckpointFolder {
  readonly #folder: Folder;
  readonly #options: CheckpointOptions;
  readonly #history: History;
  #steps = 0;
  #time = performance.now();

  constructor(options: CheckpointOptions) {
    this.#folder = new Folder(options.directory);
    this.#options = options;
    this.#history = new History(this.#folder);
  }

  /**
   * Makes the folder.
   *
   * @param resumed the checkpoint from which training goes on.
   * @throws ArgumentError if there are checkpoints of another training; nothing is changed then.
   */
  async open(resumed: string | undefined): Promise<void> {
    const own = resumed !== undefined && this.#folder.holds(resumed);
    if (!own && (await places(this.#folder)).length > 0) {
      throw new ArgumentError(
        `fit: ${this.#folder.path} has checkpoints of an earlier training; resume it, or name another directory`,
      );
    }
    await this.#folder.make();
  }

  /** To be called after each step: whether a checkpoint is due. */
  due(): boolean {
    const { everySteps = Number.POSITIVE_INFINITY, everySeconds = Number.POSITIVE_INFINITY } = this.#options;
    return ++this.#steps >= everySteps || performance.now() - this.#time >= 1000 * everySeconds;
  }

  /** Writes a checkpoint, then removes those that are too old to be kept. */
  async write(epoch: number, step: number, checkpoint: Checkpoint): Promise<void> {
    const name = `epoch-${String(epoch).padStart(4, "0")}-step-${String(step).padStart(7, "0")}.safetensors`;
    const history = await this.#history.keep(checkpoint.progress.reports);
    const progress = { ...checkpoint.progress, reports: [], history };
    await this.#folder.write(name, await encodeCheckpoint({ ...checkpoint, progress }));
    const known = (await places(this.#folder)).filter(
      (place) => place.epoch < epoch || (place.epoch === epoch && place.step <= step),
    );
    for (const old of known.slice(this.#options.keep ?? KEEP)) await this.#folder.remove(old.name);
    this.#steps = 0;
    this.#time = performance.now();
  }

  /** Writes the network of the best epoch, if requested. */
  async writeBest(network: () => Promise<Uint8Array>): Promise<void> {
    if (this.#options.best ?? true) await this.#folder.write(BEST, await network());
  }
}

/** The checkpoints in a folder, the newest first. */
async function places(folder: Folder): Promise<Place[]> {
  const found = (await folder.names()).flatMap((name): Place[] => {
    const match = NAME.exec(name);
    return match === null ? [] : [{ name, epoch: Number(match[1]), step: Number(match[2]) }];
  });
  return found.sort((a, b) => b.epoch - a.epoch || b.step - a.step);
}
