// Keeps the last good weights, to return to when training fails.
import { restoreSnapshot, type Snapshot, takeSnapshot, type Variables } from "./snapshot.js";

/** A copy of variables, and the time of the copy. */
export interface Copy {
  readonly when: string;
  readonly values: Snapshot;
}

/** Copies of variables, to return to when training fails. A copy is used only once it is confirmed as good. */
export class LastGood {
  #newest: Copy | undefined;
  #good: Copy | undefined;
  readonly #variables: () => Variables;

  /**
   * @param variables all of them, at the time of the call.
   * @param good the copy to return to at first, if there is one.
   */
  constructor(variables: () => Variables, good?: Copy) {
    this.#variables = variables;
    this.#newest = good;
    this.#good = good;
  }

  /** The copy that `restore` returns to. */
  get good(): Copy | undefined {
    return this.#good;
  }

  /** Copies the variables' present values; `when` describes the time. */
  async copy(when: string): Promise<void> {
    this.#newest = { when, values: await takeSnapshot(this.#variables()) };
  }

  /** Declares the newest copy good. */
  confirm(): void {
    this.#good = this.#newest;
  }

  /** Restores the last good copy and returns its time; without one, does nothing. */
  restore(): string | undefined {
    if (this.#good !== undefined) restoreSnapshot(this.#variables(), this.#good.values);
    return this.#good?.when;
  }
}
