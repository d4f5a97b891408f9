// `--freeze`: layers of a network that begins with trained weights, and stay as they are.
import { ArgumentError, type nn } from "tidu";
import { listed } from "../ui/listed.js";

/** The names that a layer's values have in a network, where the layer has this name. */
export const namesIn = (name: string, layer: nn.Module): string[] =>
  [...layer.state().keys()].map((key) => (name === "" ? key : `${name}.${key}`));

/**
 * Makes layers stay as they are, but for values that are made anew.
 *
 * @param path of the network's file, for errors.
 * @param fresh the names of values that are made anew.
 * @throws ArgumentError if nothing that could stay has such a name, or nothing is left to train.
 */
export function freezeLayers(net: nn.Module, freeze: string | undefined, path: string, fresh: readonly string[]): void {
  if (freeze === undefined) return;
  const pattern = new RegExp(freeze);
  const layers = net.namedModules();
  const frozen = layers.filter(([name]) => name !== "" && pattern.test(name));
  const variables = [...net.state()].filter(([name]) => pattern.test(name));
  if (frozen.length + variables.length === 0) {
    throw new ArgumentError(`--freeze ${freeze}: no layer of ${path} has such a name; it has ${listed(trained(net))}`);
  }
  for (const [, layer] of frozen) layer.freeze();
  for (const [, v] of variables) v.trainable = false;
  for (const [name, v] of net.state()) if (fresh.includes(name)) v.trainable = true;
  for (const [name, layer] of layers) {
    const own = namesIn(name, layer);
    if (own.length > 0 && own.every((key) => fresh.includes(key))) layer.trainable = true;
  }
  if (!net.parameters().some(({ trainable }) => trainable)) {
    throw new ArgumentError(
      `--freeze ${freeze}: all layers of ${path} have such names, so nothing is trained; name fewer`,
    );
  }
  if (frozenIn(net).length > 0) return;
  const kept = trained(net).filter((name) => !fresh.some((key) => key.startsWith(`${name}.`)));
  throw new ArgumentError(
    `--freeze ${freeze}: in ${path} only new layers have such a name; it also has ${listed(kept)}`,
  );
}

/** The outermost layers of a network with parameters, none of which is trained, and such parameters outside of layers. */
export function frozenIn(net: nn.Module): string[] {
  const all = net.namedModules().filter(([name, layer]) => name !== "" && isFrozen(layer.parameters()));
  const outermost = all.filter(([name]) => !all.some(([other]) => name.startsWith(`${other}.`)));
  const names = outermost.map(([name]) => name);
  const inside = (key: string): boolean => names.some((name) => key.startsWith(`${name}.`));
  const alone = [...net.namedParameters()].filter(([key, parameter]) => isFrozen([parameter]) && !inside(key));
  return [...names, ...alone.map(([key]) => key)];
}

const isFrozen = (parameters: readonly nn.Parameter[]): boolean =>
  parameters.length > 0 && parameters.every(({ trainable }) => !trainable);

/** The layers that have parameters of their own. */
const trained = (net: nn.Module): string[] =>
  net.namedModules().flatMap(([name, layer]) => {
    const isOwn =
      layer.parameters().length > 0 && layer.children().every(([, child]) => child.parameters().length === 0);
    return name !== "" && isOwn ? [name] : [];
  });
