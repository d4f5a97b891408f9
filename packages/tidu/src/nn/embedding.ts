import { checkCount } from "../base/check.js";
import { ShapeError } from "../base/errors.js";
import { gatherRows, type Tensor } from "../tensor/tensor.js";
import { normal } from "./init.js";
import { Module } from "./module.js";
import { type Initializer, Parameter } from "./parameter.js";

/**
 * A learned row of numbers for each of `count` things: whole numbers 0 … count - 1 of any shape [...] (i32 or u8)
 * become [..., features]. Weight [count, features]. A number outside is a DataError: at once where
 * the host knows the numbers, else when something is next read.
 */
export class Embedding<O extends number = number> extends Module {
  readonly weight: Parameter;

  constructor(
    /** How many things there are. */
    readonly count: number,
    /** Numbers for each. */
    readonly outFeatures: O,
    options: { readonly init?: Initializer } = {},
  ) {
    super();
    checkCount("embedding", "count", count);
    checkCount("embedding", "features", outFeatures);
    this.weight = new Parameter([count, outFeatures], options.init ?? normal());
  }

  override toString(): string {
    return `embedding(${this.count}, ${this.outFeatures})`;
  }

  override forward(rows: Tensor): Tensor {
    if (rows.dtype !== "i32" && rows.dtype !== "u8") {
      throw new ShapeError(`${this}: input is ${rows.dtype}, expected whole numbers (i32 or u8): use toInt()`);
    }
    return gatherRows(this.weight, rows, 0, `${this}: number`);
  }
}

/**
 * See `Embedding`.
 * @param options.init first values; default normal with mean 0 and standard deviation 1.
 */
export const embedding = <const O extends number>(
  count: number,
  features: O,
  options?: { readonly init?: Initializer },
): Embedding<O> => new Embedding(count, features, options);
