import { selection } from "../compile/selection.js";
import type { Generator } from "../tensor/random.js";
import { arange, Tensor } from "../tensor/tensor.js";

/**
 * Zeroes all but `keep` randomly chosen units of axis 1, the same ones for the whole batch. The kept rows are gathered
 * and put back among zeros, so that the compiler can multiply only these.
 */
export function dropUnits(x: Tensor, keep: number, generator: Generator): Tensor {
  const units = x.shape[1];
  const drawn = generator.uniform([units]);
  const position = arange(units);
  const column = (t: Tensor) => t.reshape([units, 1]);
  const row = (t: Tensor) => t.reshape([1, units]);
  // Each unit's place in the order of the drawn numbers. These are multiples of 2^-24: equal ones differ by exactly 0,
  // so that their positions decide; different ones outweigh the positions.
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
  const taken = selection(x.node, kept.node, inverse.node, 1, true);
  return new Tensor(selection(taken, inverse.node, kept.node, 1, false));
}
