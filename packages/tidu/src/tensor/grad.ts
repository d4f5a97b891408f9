import { gradient } from "../grad/reverse.js";
import { Tensor } from "./tensor.js";

/**
 * Gradient of one number by any tensors it was computed from, by the chain rule from the cost backwards.
 *
 * @param cost a tensor that holds one number.
 * @param wrt the tensors to differentiate by, inputs, parameters or values in between.
 * @returns for each of `wrt` a tensor of its shape, zeros where the cost does not depend on it. The results are
 *   ordinary tensors: `grad` of them gives second derivatives.
 * @throws ShapeError if the cost is not one number.
 */
export const grad = (cost: Tensor, wrt: readonly Tensor[]): Tensor[] =>
  gradient(
    cost.node,
    wrt.map((t) => t.node),
  ).map((node) => new Tensor(node));
