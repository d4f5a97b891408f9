// The gradient of softmax, by its result alone.
import { makeNode, type Node, type Op } from "../graph/node.js";
import { mul, sub } from "../graph/ops/elementwise.js";
import { apply, reduce, spread, sumOp } from "../graph/ops/index.js";

/**
 * The first input, which is softmax of the second along an axis. With y the result, the gradient is `y * (dy - sum(dy * y))`: neither
 * the exponentials nor their sum have to be kept for it.
 */
const softmaxOp: Op<"reshape", number> = {
  name: "softmax",
  kind: "reshape",
  infer: ([y]) => ({ shape: y.shape, dtype: y.dtype }),
  key: String,
  grad(y, dy) {
    const axes = [y.attrs];
    const mean = spread(reduce(sumOp, apply(mul, dy, y), axes), y.shape, axes);
    return [undefined, apply(mul, y, apply(sub, dy, mean))];
  },
};

/** The same value, whose gradient needs nothing but itself. */
export const softmaxOf = (y: Node, x: Node, axis: number): Node => makeNode(softmaxOp, [y, x], axis);
