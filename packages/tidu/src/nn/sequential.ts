import { check, instance, listOf } from "../base/check.js";
import { ShapeError } from "../base/errors.js";
import { checkTensor, type Tensor } from "../tensor/tensor.js";
import { LayerList } from "./layer-list.js";
import { Module } from "./module.js";
import type { Neighbours } from "./neighbours.js";

/** Layers one after the other; each gets the output of the one before. */
export class Sequential<Layers extends readonly Module[] = readonly Module[]> extends LayerList {
  readonly layers: Layers;

  constructor(layers: Layers) {
    super();
    check("sequential", "layers", layers, listOf(instance(Module, "a layer, such as nn.linear(4, 2)")));
    this.layers = layers;
  }

  override toString(): string {
    return `sequential(${this.layers.join(", ")})`;
  }

  /** @internal */
  protected override get list(): readonly Module[] {
    return this.layers;
  }

  override forward(x: Tensor): Tensor {
    checkTensor("sequential", "input", x);
    return this.children().reduce((value, [name, layer]) => atLayer(name, () => layer.forward(value)), x);
  }
}

/** Runs a layer, and adds its position to its shape errors. */
function atLayer<T>(position: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof ShapeError) throw new ShapeError(`layer ${position} ${error.message}`);
    throw error;
  }
}

/**
 * A network of layers one after the other. Where sizes are literals, TypeScript rejects neighbors that do not fit:
 * features (`linear`) and channels (`conv2d`). Other sizes are checked when the network runs.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * const net = nn.sequential(nn.flatten(), nn.linear(784, 32), nn.relu(), nn.linear(32, 10))
 * console.log(net.forward(zeros([2, 1, 28, 28])).shape); // [2, 10]
 * ```
 */
export const sequential = <const Layers extends readonly Module[]>(
  ...layers: Layers & Neighbours<Layers>
): Sequential<Layers> => new Sequential<Layers>(layers);
