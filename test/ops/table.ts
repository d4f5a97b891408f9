// The table of ops under test.
import { type Shape, sizeOf } from "../../packages/tidu/src/base/shape.js";
import { type ElementwiseOp, makeNode, type Node, type Op, type ReduceOp } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { atan } from "../../packages/tidu/src/graph/ops/inverse.js";
import { prodOp } from "../../packages/tidu/src/graph/ops/prod.js";
import { cumprodOp, cumsumOp, intCumsumOp, scan } from "../../packages/tidu/src/line/scan.js";
import { argsortOp } from "../../packages/tidu/src/line/sort.js";
import type { Choices } from "../support/choices.js";
import type { Domain, Source } from "../support/inputs.js";
import { randomMap } from "../support/random-maps.js";

/** One op under test. */
export interface Row {
  readonly op: Op;
  /** Whether the value depends on its inputs but the gradient is to be zero. */
  readonly blocks?: true;
  /** Applies the op to inputs, and whatever else the choices allow. */
  apply(c: Choices, source: Source): Node;
}

const floats = (low: number, high: number): Domain => ({ dtype: "f32", low, high });
const ANY = floats(-3, 3);
const POSITIVE = floats(0.1, 4);
const HALF: Domain = { dtype: "f16", low: -3, high: 3 };
const BRAIN: Domain = { dtype: "bf16", low: -3, high: 3 };
const INTEGER: Domain = { dtype: "i32", low: -5, high: 5 };
const BITS: Domain = { dtype: "i32", low: -(2 ** 31), high: 2 ** 31 - 1 };
const BYTE: Domain = { dtype: "u8", low: 0, high: 255 };
const TRUTH: Domain = { dtype: "bool", low: 0, high: 1 };

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 13];

/** A shape of up to `most` elements. */
function drawShape(c: Choices, least = 0, most = 400): number[] {
  const shape = Array.from({ length: c.between(least, 4) }, () => c.pick(SIZES));
  while (sizeOf(shape) > most && shape.length > least) shape.pop();
  return shape;
}

const elementwise = (op: ElementwiseOp, ...domains: Domain[]): Row => ({
  op,
  apply(c, source) {
    const shape = drawShape(c);
    return ops.apply(op, ...domains.map((d) => source(shape, d)));
  },
});

const reduction = (op: ReduceOp, domain = ANY): Row => ({
  op,
  apply(c, source) {
    const shape = drawShape(c, 1);
    const axes = shape.flatMap((_, i) => (c.oneIn(2) ? [i] : []));
    return ops.reduce(op, source(shape, domain), axes.length === 0 ? [0] : axes);
  },
});

const el = ops.elementwise;

