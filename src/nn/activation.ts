import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/** A layer without parameters that is one function of a tensor. */
export class Activation extends Module {
  readonly #label: string;
  readonly #apply: (x: Tensor) => Tensor;

  constructor(label: string, apply: (x: Tensor) => Tensor) {
    super();
    this.#label = label;
    this.#apply = apply;
  }

  override toString(): string {
    return this.#label;
  }

  override forward(x: Tensor): Tensor {
    return this.#apply(x);
  }
}

/** max(0, x); gradient 0 at 0. */
export const relu = (): Activation => new Activation("relu()", (x) => x.relu());
/** 1 / (1 + e^-x). */
export const sigmoid = (): Activation => new Activation("sigmoid()", (x) => x.sigmoid());
/** (e^x - e^-x) / (e^x + e^-x). */
export const tanh = (): Activation => new Activation("tanh()", (x) => x.tanh());
/** Merges all axes after the first into one. */
export const flatten = (): Activation => new Activation("flatten()", (x) => x.flatten(1));
