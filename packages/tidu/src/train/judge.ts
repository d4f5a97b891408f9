import type { EarlyStopOptions } from "./options.js";
import type { Evaluation } from "./reports.js";

/** What an epoch is judged by: measured while it learned, and on the validation set if there is one. */
export interface Judged extends Evaluation {
  readonly validation?: Evaluation;
}

/** Says which epoch is the best and when training no longer helps: by what was measured alone, so after a resume too. */
export class Judge {
  readonly #options: Partial<EarlyStopOptions>;

  constructor(options: EarlyStopOptions | undefined) {
    this.#options = options ?? {};
  }

  /** The place of the best epoch among those so far, of which there must be one. The first of equal ones is better. */
  best(epochs: readonly Judged[]): number {
    const { metric = "loss", minDelta = 0 } = this.#options;
    const sign = metric === "loss" ? 1 : -1;
    const values = epochs.map((epoch) => sign * ((epoch.validation ?? epoch)[metric] ?? Number.NaN));
    let best = 0;
    for (let i = 1; i < values.length; i++) {
      if (Number.isNaN(values[best]) || values[i] < values[best] - minDelta) best = i;
    }
    return best;
  }

  /** Whether the last `patience` epochs have brought nothing. */
  stops(epochs: readonly Judged[]): boolean {
    const { patience = Number.POSITIVE_INFINITY } = this.#options;
    return epochs.length - 1 - this.best(epochs) >= patience;
  }
}
