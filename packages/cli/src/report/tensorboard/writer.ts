// Writes event files for TensorBoard.
import { appendFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { TiduError } from "tidu";
import {
  BYTES,
  check,
  either,
  makeFolder,
  needed,
  oneOrMore,
  options,
  real,
  recordOf,
  refuse,
  systemReason,
  text,
  whole,
} from "tidu/internal";
import { NUMBERS } from "../../sources/options.js";
import { histogram } from "../collect/histogram.js";
import { type Pixels, toPng } from "../picture.js";
import { type BoardEvent, type BoardHistogram, type BoardValue, encodeEvent } from "./event.js";
import { record } from "./record.js";

/** Files made by this process; each has a name of its own even within a second. */
let files = 0;

const STEP = whole(0);
const SCALARS = recordOf(either(real, { says: "undefined", ok: (v) => v === undefined }));
const PIXELS = options({
  width: needed(oneOrMore),
  height: needed(oneOrMore),
  channels: needed({ says: "1 or 3", ok: (v) => v === 1 || v === 3 }),
  data: needed(BYTES),
});

/**
 * Writes an event file that TensorBoard shows: `tensorboard --logdir DIRECTORY`. TensorBoard joins all event files of a
 * folder, so a resumed training simply writes another one.
 *
 * Each method resolves when its values are in the file. Values are written in the order of the calls.
 *
 * @throws TiduError if the file cannot be written; ArgumentError unless the step is a whole number of at least 0.
 *
 * @example
 * ```ts
 * import { mkdtemp, readdir } from "node:fs/promises";
 * import { TensorBoardWriter } from "@tidu/cli/report";
 *
 * const folder = await mkdtemp("board-");
 * const writer = new TensorBoardWriter(folder);
 * await writer.addScalars(0, { "loss/train": 2.3, "loss/validation": 2.4 });
 * console.log((await readdir(folder))[0].startsWith("events.out.tfevents.")); // true
 * ```
 */
export class TensorBoardWriter {
  /** The path of the event file, which the first write creates. */
  readonly path: string;
  #written: Promise<void> | undefined;

  /** @param directory the event file's folder; it is created if it does not exist. */
  constructor(readonly directory: string) {
    check("TensorBoardWriter", "directory", directory, text);
    const name = [Math.floor(Date.now() / 1000), hostname(), process.pid, files++].join(".");
    this.path = join(directory, `events.out.tfevents.${name}`);
  }

  /**
   * Adds numbers, each a point of the curve that its tag names, such as "loss/train". Undefined ones are left out.
   *
   * @param step the number of training steps so far.
   */
  async addScalars(step: number, values: Readonly<Record<string, number | undefined>>): Promise<void> {
    check("addScalars", "step", step, STEP);
    check("addScalars", "values", values, SCALARS);
    const given = Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined);
    return this.#add(
      step,
      given.map(([tag, scalar]) => ({ tag, scalar })),
    );
  }

  /** Adds the distribution of numbers, such as the weights of a layer. */
  async addHistogram(step: number, tag: string, values: ArrayLike<number>): Promise<void> {
    check("addHistogram", "step", step, STEP);
    check("addHistogram", "tag", tag, text);
    check("addHistogram", "values", values, NUMBERS);
    return this.#add(step, [{ tag, histogram: toHistogram(values) }]);
  }

  /** Adds an image. */
  async addImage(step: number, tag: string, pixels: Pixels): Promise<void> {
    check("addImage", "step", step, STEP);
    check("addImage", "tag", tag, text);
    check("addImage", "pixels", pixels, PIXELS);
    const { width, height, channels, data } = pixels;
    const size = width * height * channels;
    if (data.length !== size)
      refuse("addImage", "pixels.data", data, `${size} bytes, for ${width} × ${height} × ${channels}`);
    return this.#add(step, [{ tag, image: { ...pixels, png: toPng(pixels) } }]);
  }

  async #add(step: number, values: readonly BoardValue[]): Promise<void> {
    this.#written = (this.#written ?? this.#begin()).then(() => this.#append({ time: now(), step, values }));
    await this.#written;
  }

  /** Every event file begins with the version of its format. */
  async #begin(): Promise<void> {
    await this.#trying(() => makeFolder(this.directory));
    await this.#append({ time: now(), version: "brain.Event:2" });
  }

  #append(event: BoardEvent): Promise<void> {
    return this.#trying(() => appendFile(this.path, record(encodeEvent(event))));
  }

  async #trying(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (cause) {
      throw new TiduError(`cannot write ${this.path}: ${systemReason(cause)}`, { cause });
    }
  }
}

/** Seconds since 1970. */
const now = (): number => Date.now() / 1000;

/** Bins of equal width. */
function toHistogram(values: ArrayLike<number>): BoardHistogram {
  const { low: min, high: max, counts } = histogram(values);
  const finite = Float64Array.from(values).filter(Number.isFinite);
  return {
    min,
    max,
    count: finite.length,
    sum: finite.reduce((sum, v) => sum + v, 0),
    sumOfSquares: finite.reduce((sum, v) => sum + v * v, 0),
    limits: counts.map((_, i) => min + ((i + 1) * (max - min || 1)) / counts.length),
    counts,
  };
}
