// A forward pass in a given mode, with a check that all parameters it uses are part of the network's state.
import { ArgumentError } from "../base/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { tracing } from "../tensor/trace.js";
import type { Layered } from "./layered.js";
import { Parameter } from "./parameter.js";

/**
 * A network's output with all its modules in training or inference mode.
 *
 * @throws ArgumentError, inside a trace, if it uses a parameter that is not part of its `state()`.
 */
export function forwardIn(net: Layered, training: boolean, inputs: readonly Tensor[]): Tensor {
  const before = new Set(tracing()?.places);
  const output = net.during(training, () => net.forward(...inputs));
  const used = tracing()?.places.filter((place) => !before.has(place)) ?? [];
  const own = new Set<object>(net.state().values());
  const hidden = used.map(({ owner }) => owner).find((owner) => owner instanceof Parameter && !own.has(owner));
  if (hidden === undefined) return output;
  throw new ArgumentError(
    `${net.constructor.name}: forward uses ${(hidden as Parameter).describe()}, which is not part of the network's state(); hold its layer in a field that is not private, or in a list, map or record in one`,
  );
}

/** Makes `body` run around a layer's forward pass. Returns the layer. */
export function around<L extends Layered>(layer: L, body: (forward: () => Tensor) => Tensor): L {
  const { forward } = layer;
  return Object.defineProperty(layer, "forward", {
    value: (...inputs: Tensor[]) => body(() => forward.apply(layer, inputs)),
    configurable: true,
    // `observe` replaces the function for a while.
    writable: true,
  });
}
