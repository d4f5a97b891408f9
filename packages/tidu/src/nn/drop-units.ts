import { gather } from "../graph/ops/index.js";
import type { Generator } from "../tensor/random.js";
import { arange, Tensor } from "../tensor/tensor.js";

/**
 * Zeroes all but `keep` randomly chosen units of axis 1, the same ones for the whole batch. The choice is made by rows
 * that are taken out and put back, so the compiler can multiply the kept ones only.
 */
export function dropUnits(x: Tensor, keep: number, generator: Generator): Tensor {
  const units = x.shape[1];
  const drawn = generator.uniform([units]);
  const position = arange(units);
  const column = (t: Tensor) => t.reshape([units, 1]);
  const row = (t: Tensor) => t.reshape([1, units]);
  // Each unit's place in the order of what was drawn. Draws are multiples of 2^-24, so that equal ones differ by exactly
  // 0 and their positions decide; otherwise the draws outweigh the positions.
  const before = column(drawn)
    .sub(row(drawn))
    .mul(2 ** 24 * units)
    .add(column(position).sub(row(position)));
  const rank = before.gt(0).toFloat().sum(1);
  const inverse = rank.lt(keep).where(rank, -1).toInt();
  const chosen = rank
    .reshape([1, units])
    .eq(arange(keep).reshape([keep, 1]))
    .toFloat();
  const kept = chosen
    .mul(position.reshape([1, units]))
    .sum(1)
    .toInt();
  const taken = gather(x.node, kept.node, { axis: 1, inside: true }, inverse.node);
  return new Tensor(gather(taken, inverse.node, { axis: 1, inside: false }, kept.node));
}
