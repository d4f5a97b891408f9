import type { NumberArray } from "./arrays/stored-array.js";
import type { Divisible } from "./parts.js";
import { takeRows } from "./rows.js";
import type { Targets } from "./targets.js";

/** Samples of `size` numbers each, one after the other, and their targets. */
export class ArrayPart implements Divisible<ArrayPart> {
  constructor(
    readonly inputs: NumberArray,
    readonly size: number,
    readonly targets: Targets,
    /** Each sample's number where it comes from. */
    readonly numbers: Int32Array = new Int32Array(targets.count).map((_, i) => i),
  ) {}

  get count(): number {
    return this.targets.count;
  }
  get labels(): ArrayLike<number> | undefined {
    return this.targets.labels;
  }
  take(rows: Int32Array): ArrayPart {
    const numbers = rows.map((row) => this.numbers[row]);
    return new ArrayPart(takeRows(this.inputs, this.size, rows), this.size, this.targets.take(rows), numbers);
  }
}
