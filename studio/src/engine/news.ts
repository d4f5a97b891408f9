// Collects what happened in training since the last message to the page.
import { thinned } from "../../../packages/cli/src/studio/thin.js";
import type { EpochResult, StepLoss } from "./protocol.js";

/** Steps, and epochs, that are told at once: a small network does thousands a second, and a page draws ten times a second. */
const MOST = 100;

/** Events since the last message to the page. */
export class News {
  #losses: StepLoss[] = [];
  #epochs: EpochResult[] = [];

  add(loss: StepLoss, result: EpochResult | undefined): void {
    this.#losses.push(loss);
    if (this.#losses.length > 4 * MOST) this.#losses = [...thinnedLosses(this.#losses, MOST)];
    if (result === undefined) return;
    this.#epochs.push(result);
    if (this.#epochs.length > 4 * MOST) this.#epochs = [...thinnedEpochs(this.#epochs, MOST)];
  }

  /** All of it, which is then no longer new. */
  take(): { readonly losses: readonly StepLoss[]; readonly epochs: readonly EpochResult[] } {
    const news = { losses: thinnedLosses(this.#losses, MOST), epochs: thinnedEpochs(this.#epochs, MOST) };
    this.#losses = [];
    this.#epochs = [];
    return news;
  }
}

export const thinnedLosses = (losses: readonly StepLoss[], most?: number): readonly StepLoss[] =>
  thinned(
    losses,
    ({ at }) => at,
    ({ loss }) => [loss],
    most,
  );

export const thinnedEpochs = (epochs: readonly EpochResult[], most?: number): readonly EpochResult[] =>
  thinned(
    epochs,
    ({ epoch }) => epoch,
    ({ loss, test }) => [loss, test.loss],
    most,
  );
