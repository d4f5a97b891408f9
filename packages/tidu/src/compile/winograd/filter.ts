// Makes the kernels of a filtered convolution.
import { everyIndex } from "../../base/shape.js";
import type {
  Affine,
  Buffer,
  ContractKernel,
  Guard,
  Kernel,
  MakeBuffer,
  MapKernel,
  Operand,
  Store,
} from "../kernel.js";
import { rewriter } from "../rewrite.js";
import { type Evenness, ifCovered, type Loop, read, ZERO } from "./even.js";
import type { Matrix } from "./matrices.js";
import { type Cut, LENGTH, PIECE, type Plan, touches } from "./plan.js";
import { transform } from "./transform.js";
import type { Slide } from "./windows.js";

/** A loop of the kernels to be: one that the contraction has, the pieces of a cut, or the points of all cuts. */
type Axis = number | Cut | "points";

/** Spare elements between the values of one point and of the next, so that the points do not share cache lines. */
const APART = 16;

/** Turns one contraction over windows into transforms and a contraction of the transformed operands. */
export class Filter {
  constructor(
    readonly kernel: ContractKernel,
    readonly plan: Plan,
    readonly make: MakeBuffer,
    readonly evenness: Evenness,
  ) {}

  kernels(): Kernel[] {
    const { kernel, plan } = this;
    const { data, filter, cuts, tiled, summed } = plan;
    const d = this.#layOut("data", this.#inOrder(cuts, data.index));
    const g = this.#layOut("filter", this.#inOrder(summed, filter.index));
    const m = this.#layOut("products", this.#inOrder(tiled, kernel.stores[0].index));
    const { kernels, uneven, covered } = this.#look();
    const filtered = [
      this.#transformed(data, d, (c) => c.matrices.b),
      this.#transformed(filter, g, (c) => c.matrices.g),
      this.#multiply(d, g, m),
      this.#finish(m, covered),
    ];
    return [
      ...kernels,
      ...filtered.map((k): Kernel => ({ ...k, when: { buffer: uneven, zero: true } })),
      { ...kernel, when: { buffer: uneven, zero: false } },
    ];
  }

