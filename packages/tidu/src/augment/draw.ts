import { defaultGenerator } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import type { PerSample } from "./frame.js";

/** Uniform numbers from `middle - reach` to `middle + reach`, [n]. */
export const around = (n: number, middle: number, reach: number): Tensor =>
  defaultGenerator()
    .uniform([n])
    .mul(2 * reach)
    .add(middle - reach);

/** Uniform whole numbers from 0 to `count` - 1, f32 [n]. */
export const below = (n: number, count: number): Tensor => defaultGenerator().uniform([n]).mul(count).floor();

/**
 * Chooses each of n samples with probability p; returns a function that gives chosen samples one value and the others
 * another.
 */
export function choose(n: number, p: number): <V extends PerSample>(value: V, other: number) => V | Tensor {
  if (p === 1) return (value) => value;
  const chosen = defaultGenerator().uniform([n]).lt(p);
  return (value, other) => chosen.where(value, other);
}
