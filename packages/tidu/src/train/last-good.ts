import { restoreSnapshot, type Snapshot, takeSnapshot, type Variables } from "./snapshot.js";

/** A copy of variables, and the moment of which it is. */
export interface Copy {
  readonly when: string;
  readonly values: Snapshot;
}

/** Copies of variables, to return to when training fails. A copy counts only once it has been found good. */
export class LastGood {
  #newest: Copy | undefined;
  #good: Copy | undefined;

  /** @param good the copy to return to at first, if there is one. */
  constructor(
    readonly variables: Variables,
    good?: Copy,
  ) {
    this.#newest = good;
    this.#good = good;
  }

  /** The copy that `restore` returns to. */
  get good(): Copy | undefined {
    return this.#good;
  }

  /** Copies what the variables hold now; `when` names the moment. */
  async copy(when: string): Promise<void> {
    this.#newest = { when, values: await takeSnapshot(this.variables) };
  }

  /** Declares the newest copy good. */
  confirm(): void {
    this.#good = this.#newest;
  }

  /** Returns to the last good copy and tells its moment; without one, does nothing. */
  restore(): string | undefined {
    if (this.#good !== undefined) restoreSnapshot(this.variables, this.#good.values);
    return this.#good?.when;
  }
}
