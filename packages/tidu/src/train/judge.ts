// Compares each epoch with those before it.
import { better } from "../base/better.js";
import type { EarlyStopOptions } from "./options.js";
import type { Evaluation } from "./reports.js";

/** The measurements that decide on an epoch: of training, and of the validation set if there is one. */
export interface Judged extends Evaluation {
  readonly validation?: Evaluation;
  /** By a function of the user's. */
  readonly measured?: number;
}

/** The judgment on an epoch. */
export interface Judgement {
  /** Whether it is the best so far. Of equal epochs the first counts as best. */
  readonly best: boolean;
  /** Whether the last `patience` epochs brought no improvement. */
  readonly stops: boolean;
}

/** Judges epochs in order, by measurements alone, so that resumed training decides the same. */
export class Judge {
  readonly #options: Partial<EarlyStopOptions>;
  #value: number | undefined;
  #sinceBest = 0;

  /** @param before the epochs that are done. */
  constructor(options: EarlyStopOptions | undefined, before: readonly Judged[] = []) {
    this.#options = options ?? {};
    for (const epoch of before) this.next(epoch);
  }

  next(epoch: Judged): Judgement {
    const { metric = "loss", mode, minDelta = 0, patience = Number.POSITIVE_INFINITY } = this.#options;
    const sign = (mode ?? (metric === "loss" ? "min" : "max")) === "min" ? 1 : -1;
    const { metrics, ...measured }: Evaluation = epoch.validation ?? epoch;
    const found = typeof metric === "function" ? epoch.measured : { ...metrics, ...measured }[metric];
    const value = sign * (found ?? Number.NaN);
    const best = better(value, this.#value, (now, before) => now < before - minDelta);
    if (best) this.#value = value;
    this.#sinceBest = best ? 0 : this.#sinceBest + 1;
    return { best, stops: this.#sinceBest >= patience };
  }
}
