// Predictions averaged over several networks.
import { check, checkOptions, instance, listOf, words } from "../base/check.js";
import { ArgumentError, ShapeError } from "../base/errors.js";
import { formatShape, sameShape } from "../base/shape.js";
import { Module } from "../nn/module.js";
import type { Tensor } from "../tensor/tensor.js";

/** Options of `ensemble`. */
export interface EnsembleOptions {
  /**
   * What is averaged: "outputs" (the default) as they are; or "probabilities", the softmax along axis 1 of each
   * network's scores [samples, classes], so that the ensemble gives probabilities. A loss that takes logits, such as
   * `crossEntropy`, then needs the logarithm of the output.
   */
  readonly average?: "outputs" | "probabilities";
}

/** Several networks as one, whose output is the mean of theirs. Its parameters are all of theirs. */
export class Ensemble extends Module {
  readonly #average: "outputs" | "probabilities";

  constructor(
    readonly nets: readonly Module[],
    options: EnsembleOptions = {},
  ) {
    super();
    check("ensemble", "nets", nets, listOf(instance(Module, "a network")));
    if (nets.length === 0) throw new ArgumentError("ensemble: no networks; give at least one");
    checkOptions("ensemble", options, { average: words("outputs", "probabilities") });
    this.#average = options.average ?? "outputs";
  }

  override toString(): string {
    return `ensemble([${this.nets.join(", ")}])`;
  }

  override forward(x: Tensor): Tensor {
    const outputs = this.nets.map((net) => net.forward(x));
    outputs.forEach(({ shape }, i) => {
      if (sameShape(shape, outputs[0].shape)) return;
      throw new ShapeError(
        `ensemble: network 0 gives ${formatShape(outputs[0].shape)}, network ${i} ${formatShape(shape)}; they must be equal`,
      );
    });
    const parts = this.#average === "outputs" ? outputs : outputs.map((scores) => scores.softmax(1));
    return parts.reduce((sum, y) => sum.add(y)).div(parts.length);
  }
}

/**
 * A network that averages the predictions of several: `await ensemble([a, b]).predict(x)`, in the shape of each one's
 * predictions.
 *
 * @throws ArgumentError without a network; when used, ShapeError if the networks' outputs differ in shape.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 * import { ensemble } from "tidu/insight";
 *
 * const nets = [nn.linear(4, 2), nn.linear(4, 2)];
 * console.log((await ensemble(nets).predict(zeros([3, 4]))).shape); // [3, 2]
 * ```
 */
export const ensemble = (nets: readonly Module[], options?: EnsembleOptions): Ensemble => new Ensemble(nets, options);
