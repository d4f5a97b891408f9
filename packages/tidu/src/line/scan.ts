// Running sums and products: the ops, their code, and the functions.
import { flipMap, sliceMap } from "../base/affine.js";
import { normalizeAxis } from "../base/shape.js";
import { VECTOR } from "../codegen/emitter.js";
import type { Evaluator, Place } from "../codegen/evaluate.js";
import { type EmitLine, FEW_LANES } from "../codegen/kernel.js";
import { emitLoop } from "../codegen/loops.js";
import { emitNest } from "../codegen/nest.js";
import type { LineKernel } from "../compile/kernel.js";
import type { Machine } from "../graph/machine.js";
import { type LineOp, makeNode, misfit, type Node, takenAs } from "../graph/node.js";
import { add, apply, intEq, mul, where } from "../graph/ops/elementwise.js";
import { full, view } from "../graph/ops/index.js";
import { position } from "../graph/ops/reduce.js";
import type { Axis } from "../plan/axes.js";
import { planNest } from "../plan/nest.js";
import { checkTensor, Tensor } from "../tensor/tensor.js";
import { cast, floats, promote } from "../tensor/types.js";

type Scan = NonNullable<LineOp["scan"]>;

interface Entry {
  readonly dtype?: "i32";
  readonly initial: readonly number[];
  /** The next result, of the one before and an element. */
  scalar(before: number, x: number): number;
  /** The same in lane instructions, with all carried state. */
  readonly step: Scan["step"];
  grad?(x: Node, axis: number, dy: Node, y: Node): Node;
}

function define(name: string, { dtype: type, initial, scalar, step, grad }: Entry): LineOp {
  const dtype = type ?? "f32";
  const scan: Scan = { dtype, initial, step };
  return {
    name,
    kind: "line",
    scan,
    emit: emitScan(scan),
    meaning(line) {
      let value = initial[0];
      return line.map((x) => {
        value = scalar(value, x);
        return value;
      });
    },
    infer([x], { axis }) {
      if (takenAs(x) !== dtype || axis >= x.shape.length) misfit(name, [x], `${dtype} axis ${axis}`);
      return { shape: x.shape, dtype: x.dtype };
    },
    grad: grad && ((node, dy) => [grad(node.inputs[0], node.attrs.axis, dy, node)]),
    key: ({ axis }) => String(axis),
  };
}

function emitScan(scan: Scan): EmitLine {
  return (f, bases, kernel) => {
    const plan = planNest(kernel);
    const write = () =>
      emitNest(f, bases, kernel, plan, (ev, places) => emitAlong(ev, scan, kernel, plan.inner[0], places));
    if (plan.lanes === "outer") write();
    else f.withLanes(FEW_LANES, write);
    return plan.shared;
  };
}

/** Runs along the last axis, and stores the running result at each step. */
function emitAlong(
  ev: Evaluator,
  scan: Scan,
  { body, stores }: LineKernel,
  along: Axis | undefined,
  places: readonly Place[],
): void {
  const { f, machine } = ev;
  const carried = places.map(() => scan.initial.map((value) => f.get(machine[scan.dtype](value)).keep(VECTOR)));
  const step = (place: Place, own: readonly number[]): void => {
    scan.step(machine, own, ev.value(body, place)).forEach((next, k) => void f.get(next).set(own[k]));
    ev.setCore(own[0], place);
    ev.storeAll(stores, place);
  };
  const steps = (): void => ev.scope(() => places.forEach((place, i) => void step(place, carried[i])));
  if (along === undefined) return steps();
  emitLoop(f, { variable: ev.variables[along.axis], count: along.size, step: 1 }, steps);
}

const LARGEST = 3.4028234663852886e38;

