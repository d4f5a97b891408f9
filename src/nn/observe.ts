import type { Tensor } from "../tensor/tensor.js";
import type { Module } from "./module.js";

/** One layer's part in a forward pass. */
export interface Observation {
  /** Path of the layer, such as "3". */
  readonly name: string;
  readonly layer: Module;
  readonly input: Tensor;
  readonly output: Tensor;
}

/** Runs `body` and returns what passed through every layer (modules without children), in the order of the calls. */
export function observe(net: Module, body: () => void): Observation[] {
  const seen: Observation[] = [];
  const restore = net.namedModules().flatMap(([name, layer]) => {
    if (layer.children().length > 0) return [];
    const own = Object.getOwnPropertyDescriptor(layer, "forward");
    const { forward } = layer;
    layer.forward = (input) => {
      const output = forward.call(layer, input);
      seen.push({ name, layer, input, output });
      return output;
    };
    return [
      () =>
        own === undefined ? Reflect.deleteProperty(layer, "forward") : Object.defineProperty(layer, "forward", own),
    ];
  });
  try {
    body();
  } finally {
    for (const back of restore) back();
  }
  return seen;
}
