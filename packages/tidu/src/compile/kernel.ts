// What kernels are made of: loops, expressions, and buffers. This is the language of programs.
import { range } from "../base/affine.js";
import type { DType } from "../base/dtype.js";
import { type Shape, sameShape, sizeOf } from "../base/shape.js";
import type { ElementwiseOp, LineOp, ReduceOp, Storage } from "../graph/node.js";
import { mul } from "../graph/ops/elementwise.js";
import { WIDEN } from "../graph/ops/halves.js";
import { sumOp } from "../graph/ops/reduce.js";

/** An integer that depends on the loop variables: `offset + sum of coef[axis] * variable[axis]`. */
export interface Affine {
  readonly offset: number;
  readonly coef: readonly number[];
}

/** Memory for one stored value: a storage of the host's, or a piece of the program's arena. */
export interface Buffer {
  readonly id: number;
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Elements from one index to the next along each axis; the compiler chooses the order of the axes. */
  strides: readonly number[];
  readonly storage?: Storage;
  /** Byte offset in the arena, once memory is planned. */
  offset?: number;
}

/** Makes a buffer of the program's own, by default of f32. */
export type MakeBuffer = (name: string, shape: Shape, strides: readonly number[], dtype?: DType) => Buffer;

/** Holds where `0 <= index < size`. */
export interface Guard {
  readonly index: Affine;
  readonly size: number;
}

/** What a kernel computes for one point of its loops. */
export type Expr =
  | { readonly kind: "const"; readonly dtype: DType; readonly value: number }
  | { readonly kind: "load"; readonly buffer: Buffer; readonly index: Affine; readonly guards: readonly Guard[] }
  /** Row `row` of a buffer, rows being `stride` elements apart; 0 where `row` is outside 0…rows-1. */
  | {
      readonly kind: "gather";
      readonly buffer: Buffer;
      readonly index: Affine;
      readonly row: Expr;
      readonly rows: number;
      readonly stride: number;
      readonly guards: readonly Guard[];
    }
  /** An integer of the loop variables. */
  | { readonly kind: "index"; readonly index: Affine }
  /** The body where all guards hold, elsewhere 0. */
  | { readonly kind: "guarded"; readonly guards: readonly Guard[]; readonly body: Expr }
  | { readonly kind: "apply"; readonly op: ElementwiseOp; readonly args: readonly Expr[] }
  | { readonly kind: "combine"; readonly op: ReduceOp; readonly args: readonly Expr[] }
  /** The result of the kernel's reduction or contraction. */
  | { readonly kind: "core" };

/** Which of `rows` rows of a buffer, `stride` elements apart, is meant. */
export interface Row {
  readonly row: Expr;
  readonly rows: number;
  readonly stride: number;
}

/** One value written at every point of the kernel's outer axes. */
export interface Store {
  readonly buffer: Buffer;
  readonly index: Affine;
  readonly guards: readonly Guard[];
  readonly value: Expr;
  /**
   * Set where the value is added to what is there instead of replacing it: the axes along which different steps always
   * reach different elements, so that threads may divide them.
   */
  readonly accumulate?: {
    readonly exclusive: readonly number[];
    /** A buffer of the same layout that sums what rounding loses; not set where few values meet in one place. */
    readonly lost?: Buffer;
  };
  /**
   * Set where the value is stored not in the row at `index` but in the row with this number; nothing is stored if there
   * is not such a row.
   */
  readonly row?: Row;
  /** Set where other kernels write the rest of the buffer. */
  readonly part?: true;
}

/** Where one operand of a contraction stands in memory for each value of the loop variables. */
export interface Operand {
  readonly buffer: Buffer;
  readonly index: Affine;
  /** It is known to be 0 wherever one of these does not hold: in the padding around an image. */
  readonly inside: readonly Guard[];
}

/** A condition: that the only element of a buffer is 0, or that it is not. */
export interface Condition {
  readonly buffer: Buffer;
  readonly zero: boolean;
}

interface KernelBase {
  readonly name: string;
  /** Sizes of all loops: first `outer` axes that are stored along, then those that are summed over. */
  readonly sizes: readonly number[];
  readonly outer: number;
  readonly stores: readonly Store[];
  /** Set where the kernel runs only if this holds. */
  readonly when?: Condition;
  /** Set where the first loop is over so many runs: each sum has the order that it has in a kernel for one run. */
  readonly runs?: number;
}

/** Evaluates expressions over a box of indices. */
export interface MapKernel extends KernelBase {
  readonly kind: "map";
}

/** Combines `body` over the inner axes, then stores what the epilogue makes of it. */
export interface ReduceKernel extends KernelBase {
  readonly kind: "reduce";
  readonly op: ReduceOp;
  readonly body: Expr;
}

