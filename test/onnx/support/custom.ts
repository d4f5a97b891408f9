import { Module } from "../../../packages/tidu/src/nn/module.js";
import type { Tensor } from "../../../packages/tidu/src/tensor/tensor.js";

/** A network of your own around a function. */
export class Custom extends Module {
  constructor(private readonly apply: (x: Tensor) => Tensor) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return this.apply(x);
  }
}
