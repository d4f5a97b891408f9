// Compares gradients with finite differences.
import { halfValues, isHalf } from "../../packages/tidu/src/base/half.js";
import { gradient } from "../../packages/tidu/src/grad/reverse.js";
import type { Node, Storage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { evaluate } from "../../packages/tidu/src/runtime/reference.js";

type Contents = Map<Storage, Float64Array>;

const valuesOf = (roots: readonly Node[], contents: Contents): Float64Array[] =>
  evaluate(roots, (s) => ({ shape: s.shape, data: contents.get(s) as Float64Array })).map((y) => y.data);

/** One number that depends on every element of y, on each in a different way. */
export function weigh(y: Node): Node {
  const weights = ops.apply(ops.elementwise.sin, ops.apply(ops.elementwise.intToFloat, ops.index(y.shape)));
  const axes = y.shape.map((_, i) => i);
  return ops.reduce(
    ops.sumOp,
    ops.apply(ops.elementwise.mul, y, ops.apply(ops.elementwise.add, weights, ops.full(2, y.shape))),
    axes,
  );
}

/**
 * Compares the gradient of a cost with central differences, in float64. Returns the largest deviation beyond the
 * uncertainty of the differences, relative to the larger of 1 and the slope.
 */
export function worstSlope(cost: Node, wrt: readonly Node[], start: ReadonlyMap<Storage, ArrayLike<number>>): number {
  const contents: Contents = new Map(
    [...start].map(([s, data]) => [s, Float64Array.from(isHalf(s.dtype) ? halfValues(s.dtype, data) : data)]),
  );
  const slopes = valuesOf(gradient(cost, wrt), contents);
  const costNow = (): number => valuesOf([cost], contents)[0][0];
  const STEP = 1e-5;
  const NEAR = 1e-6;
  // The difference of two large costs is only as exact as they are.
  const rounding = (8 * Number.EPSILON * Math.abs(costNow())) / STEP;
  let worst = 0;
  wrt.forEach((x, k) => {
    const data = contents.get(x.attrs as Storage) as Float64Array;
    for (let i = 0; i < data.length; i++) {
      const here = data[i];
      const quotient = (step: number): number => {
        const [high, low] = [here + step, here - step].map((near) => {
          data[i] = near;
          return costNow();
        });
        data[i] = here;
        return (high - low) / (2 * step);
      };
      const slope = quotient(STEP);
      const off = (unsure: number) => (Math.abs(slope - slopes[k][i]) - unsure) / Math.max(1, Math.abs(slope));
      // Where the two differ, the difference quotient may be wrong, by about as much as it changes with its step.
      worst = Math.max(worst, off(0) < NEAR ? off(0) : off(rounding + Math.abs(slope - quotient(2 * STEP))));
    }
  });
  return worst;
}