/** Running sums; the second state is what rounding has lost so far (Kahan, Communications of the ACM 8, 1965). */
export const cumsumOp: LineOp = define("cumsum", {
  initial: [0, 0],
  scalar: (sum, x) => sum + x,
  step: <V>(m: Machine<V>, [sum, lost]: readonly V[], x: V): readonly V[] => {
    const y = m.sub(x, lost);
    const next = m.opaque(m.add(sum, y));
    const off = m.sub(m.opaque(m.sub(next, sum)), y);
    // The loss of an infinite sum is NaN or infinite, and is dropped.
    return [next, m.and(off, m.le(m.abs(off), m.f32(LARGEST)))];
  },
  grad: (_, axis, dy) => fromEnd(dy, axis),
});

/** Running products. Gradients of every order are sums and products alone, so zeros need no rule of their own. */
export const cumprodOp: LineOp = define("cumprod", {
  initial: [1],
  scalar: (product, x) => product * x,
  step: (m, [product], x) => [m.mul(product, x)],
  grad: (x, axis, dy) => apply(mul, scan(cumprodOp, delayed(x, axis), axis), weighted(x, axis, dy)),
});

/** Each element at the next place, and 1 at the first. */
function delayed(x: Node, axis: number): Node {
  const { shape } = x;
  const isFirst = apply(intEq, position(shape, [axis]), full(0, shape, "i32"));
  return apply(where, isFirst, full(1, shape), moved(x, axis, -1));
}

/** The element some places on, 0 beyond the ends. */
const moved = (x: Node, axis: number, by: number): Node =>
  view(
    x,
    sliceMap(
      x.shape,
      x.shape,
      x.shape.map((_, a) => (a === axis ? by : 0)),
    ),
  );

/**
 * s of each place, where s = dy + (the next x) (the next s). Each turn of the loop reaches twice as far as the one before (Blelloch,
 * Prefix sums and their applications, 1990).
 */
function weighted(x: Node, axis: number, dy: Node): Node {
  let [sum, factor] = [dy, moved(x, axis, 1)];
  for (let reach = 1; reach < x.shape[axis]; reach *= 2) {
    sum = apply(add, sum, apply(mul, factor, moved(sum, axis, reach)));
    factor = apply(mul, factor, moved(factor, axis, reach));
  }
  return sum;
}

export const intCumsumOp: LineOp = define("intCumsum", {
  dtype: "i32",
  initial: [0],
  scalar: (sum, x) => (sum + x) | 0,
  step: (m, [sum], x) => [m.iadd(sum, x)],
});

/** Sums of each element and all after it. */
const fromEnd = (x: Node, axis: number): Node => {
  const flip = flipMap(x.shape, [axis]);
  return view(scan(cumsumOp, view(x, flip), axis), flip);
};

export const scan = (op: LineOp, x: Node, axis: number): Node => makeNode(op, [x], { axis });

/**
 * Cumulative sums: each element plus all before it; i32 of whole numbers and bools, i64 and f64 of these, else f32. Rounding errors do not
 * accumulate.
 *
 * @example
 * ```ts
 * import { cumsum, tensor } from "tidu";
 *
 * console.log(await cumsum(tensor([1, 2, 3])).array()); // [1, 3, 6]
 * ```
 */
export function cumsum(x: Tensor, axis = -1): Tensor {
  checkTensor("cumsum", "x", x);
  const at = normalizeAxis("cumsum", axis, x.rank);
  const type = promote(x.dtype, x.dtype);
  return new Tensor(scan(type === "i32" ? intCumsumOp : cumsumOp, cast(x.node, type), at));
}

/**
 * Cumulative products: each element times all before it, f32, or f64 of f64.
 *
 * @example
 * ```ts
 * import { cumprod, tensor } from "tidu";
 *
 * console.log(await cumprod(tensor([1, 2, 3])).array()); // [1, 2, 6]
 * ```
 */
export function cumprod(x: Tensor, axis = -1): Tensor {
  checkTensor("cumprod", "x", x);
  return new Tensor(scan(cumprodOp, floats(x.node), normalizeAxis("cumprod", axis, x.rank)));
}
