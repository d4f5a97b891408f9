// Decides in each run whether data are even enough for Winograd filtering, which mixes all elements of a piece.
import { rowMajor } from "../../base/shape.js";
import type { ReduceOp } from "../../graph/node.js";
import { le, lt, mul, where } from "../../graph/ops/elementwise.js";
import { define, minOp } from "../../graph/ops/reduce.js";
import {
  type Affine,
  applied,
  type Buffer,
  buffersWritten,
  constant,
  type Expr,
  type Guard,
  type Kernel,
  type MakeBuffer,
  numberIn,
} from "../kernel.js";
import { LENGTH, TAPS } from "./plan.js";

/** How many times as large as the largest element that a window covers another element of its piece may be. */
const MOST = 64;
/** Sums of transformed products of larger elements could overflow where sums of products do not. */
const LARGEST = 2 ** 44;

/** The largest magnitude, NaN if any element is: without their signs, numbers are in the order of their bits, and NaN above all. */
const peakOp = define("peak", {
  initial: 0,
  rounds: false,
  scalar: (a, c) => Math.max(a, Math.abs(c)),
  lower: (m, a, c) => m.imax(a, m.abs(c)),
});

/** A loop over elements: how many there are, and how far one is from the next. */
export interface Loop {
  readonly size: number;
  readonly step: number;
}

/** Elements of a buffer. */
export interface Elements {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly loops: readonly Loop[];
}

/** Data that windows slide over. A window covers the elements at all steps of `loops`. */
export interface Data extends Elements {
  /** The loops that are cut into pieces; they have as many steps as there are windows. */
  readonly cuts: readonly Loop[];
  /** Loops whose steps have windows of their own. */
  readonly apart: readonly Loop[];
}

/** What is known of data. */
interface Known {
  /** The largest magnitude that each window covers: by the cuts, then by `apart`. */
  readonly windows: Buffer;
  /** By steps of the first cut: not 0 where windows of a piece are uneven. */
  readonly uneven: Buffer;
}

export const ZERO = constant(0);
const [ONE, LIMIT, CAP] = [constant(1), constant(LARGEST), constant(LARGEST / MOST)];

/** An element of a buffer, or 0 where the guards do not hold. */
export function read(buffer: Buffer, index: Affine, guards: readonly Guard[] = []): Expr {
  const number = numberIn(buffer, index, guards);
  return guards.length === 0 ? number : { kind: "guarded", guards, body: number };
}

/** The expression if the window covers something else than zeros; otherwise another one. */
export const ifCovered = (largest: Expr, yes: Expr, no: Expr): Expr =>
  applied(where, applied(lt, ZERO, largest), yes, no);

/** Finds out whether contractions may be filtered, and looks at all data once. */
export class Evenness {
  readonly #known = new Map<Buffer, Map<string, Known>>();
  #kernels: Kernel[] = [];
  constructor(readonly make: MakeBuffer) {}

  /** Forgets what is known of the buffers that a kernel changes. */
  after(kernel: Kernel): void {
    for (const buffer of buffersWritten(kernel)) this.#known.delete(buffer);
  }

  /**
   * The kernels that find out what is not known yet; a buffer of one element, 0 where filtering is allowed; and the
   * largest magnitude that each window of the data covers.
   *
   * @param filter the filter that slides over the data; the transforms would turn its infinite elements into NaN.
   */
  of(data: Data, filter: Elements): { kernels: readonly Kernel[]; uneven: Buffer; windows: Buffer } {
    this.#kernels = [];
    const { buffer, ...rest } = data;
    const known = this.#known.get(buffer) ?? new Map<string, Known>();
    this.#known.set(buffer, known);
    const key = JSON.stringify(rest);
    const found = known.get(key) ?? this.#look(data);
    known.set(key, found);
    const largest = this.#one(this.#rows(filter));
    const value = applied(where, applied(lt, read(largest, NOWHERE), LIMIT), CORE, ONE);
    return { kernels: this.#kernels, uneven: this.#one(found.uneven, value), windows: found.windows };
  }

  #look(data: Data): Known {
    const { buffer, offset, cuts, apart, loops } = data;
    const wide = cuts.map(({ size, step }) => ({ size: size + TAPS - 1, step }));
    const elements = this.#reduce(peakOp, buffer, [...wide, ...apart], loops, undefined, offset);
    /** Reduces neighbors along all cuts, from every `step`-th on. */
    const slide = (
      op: ReduceOp,
      from: Buffer,
      count: number,
      steps: readonly number[],
      body = (e: Expr): Expr => e,
    ): Buffer => {
      const all = loopsOf(from);
      const by = all.map(({ size, step }, i) =>
        i < cuts.length ? { size: (size - count) / steps[i] + 1, step: step * steps[i] } : { size, step },
      );
      const over = all.slice(0, cuts.length).map(({ step }) => ({ size: count, step }));
      return this.#reduce(op, from, by, over, (i) => body(read(from, i)));
    };
    const windows = slide(
      peakOp,
      elements,
      TAPS,
      cuts.map(() => 1),
    );
    // Pieces begin at multiples of their length; the last one begins early enough to be whole.
    const steps = cuts.map(({ size }) => Math.min(LENGTH, size & -size));
    const high = slide(peakOp, windows, LENGTH, steps);
    // At most CAP, so that no element of an even piece is above LARGEST.
    const low = slide(minOp, windows, LENGTH, steps, (e) =>
      ifCovered(e, applied(where, applied(lt, e, CAP), e, CAP), CAP),
    );
    const even = (i: Affine): Expr => applied(le, read(high, i), applied(mul, constant(MOST), read(low, i)));
    const all = { buffer: high, offset: 0, loops: loopsOf(high) };
    return { windows, uneven: this.#rows(all, (i) => applied(where, even(i), ZERO, ONE)) };
  }

  /** The largest by steps of the outermost loop, so that threads can divide the work. */
  #rows({ buffer, offset, loops }: Elements, body?: (index: Affine) => Expr): Buffer {
    const [first, ...others] = [...loops].sort((p, q) => Math.abs(q.step) - Math.abs(p.step));
    return this.#reduce(peakOp, buffer, [first], others, body, offset);
  }

  /** The largest of all rows, or a value made of it. */
  #one(rows: Buffer, value?: Expr): Buffer {
    return this.#reduce(peakOp, rows, [{ size: 1, step: 0 }], loopsOf(rows), undefined, 0, value);
  }

  /** Reduces the elements over some loops of a buffer, or what they stand for, at each step of others. */
  #reduce(
    op: ReduceOp,
    from: Buffer,
    by: readonly Loop[],
    over: readonly Loop[],
    body: (index: Affine) => Expr = (i) => read(from, i),
    offset = 0,
    value: Expr = CORE,
  ): Buffer {
    const shape = by.map((l) => l.size);
    const buffer = this.make(`${from.name}.${op.name}`, shape, rowMajor(shape));
    const all = [...by, ...over];
    const index = { offset: 0, coef: [...buffer.strides, ...over.map(() => 0)] };
    this.#kernels.push({
      kind: "reduce",
      name: buffer.name,
      sizes: all.map((l) => l.size),
      outer: by.length,
      op,
      body: body({ offset, coef: all.map((l) => l.step) }),
      stores: [{ buffer, index, guards: [], value }],
    });
    return buffer;
  }
}

const CORE: Expr = { kind: "core" };
/** The only element of a buffer, in a kernel that reduces one loop. */
const NOWHERE: Affine = { offset: 0, coef: [0, 0] };
const loopsOf = ({ shape, strides }: Buffer): Loop[] => shape.map((size, i) => ({ size, step: strides[i] }));
