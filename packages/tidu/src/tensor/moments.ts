// Mean and variance that lose no digits to a mean far from 0.
import type { Tensor } from "./tensor.js";

/**
 * Mean and (biased) variance over some axes, which stay with size 1, and how far each element is from the mean. Elements
 * are first taken relative to one of them, so that a mean far from 0 costs no digits: Chan, Golub and LeVeque, "Algorithms for
 * Computing the Sample Variance", The American Statistician 37, 1983. That element moves nothing but roundings: no
 * gradient goes through it.
 */
export function moments(x: Tensor, axes: readonly number[]): { mean: Tensor; variance: Tensor; centred: Tensor } {
  const shift = axes.reduce((first, axis) => first.slice(axis, 0, 1), x).detach();
  const shifted = x.sub(shift);
  const rest = shifted.mean(axes, true);
  const centred = shifted.sub(rest);
  return { mean: shift.add(rest), variance: centred.square().mean(axes, true), centred };
}
