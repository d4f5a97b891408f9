// Makes the layers of the golden files from their options.
import * as nn from "../../../packages/tidu/src/nn/index.js";
import { tensor } from "../../../packages/tidu/src/tensor/tensor.js";
import type { GoldenTensor, LayerName, Options } from "../../goldens/load.js";

// biome-ignore lint/suspicious/noExplicitAny: options are as various as the layers
type Make = (options: any) => nn.Module;

/** How each layer of the goldens is made from its options: one row for each. */
export const LAYERS: Record<LayerName, Make> = {
  linear: ({ inFeatures, outFeatures, ...rest }) => nn.linear(inFeatures, outFeatures, rest),
  maxout: ({ inFeatures, outFeatures, k }) => nn.maxout(inFeatures, outFeatures, k),
  maxoutChannels: ({ k }) => nn.maxoutChannels(k),
  conv1d: ({ inChannels, outChannels, kernelSize, ...rest }) => nn.conv1d(inChannels, outChannels, kernelSize, rest),
  conv2d: ({ inChannels, outChannels, kernelSize, ...rest }) => nn.conv2d(inChannels, outChannels, kernelSize, rest),
  convTranspose2d: ({ inChannels, outChannels, kernelSize, ...rest }) =>
    nn.convTranspose2d(inChannels, outChannels, kernelSize, rest),
  maxPool2d: ({ kernelSize, ...rest }) => nn.maxPool2d(kernelSize, rest),
  avgPool2d: ({ kernelSize, ...rest }) => nn.avgPool2d(kernelSize, rest),
  globalAvgPool: () => nn.globalAvgPool2d(),
  relu: () => nn.relu(),
  leakyRelu: ({ slope }) => nn.leakyRelu(slope),
  elu: ({ alpha }) => nn.elu(alpha),
  sigmoid: () => nn.sigmoid(),
  tanh: () => nn.tanh(),
  softplus: () => nn.softplus(),
  gelu: () => nn.gelu(),
  silu: () => nn.silu(),
  softmax: ({ dim }) => nn.softmax(dim),
  logSoftmax: ({ dim }) => nn.logSoftmax(dim),
  flatten: ({ startDim }) => nn.flatten(startDim),
  dropout: ({ p }) => nn.dropout(p),
  batchNorm1d: ({ features, ...rest }) => nn.batchNorm1d(features, rest),
  batchNorm2d: ({ features, ...rest }) => nn.batchNorm2d(features, rest),
  layerNorm: ({ normalizedShape, ...rest }) => nn.layerNorm(normalizedShape, rest),
  embedding: ({ count, features }) => nn.embedding(count, features),
};

/** Makes a layer and gives its parameters and buffers the golden values. */
export function build(
  layer: LayerName,
  options: Options,
  state: Readonly<Record<string, GoldenTensor>> = {},
): nn.Module {
  return fill(LAYERS[layer](options), state);
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
