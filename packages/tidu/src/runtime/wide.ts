// Numbers of eight bytes, as the reference device has them: the ops that make them of others, and f32 of them.
import type { DType } from "../base/dtype.js";
import type { ElementwiseOp } from "../graph/node.js";
import { apply, define } from "../graph/ops/elementwise.js";

const making = (dtype: DType, op: ElementwiseOp): ElementwiseOp => ({
  ...op,
  infer: ([{ shape }]) => ({ shape, dtype }),
});

/** The nearest f32. The gradient passes the rounding by. */
const toSingle: ElementwiseOp = making(
  "f32",
  define("toSingle", { scalar: Math.fround, grad: (_, dy) => [apply(toDouble, dy)] }),
);
const toDouble = making("f64", define("toDouble", { scalar: (x) => x, grad: (_, dy) => [apply(toSingle, dy)] }));
/** Toward zero, and to the nearest that is exact; NaN becomes 0. */
const toLong = making(
  "i64",
  define("toLong", {
    scalar: (x) => Math.min(Math.max(Math.trunc(x) || 0, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER),
  }),
);

/** By the type of the result; what they take is f32, f64 or i64. */
export const WIDE = { f32: toSingle, f64: toDouble, i64: toLong };
