import { appendFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { ArgumentError, TiduError } from "tidu";
import { makeFolder } from "tidu/internal";
import { histogram } from "../collect/histogram.js";
import { type Pixels, toPng } from "../picture.js";
import { type BoardEvent, type BoardHistogram, type BoardValue, encodeEvent } from "./event.js";
import { record } from "./record.js";

/** Files made by this process; each has a name of its own even within a second. */
let files = 0;

/**
 * Writes an event file that TensorBoard shows: `tensorboard --logdir DIRECTORY`. TensorBoard joins all event files of a
 * folder, so a training that goes on simply writes another one.
 *
 * Every method resolves when its values are in the file; values are written in the order of the calls.
 *
 * @throws TiduError if the file cannot be written; ArgumentError unless the step is a whole number of at least 0.
 */
export class TensorBoardWriter {
  /** The event file; it is made when something is first written. */
  readonly path: string;
  #written: Promise<void> | undefined;

  /** @param directory made if it is not there. */
  constructor(readonly directory: string) {
    const name = [Math.floor(Date.now() / 1000), hostname(), process.pid, files++].join(".");
    this.path = join(directory, `events.out.tfevents.${name}`);
  }

  /**
   * Adds numbers, each a point of the curve that its tag, such as "loss/train", names. Those that are undefined are left
   * out.
   *
   * @param step steps since training began.
   */
  addScalars(step: number, values: Readonly<Record<string, number | undefined>>): Promise<void> {
    const given = Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined);
    return this.#add(
      step,
      given.map(([tag, scalar]) => ({ tag, scalar })),
    );
  }

  /** Adds how numbers, such as the weights of a layer, are spread. */
  addHistogram(step: number, tag: string, values: ArrayLike<number>): Promise<void> {
    return this.#add(step, [{ tag, histogram: toHistogram(values) }]);
  }

  /** Adds a picture. */
  addImage(step: number, tag: string, pixels: Pixels): Promise<void> {
    return this.#add(step, [{ tag, image: { ...pixels, png: toPng(pixels) } }]);
  }

  async #add(step: number, values: readonly BoardValue[]): Promise<void> {
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new ArgumentError(`TensorBoardWriter: step is ${step}; it must be a whole number of at least 0`);
    }
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
      throw new TiduError(`cannot write ${this.path}: ${(cause as Error).message}`, { cause });
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
