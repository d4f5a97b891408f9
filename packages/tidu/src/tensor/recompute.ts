// Less memory for training, paid for with time.
import { callback, check } from "../base/check.js";
import { recomputed } from "../grad/recompute.js";
import { full } from "../graph/ops/index.js";
import { checkTensor, Tensor } from "./tensor.js";

/**
 * The result of `body`, with the same gradient up to rounding. Intermediate values of `body` are not kept for the
 * gradient but computed again (`torch.utils.checkpoint`). This takes less memory, so deeper nets fit, but each step
 * computes `body` twice. Gradients flow to variables and to all tensors that existed before, not to tensors that `body`
 * makes itself.
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
