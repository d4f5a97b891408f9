// Shows kernels and feature maps as pictures.
import { ArgumentError } from "../base/errors.js";
import { KernelLayer } from "../nn/conv.js";
import { checkNet, type Module } from "../nn/module.js";
import { checkTensor, type Tensor } from "../tensor/tensor.js";
import { findLayer, outputOf } from "./layers.js";
import { type Picture, pictures } from "./picture.js";

/** The kernels of a convolution and its feature maps. Each picture is scaled to its own range. */
export interface Features {
  /** The layer's name, such as "0". */
  readonly name: string;
  /**
   * In the order of the weight: kernels[output channel][input channel of its group]; of a transposed convolution
   * kernels[input channel][output channel of its group].
   */
  readonly kernels: readonly (readonly Picture[])[];
  /** The layer's output before any activation that follows: maps[image][output channel]. Empty without images. */
  readonly maps: readonly (readonly Picture[])[];
}

/**
 * Kernels and feature maps of a convolution as pictures. Those of a one-dimensional convolution are of height 1.
 *
 * @param layer the layer, or its name, such as "3"; default the first convolution.
 * @param images inputs of the network, [samples, …]; without them there are no feature maps.
 * @throws ArgumentError if the network has no such layer or does not use it, or if the layer is not a convolution.
 *
 * @example
 * ```ts
 * import { nn, ones } from "tidu";
 * import { features } from "tidu/insight";
 *
 * const net = nn.sequential(nn.conv2d(1, 4, 3), nn.relu());
 * const { name, kernels, maps } = await features(net, undefined, ones([2, 1, 8, 8]));
 * console.log(name, kernels.length, maps[0].length, maps[0][0].width); // 0 4 4 6
 * ```
 */
export async function features(net: Module, layer?: string | Module, images?: Tensor): Promise<Features> {
  checkNet("features", net);
  if (images !== undefined) checkTensor("features", "images", images);
  const [name, own] = findLayer("features", net, layer === undefined ? firstConvolution(net) : layer);
  if (!(own instanceof KernelLayer)) {
    throw new ArgumentError(
      `features: layer ${JSON.stringify(name)} is ${own}; it must be a convolution, such as ${convolutions(net)}`,
    );
  }
  const reading = own.weight.data();
  const running = images && outputOf("features", net, own)(images);
  const kernels = pictures(await reading, own.weight.shape);
  if (running === undefined) return { name, kernels, maps: [] };
  const maps = await running;
  return { name, kernels, maps: pictures(await maps.data(), maps.shape) };
}

function firstConvolution(net: Module): Module {
  const first = net.namedModules().find(([, m]) => m instanceof KernelLayer);
  if (first === undefined) throw new ArgumentError("features: the network has no convolution");
  return first[1];
}

const convolutions = (net: Module): string => {
  const all = net.namedModules().filter(([, m]) => m instanceof KernelLayer);
  return all.map(([name, m]) => `${JSON.stringify(name)} ${m}`).join(", ") || "conv2d; the network has none";
};
