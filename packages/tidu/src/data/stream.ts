// Data sets whose samples arrive one after the other, larger than memory.
import { callback, check, checkOptional, listOf, oneOrMore, whole } from "../base/check.js";
import { ArgumentError } from "../base/errors.js";
import { formatShape, type Shape } from "../base/shape.js";
import type { ValueType } from "../graph/node.js";
import { aTensor, type Tensor } from "../tensor/tensor.js";
import type { Batch, Batches, BatchOptions, BatchProvider } from "./batches.js";
import { checkClasses, through } from "./checks.js";
import { BATCHES } from "./sampler.js";
import { gathered } from "./stream-batches.js";
import { ahead, shuffled } from "./stream-order.js";
import { checkForm, numbered, type StreamForm, type StreamSource } from "./stream-samples.js";
import { shuffleKey, wordStream } from "./words.js";

export interface StreamOptions extends StreamForm {
  /**
   * Samples in the shuffle buffer, where training shuffles: the next sample is a random one of these. A larger buffer
   * mixes better and takes more memory. Default 1024.
   */
  readonly shuffleBuffer?: number;
  /** Batches made ready before they are needed, so that reading and training go on together. Default 2. */
  readonly prefetch?: number;
  /** What a network sees of a batch of inputs; default: the same as f32; `(x) => x` keeps tokens whole numbers. Runs inside the compiled step. */
  readonly transform?: (batch: Tensor) => Tensor;
}

/**
 * Samples that are read during training, for data sets larger than memory: no more than `shuffleBuffer` of them and
 * `prefetch` + 1 batches are held at a time. Every epoch reads the source from its beginning. The same seed gives the
 * same batches, if the source gives the same samples; resumed training reads past the samples that it has already seen.
 *
 * @example
 * ```ts
 * import { StreamDataset } from "tidu/data";
 *
 * const source = function* () {
 *   for (let i = 0; i < 100; i++) yield { input: Float32Array.of(i), target: [2 * i] };
 * };
 * const samples = new StreamDataset(source, { inputShape: [1], targetShape: [1], count: 100 });
 * console.log(samples.count); // 100
 * ```
 */
export class StreamDataset implements BatchProvider {
  readonly inputShape: Shape;
  readonly classes?: readonly string[];
  readonly count?: number;
  readonly transform: (batch: Tensor) => Tensor;
  readonly #source: StreamSource;
  readonly #options: StreamOptions;

  constructor(source: StreamSource, options: StreamOptions) {
    check("streamDataset", "source", source, callback);
    checkForm("streamDataset", options, { shuffleBuffer: oneOrMore, prefetch: whole(0, 65_535), transform: callback });
    this.inputShape = options.inputShape;
    this.classes = options.classes;
    this.count = options.count;
    this.transform = options.transform ?? ((batch) => batch.toFloat());
    this.#source = source;
    this.#options = options;
  }

  /** No data stay in engine memory. */
  get bytes(): number {
    return 0;
  }

  /** A step's inputs are the samples themselves. */
  types(samples: number): readonly ValueType[] {
    check("types", "samples", samples, oneOrMore);
    const { inputShape, inputType = "f32", targetShape } = this.#options;
    const input: ValueType = { shape: [samples, ...inputShape], dtype: inputType };
    if (targetShape === undefined) return [input, { shape: [samples], dtype: "i32" }];
    return [input, { shape: [samples, ...targetShape], dtype: "f32" }];
  }

  read(given: readonly Tensor[], change?: (inputs: Tensor) => Tensor): { x: Tensor; t: Tensor } {
    check("read", "given", given, listOf(aTensor, "a list of two tensors", 2));
    checkOptional("read", "change", change, callback);
    const [inputs, targets] = given;
    const seen = change === undefined ? inputs : through("read", "change", change, inputs);
    return { x: through("read", "transform", this.transform, seen), t: targets };
  }

  /** The mini-batches of the data, epoch by epoch. */
  batches(options: BatchOptions): Batches {
    check("batches", "options", options, BATCHES);
    const { batchSize, dropLast } = options;
    const perEpoch = this.count === undefined ? undefined : (dropLast ? Math.floor : Math.ceil)(this.count / batchSize);
    if (perEpoch === 0) {
      throw new ArgumentError(
        `stream: dropLast leaves no batch, since count ${this.count} is below batchSize ${batchSize}; use smaller batches, or dropLast: false`,
      );
    }
    return { perEpoch, epoch: (n, from = 0) => this.#epoch(options, n, from) };
  }

  #epoch(options: BatchOptions, epoch: number, from: number): AsyncGenerator<Batch> {
    const { shuffleBuffer = 1024, prefetch = 2 } = this.#options;
    const samples = numbered(this.#source, epoch, this.#options);
    const words = wordStream(shuffleKey(options.seed), epoch);
    const ordered = options.shuffle ? shuffled(samples, shuffleBuffer, words) : samples;
    return ahead(
      gathered(ordered, this.#options, (n) => this.types(n), options, from),
      prefetch,
    );
  }

  async load(): Promise<void> {}

  /** Samples are checked as they come. */
  async check(outputs: number | undefined): Promise<void> {
    checkOptional("check", "outputs", outputs, oneOrMore);
    if (outputs !== undefined) checkClasses(this.classes?.length ?? 0, outputs);
  }

  async identity(): Promise<Readonly<Record<string, unknown>>> {
    const { shuffleBuffer = 1024 } = this.#options;
    const types = this.types(1).map(({ dtype, shape }) => `${dtype} ${formatShape(shape.slice(1))}`);
    return { stream: types, classes: this.classes, count: this.count, shuffleBuffer };
  }
}

/**
 * A data set that is read during training, one sample after the other: `streamDataset(async function* () { … yield {
 * input, target }; }, { inputShape: [1, 28, 28], inputType: "u8", classes })`. `workerSource` reads in a separate
 * thread. Training accepts it like a data set in memory.
 *
 * @throws ArgumentError for an option out of range. When used, DataError, with the sample's number, for a sample of
 *   another form or with values that are not finite, for a label that is not a class number, and if there are more or
 *   fewer than `count` samples.
 *
 * @example
 * ```ts
 * import { streamDataset } from "tidu/data";
 *
 * const samples = streamDataset(
 *   async function* () {
 *     for (let i = 0; i < 100; i++) yield { input: Float32Array.of(i, 1), target: i % 2 };
 *   },
 *   { inputShape: [2], classes: ["even", "odd"], count: 100 },
 * );
 * console.log(samples.inputShape); // [2]
 * ```
 */
export const streamDataset = (source: StreamSource, options: StreamOptions): StreamDataset =>
  new StreamDataset(source, options);