  /**
   * The kernels that decide whether to filter and, where the result has the windows, the largest magnitude that each
   * covers, in the contraction's loops.
   */
  #look(): { kernels: readonly Kernel[]; uneven: Buffer; covered?: Pick<Operand, "buffer" | "index"> } {
    const { sizes } = this.kernel;
    const { data, filter, cuts, summed } = this.plan;
    const loops = ({ index: { coef } }: Operand, axes: readonly number[]): Loop[] =>
      axes.map((axis) => ({ size: sizes[axis], step: coef[axis] }));
    const others = this.#others(data.index);
    const isApart = (axis: number) => this.#isApart(axis);
    const apart = others.filter(isApart);
    const looked = {
      buffer: data.buffer,
      offset: data.index.offset,
      loops: loops(
        data,
        others.filter((axis) => !isApart(axis)),
      ),
      cuts: cuts.map((c) => ({ size: c.length, step: data.index.coef[c.out] })),
      apart: loops(data, apart),
    };
    const moving = sizes.flatMap((size, axis) => (size > 1 && filter.index.coef[axis] !== 0 ? [axis] : []));
    const taps = { buffer: filter.buffer, offset: filter.index.offset, loops: loops(filter, moving) };
    const { windows, ...rest } = this.evenness.of(looked, taps);
    if (summed.length > 0) return rest;
    const axes = [...cuts.map((c) => c.out), ...apart];
    const coef = sizes.map((_, axis) => windows.strides[axes.indexOf(axis)] ?? 0);
    return { ...rest, covered: { buffer: windows, index: { offset: 0, coef } } };
  }

  /**
   * Whether a loop of the data is one of samples or groups: not summed over where the result has the windows, and summed
   * over where the windows are.
   */
  #isApart(axis: number): boolean {
    const { kernel, plan } = this;
    return plan.summed.length === 0 ? axis < kernel.outer : plan.filter.index.coef[axis] !== 0;
  }

  /** Whether lanes run along channels: the samples are too few for that. */
  #byChannels(): boolean {
    return !this.#isApart(this.#others(this.plan.data.index).at(-1) as number);
  }

  /**
   * Loops of the contraction, other than those that slide, that move an operand or the result; the one with the largest
   * stride first.
   */
  #others({ coef }: Affine): number[] {
    const moving = this.kernel.sizes.flatMap((size, axis) =>
      size > 1 && coef[axis] !== 0 && !this.plan.cuts.some((c) => touches(c, axis)) ? [axis] : [],
    );
    return moving.sort((p, q) => Math.abs(coef[q]) - Math.abs(coef[p]));
  }

  /**
   * The axes of a transformed value: pieces, the points of each, and other loops that move it. Where lanes run along
   * channels, each point has a matrix of its own, whose columns are channels of the result.
   */
  #inOrder(cuts: readonly Cut[], index: Affine): Axis[] {
    const others = this.#others(index);
    if (!this.#byChannels()) return [...cuts, "points", ...others];
    const isSummed = (axis: number) => Number(axis >= this.kernel.outer);
    const { filter, summed } = this.plan;
    if (index === filter.index && summed.length === 0) others.sort((p, q) => isSummed(q) - isSummed(p));
    return ["points", ...cuts, ...others];
  }

  #size(axis: Axis): number {
    if (axis === "points") return PIECE ** this.plan.cuts.length;
    return typeof axis === "number" ? this.kernel.sizes[axis] : axis.pieces;
  }

  /** A buffer whose axes are these, the last one contiguous. */
  #layOut(name: string, axes: readonly Axis[]): Laid {
    const shape = axes.map((a) => this.#size(a));
    const strides = new Array<number>(axes.length);
    let step = 1;
    for (let i = axes.length - 1; i >= 0; i--) {
      if (axes[i] === "points") step += APART;
      strides[i] = step;
      step *= shape[i];
    }
    return { axes, strides, buffer: this.make(`${this.kernel.name}.${name}`, shape, strides) };
  }

  /** Where an element of a laid-out buffer is, in a kernel with these loops. */
  #address({ axes, strides }: Laid, loops: readonly Axis[], point = 0): Affine {
    const coef = loops.map((l) => (axes.includes(l) ? strides[axes.indexOf(l)] : 0));
    return { offset: point * strides[axes.indexOf("points")], coef };
  }

  /**
   * Reads a piece of an operand, which is cut along the loops of the result, and stores its transform at each point.
   */
  #transformed(operand: Operand, to: Laid, matrixOf: (c: Cut) => Matrix): MapKernel {
    const { cuts, data } = this.plan;
    const loops = to.axes.filter((a) => a !== "points");
    const beyond = operand === data ? PIECE - LENGTH : 0;
    const matrices = cuts.map(matrixOf);
    const elements = everyIndex(matrices.map((m) => m[0].length)).map((at) => {
      const guards = cuts.flatMap((c, i) => (loops.includes(c) ? edge(c, at[i], c.length + beyond, loops) : []));
      return read(operand.buffer, this.#inLoops(operand.index, loops, at, "filter"), guards);
    });
    const stores = transform(matrices, elements).map(
      (value, point): Store => ({ buffer: to.buffer, index: this.#address(to, loops, point), guards: [], value }),
    );
    return this.#map(to.buffer.name, loops, stores);
  }

  #map(name: string, loops: readonly Axis[], stores: readonly Store[]): MapKernel {
    return { kind: "map", name, sizes: loops.map((l) => this.#size(l)), outer: loops.length, stores };
  }

  /** The products, summed at each point by itself. */
  #multiply(data: Laid, filter: Laid, to: Laid): ContractKernel {
    const summed = [...new Set([...data.axes, ...filter.axes])].filter((a) => !to.axes.includes(a));
    const loops = [...to.axes, ...summed];
    const at = (laid: Laid): Operand => ({ buffer: laid.buffer, index: this.#address(laid, loops), inside: [] });
    const store: Store = { buffer: to.buffer, index: this.#address(to, loops), guards: [], value: { kind: "core" } };
    return joined({
      kind: "contract",
      name: to.buffer.name,
      sizes: loops.map((l) => this.#size(l)),
      outer: to.axes.length,
      stores: [store],
      a: at(filter),
      b: at(data),
    });
  }

  /** The outputs of a piece, and the epilogue of the contraction's kernel. */
  #finish(products: Laid, covered?: Pick<Operand, "buffer" | "index">): MapKernel {
    const { kernel, plan } = this;
    const loops = products.axes.filter((a) => a !== "points");
    const points = Array.from({ length: this.#size("points") }, (_, p) =>
      read(products.buffer, this.#address(products, loops, p), []),
    );
    const matrices = plan.cuts.map((c) => c.matrices.a);
    const outputs = transform(matrices, points);
    const stores = everyIndex(matrices.map((m) => m.length)).flatMap((at, i) => {
      const guards = plan.cuts.flatMap((c, k) => (plan.tiled.includes(c) ? edge(c, at[k], c.length, loops) : []));
      const index = (affine: Affine): Affine => this.#inLoops(affine, loops, at, "out");
      // Where a window covers only zeros, the rest of the piece must not change the output.
      const output =
        covered === undefined
          ? outputs[i]
          : ifCovered(read(covered.buffer, index(covered.index), guards), outputs[i], ZERO);
      const rewrite = rewriter({ index, guards, replace: (e) => (e.kind === "core" ? output : undefined) });
      return kernel.stores.map(
        (s): Store => ({ ...s, index: index(s.index), guards: [...s.guards, ...guards], value: rewrite(s.value) }),
      );
    });
    return this.#map(kernel.name, loops, stores);
  }

  /** An integer of the contraction's loops, at element `at` of each piece along one of the loops that slide. */
  #inLoops({ offset, coef }: Affine, loops: readonly Axis[], at: readonly number[], side: keyof Slide): Affine {
    const step = (l: Axis): number => {
      if (typeof l === "number") return coef[l];
      return l === "points" ? 0 : LENGTH * coef[l[side]];
    };
    const start = this.plan.cuts.reduce((n, c, i) => n + coef[c[side]] * at[i], offset);
    return { offset: start, coef: loops.map(step) };
  }
}

/** A contraction with those neighboring loops of its result as one that run on as one. */
function joined(kernel: ContractKernel): ContractKernel {
  const { sizes, outer, a, b, stores } = kernel;
  const runsOn = (loop: number) =>
    [a, b, ...stores].every(({ index: { coef } }) => coef[loop] === coef[loop + 1] * sizes[loop + 1]);
  const loop = sizes.slice(0, outer - 1).findIndex((_, i) => runsOn(i));
  if (loop < 0) return kernel;
  const without = <T extends { readonly index: Affine }>(x: T): T => ({
    ...x,
    index: { ...x.index, coef: x.index.coef.toSpliced(loop, 1) },
  });
  return joined({
    ...kernel,
    sizes: sizes.toSpliced(loop, 2, sizes[loop] * sizes[loop + 1]),
    outer: outer - 1,
    stores: stores.map(without),
    a: without(a),
    b: without(b),
  });
}

/** A buffer and which loop each of its axes is. */
interface Laid {
  readonly buffer: Buffer;
  readonly axes: readonly Axis[];
  readonly strides: readonly number[];
}

/** The condition that element `at` of a piece is inside `size`; none where it always is. */
function edge(c: Cut, at: number, size: number, loops: readonly Axis[]): Guard[] {
  if ((c.pieces - 1) * LENGTH + at < size) return [];
  return [{ index: { offset: at, coef: loops.map((l) => (l === c ? LENGTH : 0)) }, size }];
}
