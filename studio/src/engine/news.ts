import type { EpochResult, StepLoss } from "./protocol.js";
import { thinned } from "./thin.js";

/** Steps, and epochs, that are told at once: a small network does thousands a second, and a page draws ten times a second. */
const MOST = 100;

/** What happened since the page was last told. */
export class News {
  #losses: readonly StepLoss[] = [];
  #epochs: readonly EpochResult[] = [];

  add(loss: StepLoss, result: EpochResult | undefined): void {
    this.#losses = thinned([...this.#losses, loss], ({ at }) => at, MOST);
    if (result !== undefined) this.#epochs = thinned([...this.#epochs, result], ({ epoch }) => epoch, MOST);
  }

  /** All of it, which is then no longer new. */
  take(): { readonly losses: readonly StepLoss[]; readonly epochs: readonly EpochResult[] } {
    const news = { losses: this.#losses, epochs: this.#epochs };
    this.#losses = this.#epochs = [];
    return news;
  }
}
