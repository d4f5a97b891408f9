import * as nn from "../../../src/nn/index.js";
import { tensor } from "../../../src/tensor/tensor.js";
import type { GoldenTensor, LayerName, Options } from "../../goldens/load.js";

// biome-ignore lint/suspicious/noExplicitAny: options are as various as the layers
type Make = (options: any) => nn.Module;

/** How each layer of the goldens is made from its options: one row for each. */
export const LAYERS: Partial<Record<LayerName, Make>> = {
  linear: ({ inFeatures, outFeatures, ...rest }) => nn.linear(inFeatures, outFeatures, rest),
  conv2d: ({ inChannels, outChannels, kernelSize, ...rest }) => nn.conv2d(inChannels, outChannels, kernelSize, rest),
  maxPool2d: ({ kernelSize, ...rest }) => nn.maxPool2d(kernelSize, rest),
  relu: () => nn.relu(),
  sigmoid: () => nn.sigmoid(),
  tanh: () => nn.tanh(),
  flatten: () => nn.flatten(),
  dropout: ({ p }) => nn.dropout(p),
};

/** Makes a layer and gives its parameters and buffers the golden values. */
export function build(layer: LayerName, options: Options, state: Readonly<Record<string, GoldenTensor>> = {}): nn.Module {
  const make = LAYERS[layer] as Make;
  return fill(make(options), state);
}

/** Gives a network's variables the golden values of the same names. */
export function fill<M extends nn.Module>(net: M, state: Readonly<Record<string, GoldenTensor>>): M {
  const variables = net.state();
  for (const [name, { data, shape }] of Object.entries(state)) {
    const variable = variables.get(name);
    if (variable === undefined) throw new Error(`the network has no ${name}, only ${[...variables.keys()]}`);
    variable.assign(tensor(variable.dtype === "f32" ? Float32Array.from(data) : data, shape));
  }
  return net;
}
