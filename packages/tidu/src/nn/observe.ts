// Watches what passes through a network's layers.
import type { Tensor } from "../tensor/tensor.js";
import type { Layered } from "./layered.js";

/** One layer's part in a forward pass. */
export interface Observation<L extends Layered = Layered> {
  /** Path of the layer, such as "3"; the first path of a layer that is used in several places. */
  readonly name: string;
  readonly layer: L;
  /** The first input, if there are several. */
  readonly input: Tensor;
  readonly output: Tensor;
}

/** Runs `body` and returns what passed through every layer (modules without children), in the order of the calls. */
export function observe<L extends Layered>(
  net: { namedModules(): [path: string, layer: L][] },
  body: () => void,
): Observation<L>[] {
  const seen: Observation<L>[] = [];
  const names = new Map(
    net
      .namedModules()
      .map(([name, layer]) => [layer, name] as const)
      .reverse(),
  );
  const restore = [...names].flatMap(([layer, name]) => {
    if (layer.children().length > 0) return [];
    const own = Object.getOwnPropertyDescriptor(layer, "forward");
    const { forward } = layer;
    layer.forward = (...inputs) => {
      const output = forward.apply(layer, inputs);
      seen.push({ name, layer, input: inputs[0], output });
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
