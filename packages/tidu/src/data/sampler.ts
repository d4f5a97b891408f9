// Which samples a mini-batch has, in the same order each time for a seed.
import { callback, check, flag, needed, oneOrMore, real, options as record, whole } from "../base/check.js";
import { ArgumentError, DataError } from "../base/errors.js";
import type { BatchOptions } from "./batches.js";
import { below, shuffleKey, WORDS, wordStream } from "./words.js";

/** The options of a {@link Sampler}. */
export interface SamplerOptions extends BatchOptions {
  /** Number of samples in the data set, 1 to 2^31 - 1. */
  readonly count: number;
}

const BATCH = {
  batchSize: needed(oneOrMore),
  shuffle: needed(flag),
  dropLast: needed(flag),
  seed: needed(whole(0)),
  reads: callback,
};
/** How an epoch is cut. */
export const BATCHES = record(BATCH);
const SAMPLER = record({ count: needed(real), ...BATCH });
const COUNT = whole(1, 2 ** 31 - 1);

/**
 * Mini-batches as vectors of sample indices. Epochs can be read in any order: each depends only on the options and its
 * number, so resumed training sees the same batches.
 *
 * Throws DataError when there are no samples, ArgumentError when an option is out of range or `dropLast` would leave
 * no batch at all.
 *
 * @example
 * ```ts
 * import { Sampler } from "tidu/data";
 *
 * const sampler = new Sampler({ count: 5, batchSize: 2, shuffle: false, dropLast: false, seed: 1 });
 * console.log(sampler.batchesPerEpoch, [...sampler.batch(0, 2)]); // 3 [4]
 * ```
 */
export class Sampler {
  /** Number of batches in each epoch. */
  readonly batchesPerEpoch: number;
  readonly #options: SamplerOptions;
  readonly #key: readonly [number, number];
  #latest: { readonly epoch: number; readonly order: Int32Array } | undefined;

  constructor(options: SamplerOptions) {
    check("Sampler", "options", options, SAMPLER);
    const { count, batchSize, dropLast, seed } = options;
    if (count === 0) throw new DataError("sampler: the data set is empty; it needs at least one sample");
    check("Sampler", "count", count, COUNT);
    this.batchesPerEpoch = dropLast ? Math.floor(count / batchSize) : Math.ceil(count / batchSize);
    if (this.batchesPerEpoch === 0) {
      throw new ArgumentError(
        `sampler: dropLast leaves no batch, since ${count} samples are fewer than batchSize ${batchSize}; ` +
          `set batchSize to at most ${count}, or dropLast to false`,
      );
    }
    this.#options = { ...options };
    this.#key = shuffleKey(seed);
  }

  /**
   * The order of the samples in epoch `n` (0 to 2^32 - 1): each index from 0 to count - 1 once. The array is shared
   * with {@link Sampler.batch}: read it, do not write to it.
   */
  epoch(n: number): Int32Array {
    check("Sampler", "epoch", n, whole(0, WORDS - 1));
    if (this.#latest?.epoch !== n) this.#latest = { epoch: n, order: this.#order(n) };
    return this.#latest.order;
  }

  /**
   * The sample indices of batch `i` (0 to batchesPerEpoch - 1) of epoch `n`: `batchSize` of them, or fewer in the last
   * batch. It is a view of what {@link Sampler.epoch} returns.
   */
  batch(n: number, i: number): Int32Array {
    check("Sampler", "batch", i, whole(0, this.batchesPerEpoch - 1));
    const { batchSize } = this.#options;
    return this.epoch(n).subarray(i * batchSize, (i + 1) * batchSize);
  }

  #order(epoch: number): Int32Array {
    const order = new Int32Array(this.#options.count).map((_, index) => index);
    if (this.#options.shuffle) shuffle(order, wordStream(this.#key, epoch));
    return order;
  }
}

/** Fisher-Yates: every order is equally likely. */
function shuffle(items: Int32Array, nextWord: () => number): void {
  for (let last = items.length - 1; last > 0; last--) {
    const chosen = below(last + 1, nextWord);
    const item = items[chosen];
    items[chosen] = items[last];
    items[last] = item;
  }
}
