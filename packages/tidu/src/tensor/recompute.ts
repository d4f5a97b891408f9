// Less memory for training, paid for with time.
import { callback, check } from "../base/check.js";
import { recomputed } from "../grad/recompute.js";
import { full } from "../graph/ops/index.js";
import { checkTensor, Tensor } from "./tensor.js";

/**
 * What `body` computes, with the same gradient but for rounding; but nothing that `body` computes on the way is kept for the
 * gradient, which computes it again (`torch.utils.checkpoint`). So a deeper net fits; a step computes `body` once more.
 * Gradients go to all tensors that were there before, and to variables; not to tensors that `body` makes itself.
 *
 * @example
 * ```ts
 * import { grad, recompute, tensor } from "tidu";
 *
 * const x = tensor([3])
 * const y = recompute(() => x.square().square())
 * console.log(await grad(y.sum(), [x])[0].array()); // [108]
 * ```
 */
export function recompute(body: () => Tensor): Tensor {
  check("recompute", "body", body, callback);
  const since = full(0, []);
  const y = body();
  checkTensor("recompute", "the result of body", y);
  return new Tensor(recomputed(y.node, since));
}
