// Ops that walk one axis in order: running sums and products, and the order in which numbers are sorted.
import { flipMap } from "../../base/affine.js";
import type { Machine } from "../machine.js";
import { makeNode, misfit, type Node, type Op, type ScanOp } from "../node.js";
import { and, apply, boolToFloat, div, eq, mul, where } from "./elementwise.js";
import { view } from "./movement.js";
import { full } from "./source.js";

interface Entry {
  readonly dtype?: "i32";
  readonly initial: readonly number[];
  scalar: ScanOp["scalar"];
  step: ScanOp["step"];
  grad?(x: Node, axis: number, dy: Node, y: Node): Node;
}

function define(name: string, { dtype: type, initial, scalar, step, grad }: Entry): ScanOp {
  const dtype = type ?? "f32";
  return {
    name,
    kind: "scan",
    dtype,
    initial,
    scalar,
    step,
    infer([x], { axis }) {
      if (x.dtype !== dtype || axis >= x.shape.length) misfit(name, [x], `${dtype} axis ${axis}`);
      return { shape: x.shape, dtype };
    },
    grad: grad && ((node, dy) => [grad(node.inputs[0], node.attrs.axis, dy, node)]),
    key: ({ axis }) => String(axis),
  };
}

/** Running sums; the second state is what rounding has lost so far (Kahan, Communications of the ACM 8, 1965). */
export const cumsumOp: ScanOp = define("cumsum", {
  initial: [0, 0],
  scalar: (sum, x) => sum + x,
  step: <V>(m: Machine<V>, [sum, lost]: readonly V[], x: V): readonly V[] => {
    const y = m.sub(x, lost);
    const next = m.opaque(m.add(sum, y));
    const off = m.sub(m.opaque(m.sub(next, sum)), y);
    // What an infinite sum has lost is not a number.
    return [next, m.and(off, m.eq(off, off))];
  },
  grad: (_, axis, dy) => fromEnd(dy, axis),
});

/** Running products. With zeros, too, the gradient takes time that grows with the length alone. */
export const cumprodOp: ScanOp = define("cumprod", {
  initial: [1],
  scalar: (product, x) => product * x,
  step: (m, [product], x) => [m.mul(product, x)],
  grad(x, axis, dy, y) {
    const [zero, one] = [full(0, x.shape), full(1, x.shape)];
    const isZero = apply(eq, x, zero);
    const zeros = scan(cumsumOp, apply(boolToFloat, isZero), axis);
    const before = apply(eq, zeros, zero);
    // The first zero's slope is made of the products without it; behind it every product has it.
    const first = apply(and, isZero, apply(eq, zeros, one));
    const others = scan(cumprodOp, apply(where, first, one, x), axis);
    const slope = apply(div, fromEnd(apply(mul, dy, y), axis), apply(where, isZero, one, x));
    const atFirst = apply(where, first, fromEnd(apply(mul, dy, others), axis), zero);
    return apply(where, before, slope, atFirst);
  },
});

export const intCumsumOp: ScanOp = define("intCumsum", {
  dtype: "i32",
  initial: [0],
  scalar: (sum, x) => (sum + x) | 0,
  step: (m, [sum], x) => [m.iadd(sum, x)],
});

/** Sums of each element and all behind it. */
const fromEnd = (x: Node, axis: number): Node => {
  const flip = flipMap(x.shape, [axis]);
  return view(scan(cumsumOp, view(x, flip), axis), flip);
};

/**
 * For each place of an axis, the number of the element that stands there once the (whole) numbers along the axis rise;
 * equal ones keep their order.
 */
export const argsortOp: Op<{ readonly axis: number }> = {
  name: "argsort",
  kind: "sort",
  infer([x], { axis }) {
    if (x.dtype !== "i32" || axis >= x.shape.length) misfit("argsort", [x], `i32 axis ${axis}`);
    return { shape: x.shape, dtype: "i32" };
  },
  key: ({ axis }) => String(axis),
};

export const scan = (op: ScanOp, x: Node, axis: number): Node => makeNode(op, [x], { axis });
export const argsort = (x: Node, axis: number): Node => makeNode(argsortOp, [x], { axis });
