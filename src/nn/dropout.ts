import { ArgumentError } from "../base/errors.js";
import { defaultGenerator } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/**
 * In learning, sets each element to 0 with probability p and multiplies the others by 1 / (1 - p), with a new mask in
 * every step; in use, does nothing. Srivastava, Hinton et al., JMLR 15, 2014 (in the "inverted" form).
 */
export class Dropout extends Module {
  constructor(readonly p: number) {
    super();
    if (!(p >= 0 && p < 1)) throw new ArgumentError(`dropout: p is ${p}; it must be at least 0 and below 1`);
  }

  override toString(): string {
    return `dropout(${this.p})`;
  }

  override forward(x: Tensor): Tensor {
    if (!this.training || this.p === 0) return x;
    const kept = defaultGenerator().uniform(x.shape).ge(this.p);
    return kept.where(x.mul(1 / (1 - this.p)), 0);
  }
}

export const dropout = (p = 0.5): Dropout => new Dropout(p);
