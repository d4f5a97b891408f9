// The inverse of the tangent: an op in a file of its own, so that bundles that do not use it do not carry it.
import { atan as lower } from "../math/atan.js";
import { add, apply, define, div, mul } from "./elementwise.js";
import { full } from "./source.js";

/** The angle in (-π/2, π/2) whose tangent is x. */
export const atan = define("atan", {
  approximate: true,
  cost: 30,
  lower,
  grad: ([x], dy) => [apply(div, dy, apply(add, apply(mul, x, x), full(1, x.shape)))],
});
