// A layer that keeps nothing for its gradient but its inputs.
import { recompute as again } from "../tensor/recompute.js";
import { around } from "./forward.js";
import { checkNet, type Module } from "./module.js";

/**
 * Has a layer, or a part of a network, compute its values again for the gradient instead of keeping them from the forward
 * pass: what is kept of it is its input. Names in files stay as they are. Returns the layer. See `recompute`.
 *
 * @example
 * ```ts
 * import { nn } from "tidu";
 *
 * const block = () => nn.sequential(nn.linear(64, 64), nn.gelu(), nn.linear(64, 64), nn.gelu());
 * const kept = nn.sequential(block(), block(), block());
 * const again = nn.sequential(nn.recompute(block()), nn.recompute(block()), nn.recompute(block()));
 * const bytes = [kept, again].map((net) => net.summary([64], { batchSize: 1024 }).trainingBytes);
 * console.log(bytes[1] < bytes[0]); // true
 * ```
 */
export function recompute<L extends Module>(layer: L): L {
  checkNet("recompute", layer, "layer");
  return around(layer, again);
}
