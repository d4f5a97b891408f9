import type { Module } from "../nn/module.js";
import { observe } from "../nn/observe.js";
import type { Tensor } from "../tensor/tensor.js";

/** Whether some element is NaN or infinite. */
export async function hasNonFinite(x: Tensor): Promise<boolean> {
  if (x.dtype !== "f32") return false;
  return (await x.sub(x).eq(0).toFloat().min().item()) === 0;
}

/** Where a value that is not a finite number first appears: the input, a parameter, a layer's output, or the loss. */
export async function firstNonFinite(net: Module, x: Tensor): Promise<string> {
  if (await hasNonFinite(x)) return "the input";
  for (const [name, p] of net.namedParameters()) if (await hasNonFinite(p)) return `parameter ${name}`;
  for (const { name, layer, output } of observe(net, () => net.during(false, () => net.forward(x)))) {
    if (await hasNonFinite(output)) return `layer ${name} ${layer}`;
  }
  return "the loss";
}
