import { ArgumentError } from "../base/errors.js";
import { show } from "../base/show.js";
import type { Module } from "../nn/module.js";
import { type Observation, observe } from "../nn/observe.js";
import { type Compiled, compile } from "../tensor/compile.js";
import type { Tensor } from "../tensor/tensor.js";

/** Observations by the layers' names. A second call of a layer is named as in "3:2". */
export function byName(seen: readonly Observation<Module>[]): Map<string, Observation<Module>> {
  const named = new Map<string, Observation<Module>>();
  const calls = new Map<string, number>();
  for (const observation of seen) {
    const { name } = observation;
    const call = (calls.get(name) ?? 0) + 1;
    calls.set(name, call);
    named.set(call === 1 ? name : `${name}:${call}`, observation);
  }
  return named;
}

/**
 * A layer (a module without children) by its name, such as "3", or as itself.
 *
 * @throws ArgumentError if the network has no such layer; it lists those that it has.
 */
export function findLayer(what: string, net: Module, layer: string | Module): [name: string, layer: Module] {
  const layers = net.namedModules().filter(([, m]) => m.children().length === 0);
  const found = layers.find(([name, m]) => name === layer || m === layer);
  if (found !== undefined) return found;
  throw new ArgumentError(
    `${what}: layer is ${show(layer)}; it must be one of the network's: ${layers.map(([name, m]) => `${JSON.stringify(name)} ${m}`).join(", ")}`,
  );
}

/**
 * The function from a network's input to the output of one of its layers, in inference mode; for a layer that is called
 * several times, its first output.
 */
export const outputOf = (what: string, net: Module, layer: Module): Compiled<[Tensor], Tensor> =>
  compile((x: Tensor) => {
    const seen = observe(net, () => net.during(false, () => net.forward(x)));
    const own = seen.find((o) => o.layer === layer);
    if (own === undefined) throw new ArgumentError(`${what}: the network does not use its layer ${layer}`);
    return own.output;
  });
