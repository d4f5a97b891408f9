// Makes a layer keep only its inputs for the gradient.
import { recompute as again } from "../tensor/recompute.js";
import { around } from "./forward.js";
import { checkNet, type Module } from "./module.js";

/**
 * Makes a layer, or a part of a network, compute its values again for the gradient instead of keeping them from the
 * forward pass: only its input is kept. Names in files stay the same. Returns the layer. See `recompute`.
 *
 * @example
 * ```ts
 * import { nn } from "tidu";
 *
 * const block = () => nn.sequential(nn.linear(64, 64), nn.gelu(), nn.linear(64, 64), nn.gelu());
 * const kept = nn.sequential(block(), block(), block());
 * const again = nn.sequential(nn.recompute(block()), nn.recompute(block()), nn.recompute(block()));
 * const bytes = [kept, again].map((net) => nn.summary(net, [64], { batchSize: 1024 }).trainingBytes);
 * console.log(bytes[1] < bytes[0]); // true
 * ```
 */
export function recompute<L extends Module>(layer: L): L {
  checkNet("recompute", layer, "layer");
  return around(layer, again);
}
