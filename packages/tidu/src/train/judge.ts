// Says of each epoch how it stands among those before it.
import type { EarlyStopOptions } from "./options.js";
import type { Evaluation } from "./reports.js";

/** What an epoch is judged by: measured while it learned, and on the validation set if there is one. */
export interface Judged extends Evaluation {
  readonly validation?: Evaluation;
  /** By a function of the user's. */
  readonly measured?: number;
}

/** How an epoch stands. */
export interface Judgement {
  /** Whether it is the best so far. The first of equal ones is better. */
  readonly best: boolean;
  /** Whether the last `patience` epochs have brought nothing. */
  readonly stops: boolean;
}

/** Judges epochs one after the other, by what was measured alone, so that a resumed training comes to the same. */
export class Judge {
  readonly #options: Partial<EarlyStopOptions>;
  #value = Number.NaN;
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
    const best = Number.isNaN(this.#value) || value < this.#value - minDelta;
    if (best) this.#value = value;
    this.#sinceBest = best ? 0 : this.#sinceBest + 1;
    return { best, stops: this.#sinceBest >= patience };
  }
}
