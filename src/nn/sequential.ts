import { ArgumentError, ShapeError } from "../base/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/** Layers one after the other; each gets the output of the one before. */
export class Sequential extends Module {
  readonly layers: readonly Module[];

  constructor(layers: readonly Module[]) {
    super();
    if (layers.some((l) => !(l instanceof Module))) {
      throw new ArgumentError("sequential: every argument must be a layer, such as nn.linear(4, 2)");
    }
    this.layers = layers;
  }

  override toString(): string {
    return `sequential(${this.layers.join(", ")})`;
  }

  /** Names are positions, as in PyTorch. */
  override children(): [string, Module][] {
    return this.layers.map((l, i) => [String(i), l]);
  }

  override forward(x: Tensor): Tensor {
    return this.layers.reduce((value, layer, i) => atLayer(i, () => layer.forward(value)), x);
  }
}

/** Runs a layer and says in its shape errors which one it is. */
function atLayer<T>(position: number, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof ShapeError) throw new ShapeError(`layer ${position} ${error.message}`);
    throw error;
  }
}

export const sequential = (...layers: Module[]): Sequential => new Sequential(layers);
