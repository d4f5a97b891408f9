import { findNonFinite } from "../data/finite.js";
import type { Module } from "../nn/module.js";
import { observe } from "../nn/observe.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * Where in a forward pass a value first is not a finite number: "parameter 0.weight", "layer 3 conv2d(6, 16, 5)", or
 * "the loss" if all of the network's values are finite.
 */
export async function findSource(net: Module, inputs: readonly Tensor[]): Promise<string> {
  for (const [name, p] of net.state()) if ((await findNonFinite(p)) !== undefined) return `parameter ${name}`;
  for (const { name, layer, output } of observe(net, () => net.during(false, () => net.forward(...inputs)))) {
    if ((await findNonFinite(await output.realize())) === undefined) continue;
    return ["layer", name, String(layer)].filter((part) => part !== "").join(" ");
  }
  return "the loss";
}
