import type { TypedArray } from "../base/dtype.js";
import { tensor } from "../tensor/tensor.js";
import type { Variable } from "../tensor/variable.js";

interface Copy {
  readonly when: string;
  readonly values: ReadonlyMap<Variable, TypedArray>;
}

/** Copies of variables, to return to when training fails. A copy counts only once it has been found good. */
export class LastGood {
  #newest: Copy | undefined;
  #good: Copy | undefined;

  constructor(readonly variables: readonly Variable[]) {}

  /** Copies what the variables hold now; `when` names the moment. */
  async copy(when: string): Promise<void> {
    const values = new Map<Variable, TypedArray>();
    for (const v of this.variables) values.set(v, await v.data());
    this.#newest = { when, values };
  }

  /** Declares the newest copy good. */
  confirm(): void {
    this.#good = this.#newest;
  }

  /** Returns to the last good copy and tells its moment; without one, does nothing. */
  restore(): string | undefined {
    for (const [variable, values] of this.#good?.values ?? []) variable.assign(tensor(values, variable.shape));
    return this.#good?.when;
  }
}