/** Sums products of two operands over the inner axes, then stores what the epilogue makes of the sums. */
export interface ContractKernel extends KernelBase {
  readonly kind: "contract";
  readonly a: Operand;
  readonly b: Operand;
  /** Whether the first summed loop is a tree's. */
  readonly tree?: boolean;
}

/** Runs an op's own code along the last axis, and stores its result at each place. */
export interface LineKernel extends KernelBase {
  readonly kind: "line";
  readonly op: LineOp;
  readonly body: Expr;
}

/**
 * Where a buffer of a loop's step lies: in another buffer, `start` bytes behind its beginning, and `step` bytes further
 * with each step.
 */
export interface Window {
  readonly buffer: Buffer;
  readonly start: number;
  readonly step: number;
  /** Set where two places take turns: which of them the first step uses. */
  readonly turn?: 0 | 1;
}

/** Runs other kernels repeatedly, by code of its own: see src/loop. It stores nothing by itself. */
export interface LoopKernel extends KernelBase {
  readonly kind: "loop";
  readonly steps: readonly Kernel[];
  readonly windows: ReadonlyMap<Buffer, Window>;
  /** Buffers outside the loop that its steps read, and those that they write. */
  readonly reads: ReadonlySet<Buffer>;
  readonly writes: ReadonlySet<Buffer>;
  /** Two loops are the same where this is, given the keys of their steps (plan/key.ts). */
  readonly key: (of: (kernel: Kernel) => string) => string;
  /** An `EmitLoop` of src/codegen. */
  readonly emit: (f: never, bases: never, kernel: never, steps: never) => boolean;
}

export type Kernel = MapKernel | ReduceKernel | ContractKernel | LineKernel | LoopKernel;

/** The steps of all loops of these kernels. */
export const stepsOf = (kernels: readonly Kernel[]): number =>
  kernels.reduce((n, kernel) => n + sizeOf(kernel.sizes) * (kernel.kind === "loop" ? stepsOf(kernel.steps) : 1), 0);

export const constantAffine = (offset: number, axes: number): Affine => ({ offset, coef: new Array(axes).fill(0) });

export function axisAffine(axis: number, axes: number): Affine {
  const coef = new Array<number>(axes).fill(0);
  coef[axis] = 1;
  return { offset: 0, coef };
}

/** Sum of affine integers, each times its factor, plus an offset. */
export function combineAffine(
  parts: readonly Affine[],
  factors: readonly number[],
  offset: number,
  axes: number,
): Affine {
  const coef = new Array<number>(axes).fill(0);
  let start = offset;
  for (let p = 0; p < parts.length; p++) {
    const factor = factors[p];
    if (factor === 0) continue;
    start += parts[p].offset * factor;
    for (let i = 0; i < axes; i++) coef[i] += parts[p].coef[i] * factor;
  }
  return { offset: start, coef };
}

export const sameAffine = (p: Affine, q: Affine): boolean =>
  p === q || (p.offset === q.offset && sameShape(p.coef, q.coef));

/** Smallest and largest value over loops of the given sizes. */
export const affineReach = ({ offset, coef }: Affine, sizes: readonly number[]) => range(offset, coef, sizes);

/** One number at every point. */
export const constant = (value: number, dtype: DType = "f32"): Expr => ({ kind: "const", dtype, value });

/** An op of the values of expressions. */
export const applied = (op: ElementwiseOp, ...args: readonly Expr[]): Expr => ({ kind: "apply", op, args });

/** An element of a buffer as a number: what its bits stand for where it is a half. */
export function numberIn(buffer: Buffer, index: Affine, guards: readonly Guard[] = []): Expr {
  const load: Expr = { kind: "load", buffer, index, guards };
  const op = WIDEN[buffer.dtype];
  return op === undefined ? load : applied(op, load);
}

/** A kernel for the first of its runs: what decides the order of its sums. */
export const ofOneRun = <K extends Kernel>(kernel: K): K => ({
  ...kernel,
  sizes: kernel.sizes.with(0, 1),
  runs: undefined,
});

/** A contraction as a plain sum of products. */
export function asReduction({ a, b, ...kernel }: ContractKernel): ReduceKernel {
  const args = [a, b].map(({ buffer, index }) => numberIn(buffer, index));
  return { ...kernel, kind: "reduce", op: sumOp, body: applied(mul, ...args) };
}

/** Sub-expressions of an expression. */
export function children(expr: Expr): readonly Expr[] {
  if (expr.kind === "apply" || expr.kind === "combine") return expr.args;
  if (expr.kind === "guarded") return [expr.body];
  return expr.kind === "gather" ? [expr.row] : [];
}

/** All sub-expressions of the roots, each once, before those that use them. */
export function expressions(roots: readonly Expr[]): Expr[] {
  const seen = new Set<Expr>();
  const order: Expr[] = [];
  const visit = (e: Expr): void => {
    if (seen.has(e)) return;
    seen.add(e);
    for (const c of children(e)) visit(c);
    order.push(e);
  };
  for (const root of roots) visit(root);
  return order;
}

