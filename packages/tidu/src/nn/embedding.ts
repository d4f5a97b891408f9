// Learned rows, looked up by number.
import { callback, check, checkOptions, oneOrMore } from "../base/check.js";
import { checkShape } from "../base/shape.js";
import { checkTensor, gatherRows, needWhole, type Tensor } from "../tensor/tensor.js";
import { normal } from "./init.js";
import { Module } from "./module.js";
import { type Initializer, Parameter } from "./parameter.js";

/**
 * A table of learned rows, one for each index 0 … count - 1: indices of any shape [...] (i32 or u8) become [...,
 * features]. Weight [count, features]. An index out of range is a DataError: at once if the host knows the indices,
 * otherwise at the next read of a value.
 */
export class Embedding<O extends number = number> extends Module {
  readonly weight: Parameter;

  constructor(
    /** Number of rows, such as the size of a vocabulary. */
    readonly count: number,
    /** Length of each row. */
    readonly outFeatures: O,
    options: { readonly init?: Initializer } = {},
  ) {
    super();
    check("embedding", "count", count, oneOrMore);
    check("embedding", "features", outFeatures, oneOrMore);
    checkOptions("embedding", options, { init: callback });
    checkShape("embedding", [count, outFeatures], "the weight's shape");
    this.weight = new Parameter([count, outFeatures], options.init ?? normal());
  }

  override toString(): string {
    return `embedding(${this.count}, ${this.outFeatures})`;
  }

  override forward(rows: Tensor): Tensor {
    checkTensor(String(this), "rows", rows);
    needWhole(String(this), "rows", rows, "tensor(Int32Array.of(…)), or a data set with { transform: (x) => x }");
    return gatherRows(this.weight, rows, 0, `${this}: number`);
  }
}

/**
 * See `Embedding`.
 * @param options.init initial values; default normal with mean 0 and standard deviation 1.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(nn.embedding(100, 8).forward(tensor(Int32Array.of(3, 14, 15))).shape); // [3, 8]
 * ```
 */
export const embedding = <const O extends number>(
  count: number,
  features: O,
  options?: { readonly init?: Initializer },
): Embedding<O> => new Embedding(count, features, options);
