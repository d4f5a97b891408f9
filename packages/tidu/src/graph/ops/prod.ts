// The product of elements: an op in a file of its own, so that bundles that do not use it do not carry it.
import { apply, boolToFloat, div, eq, mul, where } from "./elementwise.js";
import { define, reduce, spread, sumOp } from "./reduce.js";
import { full } from "./source.js";

/** Product of all elements. By a single zero the slope is the product of the others; by others it is then 0. */
export const prodOp = define("prod", {
  initial: 1,
  rounds: false,
  scalar: (a, c) => a * c,
  lower: (m, a, c) => m.mul(a, c),
  grad(x, axes, dy, y) {
    const isZero = apply(eq, x, full(0, x.shape));
    const zeros = spread(reduce(sumOp, apply(boolToFloat, isZero), axes), x.shape, axes);
    const filled = apply(where, isZero, full(1, x.shape), x);
    const others = spread(reduce(prodOp, filled, axes), x.shape, axes);
    const none = full(0, x.shape);
    const byOnlyZero = apply(where, apply(eq, zeros, full(1, x.shape)), others, none);
    const plain = apply(where, apply(eq, zeros, none), apply(div, spread(y, x.shape, axes), filled), none);
    return apply(mul, spread(dy, x.shape, axes), apply(where, isZero, byOnlyZero, plain));
  },
});