/** Rough number of instructions that evaluate the roots at one point, each sub-expression once. */
export const instructionsOf = (roots: readonly Expr[]): number =>
  expressions(roots).reduce((n, e) => n + (e.kind === "apply" ? e.op.cost : 1), 0);

/** Whether an expression reads an element of a buffer itself. */
export const isRead = (e: Expr): e is Extract<Expr, { kind: "load" | "gather" }> =>
  e.kind === "load" || e.kind === "gather";

/** Caches a function's result for each kernel; kernels do not change. */
function perKernel<T>(make: (kernel: Kernel) => T): (kernel: Kernel) => T {
  const known = new WeakMap<Kernel, T>();
  return (kernel) => {
    let value = known.get(kernel);
    if (value === undefined) known.set(kernel, (value = make(kernel)));
    return value;
  };
}

/** The bit, among those of the loops, for dependence on the kernel's reduction or contraction. */
export const CORE = 1 << 30;

/**
 * The loops that an expression depends on, as bits.
 *
 * @param loopsOf those that an integer depends on.
 * @param known a cache of results by expression, which is extended.
 */
export function dependence(expr: Expr, loopsOf: (index: Affine) => number, known: Map<Expr, number>): number {
  let mask = known.get(expr);
  if (mask === undefined) {
    mask = expr.kind === "core" ? CORE : 0;
    if (isRead(expr) || expr.kind === "index") mask |= loopsOf(expr.index);
    if (isRead(expr) || expr.kind === "guarded") for (const g of expr.guards) mask |= loopsOf(g.index);
    for (const e of children(expr)) mask |= dependence(e, loopsOf, known);
    known.set(expr, mask);
  }
  return mask;
}

/** The expressions that a store evaluates. */
export const storedBy = ({ value, row }: Store): Expr[] => (row === undefined ? [value] : [value, row.row]);

/** Every expression that a kernel evaluates, each once, before those that use it. */
export const expressionsOf = perKernel((kernel): readonly Expr[] => {
  const roots = kernel.stores.flatMap(storedBy);
  // The core's expressions come first, as a contraction's operands do if it has to run as a reduction.
  return expressions("body" in kernel ? [kernel.body, ...roots] : roots);
});

/** The steps that a loop can count. */
export const MOST_STEPS = 2 ** 31 - 1;

/** Every affine index of a kernel: addresses, guards and values. */
export function affinesOf(kernel: Kernel): { all: Affine[]; guards: Affine[]; loads: Affine[] } {
  const all: Affine[] = [];
  const guards: Affine[] = [];
  const loads: Affine[] = [];
  for (const e of expressionsOf(kernel)) {
    if (isRead(e) || e.kind === "index") all.push(e.index);
    if (isRead(e)) loads.push(e.index);
    if (isRead(e) || e.kind === "guarded") guards.push(...e.guards.map((g) => g.index));
  }
  if (kernel.kind === "contract") {
    all.push(kernel.a.index, kernel.b.index);
    loads.push(kernel.a.index, kernel.b.index);
  }
  for (const s of kernel.stores) {
    all.push(s.index);
    guards.push(...s.guards.map((g) => g.index));
  }
  return { all: [...all, ...guards], guards, loads };
}

/** Every buffer that a kernel reads. */
export const buffersRead = perKernel((kernel): ReadonlySet<Buffer> => {
  if (kernel.kind === "loop") return kernel.reads;
  const read = new Set<Buffer>();
  if (kernel.kind === "contract") read.add(kernel.a.buffer).add(kernel.b.buffer);
  for (const e of expressionsOf(kernel)) if (isRead(e)) read.add(e.buffer);
  for (const s of kernel.stores) if (s.accumulate !== undefined) for (const b of storedTo(s)) read.add(b);
  if (kernel.when !== undefined) read.add(kernel.when.buffer);
  return read;
});

/** The buffers that a store writes to. */
export const storedTo = ({ buffer, accumulate }: Store): Buffer[] =>
  accumulate?.lost === undefined ? [buffer] : [buffer, accumulate.lost];

export const buffersWritten = perKernel(
  (kernel): ReadonlySet<Buffer> => (kernel.kind === "loop" ? kernel.writes : new Set(kernel.stores.flatMap(storedTo))),
);

/** Every buffer that a kernel touches, in a fixed order. */
export const buffersOf = perKernel((kernel): readonly Buffer[] => [
  ...new Set([...buffersRead(kernel), ...buffersWritten(kernel)]),
]);

/** Elements that a buffer spans. */
export const extent = (buffer: Buffer): number =>
  buffer.shape.reduce((last, size, i) => last + (size - 1) * buffer.strides[i], 1);
