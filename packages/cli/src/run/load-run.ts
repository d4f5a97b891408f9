// A trained run in code: its network with its preprocessing, for samples in memory and in files.
import type { nn, Tensor } from "tidu";
import { check, checkOptions, flag, text } from "tidu/internal";
import { answer, labelsOf } from "../cli/predictions/answer.js";
import { scoresOf } from "../cli/run/scores.js";
import { findTrained, makeTrained } from "../cli/run/use.js";
import { type MemorySample, memoryEncoder } from "../sources/memory.js";
import { type PrepareOptions, streamSamples } from "../sources/prepare.js";
import type { Preprocess } from "../sources/source.js";

/** The prediction for one sample. */
export interface Prediction {
  /** The most probable class; absent where values are predicted. */
  readonly prediction?: string;
  /** The probability of each class, by its name; absent where values are predicted. */
  readonly probabilities?: Readonly<Record<string, number>>;
  /** Each predicted value in its own units, by the name of its column; absent for classification. */
  readonly values?: Readonly<Record<string, number>>;
  /**
   * Columns whose category did not occur in training; it counts as none of the known categories. Absent if there are
   * none.
   */
  readonly unknown?: readonly string[];
}

/** A trained run, ready to be used. Calls may overlap. */
export interface LoadedRun {
  /** The network; its inputs are standardized. */
  readonly net: nn.Module;
  /** How one raw sample becomes an input; JSON. */
  readonly preprocess: Preprocess;

  /**
   * Predicts samples that are in memory: rows of a table (`{ length: 5.1, color: "red" }`), the bytes of image files
   * (PNG, JPEG, WebP, GIF, TIFF or BMP), or the numbers of samples of an array in row-major order, as the run's data are.
   *
   * A row has all columns that the network was trained on; others are ignored. A number stands for itself, a text is
   * read as the training file's were; null, undefined, "" and the words for a missing value are missing values.
   *
   * @throws DataError, with row and column, for a column that is not there and a value that does not fit; ArgumentError
   *   for a sample of another kind; FormatError for a damaged image.
   */
  predict(samples: readonly MemorySample[]): Promise<Prediction[]>;

  /**
   * Predicts the samples of files in groups, as `tidu predict` does. `sample` says where each comes from.
   *
   * @throws DataError or FormatError, which name the file, for what cannot be read or does not fit.
   */
  predictFiles(
    paths: readonly string[],
    options?: PrepareOptions,
  ): AsyncGenerator<Prediction & { readonly sample: string }, void, void>;
}

/** Options of `loadRun`. */
export interface LoadRunOptions {
  /** Whether to load the network of the last epoch instead of the best. Default false. */
  readonly last?: boolean;
  /** Whether a model file that this user did not write may run to make the network. Default false: it is an error. */
  readonly trust?: boolean;
}

/**
 * Loads a run from the folder that `tidu train` wrote, to predict in a program. It has the network of the epoch that
 * was best on the validation part, if there was one, and runs on the device in use. Node only.
 *
 * @param directory the run's folder.
 * @throws ArgumentError if the folder has neither a network nor a checkpoint, or if a model file that is not trusted
 *   makes the network; DataError and FormatError, which name the file, for a damaged one.
 *
 * @example
 * ```ts
 * import { loadRun } from "@tidu/cli/run";
 *
 * const missing = await loadRun("runs/none").catch((error: Error) => error.name);
 * console.log(missing); // ArgumentError
 * ```
 */
export async function loadRun(directory: string, options: LoadRunOptions = {}): Promise<LoadedRun> {
  check("loadRun", "directory", directory, text);
  checkOptions("loadRun", options, { last: flag, trust: flag });
  const found = await findTrained(directory, { ...options, toTrust: "trust: true" });
  return new Run(await makeTrained(found), found.config.data.preprocess);
}

class Run implements LoadedRun {
  readonly #encode;
  readonly #labels;

  constructor(
    readonly net: nn.Module,
    readonly preprocess: Preprocess,
  ) {
    this.#encode = memoryEncoder(preprocess);
    this.#labels = labelsOf(preprocess);
  }

  async predict(samples: readonly MemorySample[]): Promise<Prediction[]> {
    check("predict", "samples", samples, { says: "a list of samples", ok: Array.isArray });
    if (samples.length === 0) return [];
    const { input, unknown } = await this.#encode(samples);
    const answers = await this.#answers(input);
    return answers.map((own, i) => (unknown?.[i]?.length ? { ...own, unknown: unknown[i] } : own));
  }

  async *predictFiles(
    paths: readonly string[],
    options: PrepareOptions = {},
  ): AsyncGenerator<Prediction & { readonly sample: string }, void, void> {
    for await (const { input, names } of streamSamples(this.preprocess, paths, options)) {
      const answers = await this.#answers(input);
      for (const [i, own] of answers.entries()) yield { sample: names[i], ...own };
    }
  }

  async #answers(input: Tensor): Promise<Prediction[]> {
    return (await scoresOf(this.net, input)).map((scores) => {
      const { prediction, numbers } = answer(this.preprocess, "", scores);
      const named = Object.fromEntries(this.#labels.map((label, i) => [label, numbers[i]]));
      return prediction === undefined ? { values: named } : { prediction, probabilities: named };
    });
  }
}
