// A contraction seen as matrix products: which of its loops are rows, columns, summed, or one product each.
import { affinesOf, type ContractKernel, type Operand } from "../../compile/kernel.js";
import { type Axis, arrange, stepOf } from "../../plan/axes.js";
import { pointsOf } from "./axes.js";

export interface Product {
  /** The operand that moves along the rows, and the one that moves along the columns. */
  readonly left: Operand;
  readonly right: Operand;
  readonly rows: readonly Axis[];
  readonly columns: readonly Axis[];
  /** Loops of the result along which both operands move: a product of its own for each step. */
  readonly batch: readonly Axis[];
  readonly inner: readonly Axis[];
}

/** Columns are the side along which results are neighbors in memory. */
export function productOf(kernel: ContractKernel): Product {
  const { a, b } = kernel;
  const { all } = affinesOf(kernel);
  const outer = kernel.sizes.slice(0, kernel.outer).map((size, axis) => ({ axis, size }));
  const moves = ({ index }: Operand, { axis }: Axis): boolean => index.coef[axis] !== 0;
  const batch = outer.filter((x) => moves(a, x) && moves(b, x));
  const ofB = outer.filter((x) => moves(b, x) && !moves(a, x));
  const ofA = outer.filter((x) => !moves(b, x));
  const results = kernel.stores[0].index;
  const unit = (axes: readonly Axis[]): boolean => axes.some((x) => x.size > 1 && Math.abs(results.coef[x.axis]) === 1);
  const swap = unit(ofA) && !unit(ofB);
  const [left, right] = swap ? [b, a] : [a, b];
  const far = stepOf([results]);
  const side = (axes: readonly Axis[]) => arrange(axes, far, all);
  const inner = kernel.sizes.map((size, axis) => ({ axis, size })).slice(kernel.outer);
  const [rows, columns] = swap ? [ofB, ofA] : [ofA, ofB];
  return {
    left,
    right,
    rows: side(rows),
    columns: side(columns),
    batch: side(batch),
    inner: arrange(inner, stepOf([a.index, b.index]), [a.index, b.index]),
  };
}

/** How large a contraction is. */
export interface Extent {
  readonly rows: number;
  readonly columns: number;
  readonly batch: number;
  readonly inner: number;
}

export const extentOf = (p: Product): Extent => ({
  rows: pointsOf(p.rows),
  columns: pointsOf(p.columns),
  batch: pointsOf(p.batch),
  inner: pointsOf(p.inner),
});
