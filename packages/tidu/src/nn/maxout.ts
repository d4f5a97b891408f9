// Maxout layers.
import { check, oneOrMore, refuse, refuseShape } from "../base/check.js";
import { maxOp } from "../graph/ops/index.js";
import { checkTensor, Tensor } from "../tensor/tensor.js";
import { Activation } from "./activation.js";
import { Affine, type LinearOptions } from "./linear.js";

/** The largest of each group of k neighbors along an axis: size n becomes n / k. */
const largest = (x: Tensor, axis: number, k: number): Tensor => {
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  return x.reshape([...before, x.shape[axis] / k, k, ...after]).max(axis + 1);
};

/**
 * Units whose value is the largest of k linear functions: y_j = max over i < k of (x Wᵀ + b)_(j·k + i), [..., in] ->
 * [..., out] (Goodfellow et al., "Maxout networks", ICML 2013). Unit j owns the neighboring pieces j·k … j·k + k - 1;
 * the gradient goes to the winning piece, at a tie to the first. Weight [out · k, in], bias [out · k].
 */
export class Maxout<I extends number = number, O extends number = number> extends Affine<I, O> {
  constructor(
    inFeatures: I,
    outFeatures: O,
    /** Number of linear functions from which each unit takes the largest. */
    readonly k: number,
    options?: LinearOptions,
  ) {
    check("maxout", "k", k, oneOrMore);
    super("maxout", inFeatures, outFeatures, k, options);
  }

  protected override named(inFeatures: number): string {
    return `${this.name}(${inFeatures}, ${this.outFeatures}, ${this.k})`;
  }

  override forward(x: Tensor): Tensor {
    return largest(this.affine(x), x.rank - 1, this.k);
  }

  /** The pieces [..., out, k] that an output of `forward` is the maximum of: the same values of the same graph. */
  piecesOf(output: Tensor): Tensor {
    checkTensor("piecesOf", "output", output);
    if (output.node.op !== maxOp) refuse("piecesOf", "output", output, "what this layer's forward returned");
    return new Tensor(output.node.inputs[0]);
  }
}

/**
 * See `Maxout`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.maxout(6, 4, 3).forward(zeros([2, 6])).shape); // [2, 4]
 * ```
 */
export const maxout = <const I extends number, const O extends number>(
  inFeatures: I,
  outFeatures: O,
  k: number,
  options?: LinearOptions,
): Maxout<I, O> => new Maxout(inFeatures, outFeatures, k, options);

/**
 * Maxout over channels, for convolutions: [n, c, …] -> [n, c / k, …], channel j being the largest of channels
 * j·k … j·k + k - 1. The gradient goes to the winner, at a tie to the first.
 * @throws ShapeError where k does not divide the channels.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.maxoutChannels(2).forward(zeros([2, 8, 5, 5])).shape); // [2, 4, 5, 5]
 * ```
 */
export function maxoutChannels(k: number): Activation {
  check("maxoutChannels", "k", k, oneOrMore);
  const apply = (x: Tensor): Tensor => {
    if (x.rank < 2 || x.shape[1] % k !== 0) {
      refuseShape(`maxoutChannels(${k})`, "input", x, `[samples, channels, …] with channels a multiple of ${k}`);
    }
    return largest(x, 1, k);
  };
  return new Activation("maxoutChannels", apply, k);
}