/** One row for each op of the op table: a new op needs one here, or the last test of ops.test.ts fails. */
export const ROWS: readonly Row[] = [
  elementwise(atan, ANY),
  reduction(prodOp, floats(0.5, 1.5)),
  ...[cumsumOp, cumprodOp, intCumsumOp].map(
    (op): Row => ({
      op,
      apply(c, source) {
        const shape = drawShape(c, 1);
        return scan(op, source(shape, op === intCumsumOp ? INTEGER : ANY), c.below(shape.length));
      },
    }),
  ),
  {
    op: argsortOp,
    apply(c, source) {
      const shape = drawShape(c, 1);
      return makeNode(argsortOp, [source(shape, INTEGER)], { axis: c.below(shape.length) });
    },
  },
  {
    op: ops.concatOp,
    apply(c, source) {
      const shape = drawShape(c, 1, 60);
      const axis = c.below(shape.length);
      const domain = c.pick([ANY, INTEGER, BYTE, TRUTH, HALF]);
      const parts = Array.from({ length: c.between(2, 5) }, () => source(shape.with(axis, c.pick(SIZES)), domain));
      return ops.concat(parts, axis);
    },
  },
  elementwise(el.add, ANY, ANY),
  elementwise(el.sub, ANY, ANY),
  elementwise(el.mul, ANY, ANY),
  elementwise(el.div, ANY, POSITIVE),
  elementwise(el.neg, ANY),
  elementwise(el.maximum, ANY, ANY),
  elementwise(el.minimum, ANY, ANY),
  elementwise(el.exp, ANY),
  elementwise(el.log, POSITIVE),
  elementwise(el.expm1, ANY),
  elementwise(el.log1p, floats(-0.9, 3)),
  elementwise(el.sqrt, POSITIVE),
  elementwise(el.sin, floats(-20, 20)),
  elementwise(el.cos, floats(-20, 20)),
  elementwise(el.tanh, ANY),
  elementwise(el.sigmoid, ANY),
  elementwise(el.softplus, ANY),
  elementwise(el.erf, ANY),
  elementwise(el.pow, POSITIVE, ANY),
  elementwise(el.abs, ANY),
  elementwise(el.sign, ANY),
  elementwise(el.floor, ANY),
  elementwise(el.relu, ANY),
  elementwise(el.lt, ANY, ANY),
  elementwise(el.le, ANY, ANY),
  elementwise(el.eq, ANY, ANY),
  elementwise(el.intEq, INTEGER, INTEGER),
  elementwise(el.and, TRUTH, TRUTH),
  elementwise(el.or, TRUTH, TRUTH),
  elementwise(el.not, TRUTH),
  elementwise(el.where, TRUTH, ANY, ANY),
  elementwise(el.intToFloat, BYTE),
  elementwise(el.floatToInt, floats(-300, 300)),
  elementwise(el.boolToFloat, TRUTH),
  elementwise(el.outside, INTEGER, INTEGER),
  elementwise(el.boolToInt, TRUTH),
  elementwise(el.halfToFloat, HALF),
  elementwise(el.brainToFloat, BRAIN),
  elementwise(el.floatToHalf, floats(-70000, 70000)),
  elementwise(el.floatToHalf, floats(-1e-4, 1e-4)),
  elementwise(el.floatToBrain, ANY),
  elementwise(el.widen, BYTE),
  elementwise(el.narrow, { dtype: "i32", low: -300, high: 600 }),
  elementwise(el.intAdd, BITS, BITS),
  elementwise(el.intSub, BITS, BITS),
  elementwise(el.intMul, BITS, BITS),
  elementwise(el.intMax, BITS, BITS),
  elementwise(el.intMin, BITS, BITS),
  elementwise(el.intLt, INTEGER, INTEGER),
  elementwise(el.intLe, INTEGER, INTEGER),
  elementwise(el.threefry, BITS, BITS, BITS, BITS),
  elementwise(el.threefrySecond, BITS, BITS, BITS, BITS),
  elementwise(el.bitsToUniform, BITS),
  reduction(ops.sumOp),
  reduction(ops.maxOp),
  reduction(ops.minOp),
  reduction(ops.intSumOp, BITS),
  reduction(ops.intMaxOp, BITS),
  reduction(ops.intMinOp, BITS),
  {
    op: ops.viewOp,
    apply(c, source) {
      const shape = drawShape(c);
      return ops.view(source(shape, c.pick([ANY, ANY, HALF, BYTE])), randomMap(shape, c));
    },
  },
  {
    op: ops.unviewOp,
    apply(c, source) {
      const map = randomMap(drawShape(c, 0, 100), c);
      return ops.unview(source(map.domain, ANY), map);
    },
  },
  {
    op: ops.reshapeOp,
    apply(c, source) {
      const shape = drawShape(c, 2);
      return ops.reshape(source(shape, c.pick([ANY, ANY, BRAIN])), [...shape].reverse());
    },
  },
  {
    op: ops.stopGradient(ops.full(0, [])).op,
    blocks: true,
    apply: (c, source) => ops.stopGradient(source(drawShape(c), ANY)),
  },
  {
    op: ops.contractOp,
    apply(c, source) {
      const [batch, m, n, k] = [c.pick([1, 2, 5]), c.pick(SIZES), c.pick(SIZES), c.pick(SIZES)];
      const number = (shape: Shape): Node => {
        const [domain, widen] = c.pick([[ANY], [ANY], [HALF, el.halfToFloat], [BRAIN, el.brainToFloat]] as const);
        const x = source(shape, domain);
        return widen === undefined ? x : ops.apply(widen, x);
      };
      const a = number([batch, m, k]);
      if (c.oneIn(2))
        return ops.contract(a, number([n, k]), { a: ["b", "m", "k"], b: ["n", "k"], out: ["b", "m", "n"] });
      return ops.contract(a, number([k, n, batch]), {
        a: ["b", "m", "k"],
        b: ["k", "n", "b"],
        out: ["n", "b", "m"],
      });
    },
  },
  {
    op: ops.gatherOp,
    apply(c, source) {
      const shape = drawShape(c, 1, 100);
      const axis = c.below(shape.length);
      const rows = source(drawShape(c, 0, 30), { dtype: c.pick(["i32", "u8"]), low: 0, high: shape[axis] + 1 });
      return ops.gather(source(shape, c.pick([ANY, ANY, HALF, BRAIN])), rows, { axis });
    },
  },
  {
    op: ops.scatterOp,
    apply(c, source) {
      const list = drawShape(c, 0, 30);
      const shape = [...drawShape(c, 0, 20).slice(0, 2), ...list, ...drawShape(c, 0, 20).slice(0, 2)];
      const axis = c.between(0, shape.length - list.length);
      const size = c.pick(SIZES);
      const rows = source(shape.slice(axis, axis + list.length), { dtype: c.pick(["i32", "u8"]), low: 0, high: size });
      return ops.scatter(source(shape, ANY), rows, { axis, size });
    },
  },
  { op: ops.fullOp, apply: (c) => ops.full(c.pick([0.5, 0, -2, 1e-3]), drawShape(c)) },
  { op: ops.indexOp, apply: (c) => ops.index(drawShape(c)) },
  { op: ops.storageOp, apply: (c, source) => source(drawShape(c), ANY) },
];
