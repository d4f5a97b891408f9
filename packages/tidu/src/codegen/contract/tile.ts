// Code for one tile of a contraction, whose sums stay in registers.
import { byteSize } from "../../base/dtype.js";
import type { Operand } from "../../compile/kernel.js";
import { type Chains, chainsOf } from "../../plan/chains.js";
import type { Registers } from "../../plan/registers.js";
import { DOT_LANES } from "../../plan/tile.js";
import { type Block, type Cascade, cascadeOf } from "../cascade.js";
import { type Emitter, INT, VECTOR } from "../emitter.js";
import type { Evaluator } from "../evaluate.js";
import { emitLoop } from "../loops.js";
import { Reads } from "./reads.js";

/** A loop that is summed over: its length, and how many bytes a step of it moves the pointers to rows and columns. */
export interface Walk {
  readonly size: number;
  readonly row: number;
  readonly column: number;
  /** Whether each step is a leaf of a tree. */
  readonly tree?: boolean;
  /** Locals with the first step and the one after the last, where they vary; such loops come before all others. */
  readonly part?: { readonly from: number; readonly to: number };
}

/** Adds products to a tile's sums: those at these byte offsets, four in a vector or (narrow) one. */
type Step = (row: number, column: number, narrow: boolean) => void;

/** What a tile sums. */
interface Summation {
  readonly loops: readonly Walk[];
  /** Whether the last loop is walked in vectors. */
  readonly lanes: boolean;
  readonly step: Step;
  readonly chains: Chains;
  readonly cascade: Cascade;
}

/** Code of one tile of a contraction: its sums of products. */
export class TileCode {
  /** Addresses of the first elements that the tile reads; sums leave them as they found them. */
  readonly rowPointer: number;
  readonly columnPointer: number;

  constructor(
    readonly f: Emitter,
    readonly ev: Evaluator,
    readonly registers: Registers,
    /** How rows and columns are read. */
    readonly rowReads = new Reads(f, "f32"),
    readonly columnReads = new Reads(f, "f32"),
  ) {
    this.rowPointer = f.local(INT);
    this.columnPointer = f.local(INT);
  }

  /** Locals for so many sums, all 0. */
  zeros(count: number): number[] {
    const { f } = this;
    const sums = Array.from({ length: count }, () => f.local(VECTOR));
    for (const s of sums) f.get(f.constant(0)).set(s);
    return sums;
  }

  /** Sets `pointer` to the address of an operand's element at the loops' variables, those that are summed over at 0. */
  pointTo({ buffer, index }: Operand, pointer: number): void {
    const { f, ev } = this;
    const size = byteSize(buffer.dtype);
    f.get(ev.base(buffer));
    if (index.offset !== 0) f.i32(index.offset * size).op("add");
    index.coef.forEach((c, axis) => {
      if (c === 0 || ev.variables[axis] < 0) return;
      f.get(ev.variables[axis])
        .i32(c * size)
        .op("mul")
        .op("add");
    });
    f.set(pointer);
  }

  /**
   * Runs `step` for every index of the summed loops, with the byte offsets at which it finds the operands, and adds up
   * what it adds to the sums, chain by chain. Short inner loops are written out; around them the pointers move. With
   * `lanes` the last loop is walked four at a time, and what is left of it one by one: `narrow` is then true.
   *
   * @param block the block, where the loops are one of several.
   * @param chains where chains begin, unless it follows from these loops.
   */
  sumOver(
    sums: readonly number[],
    loops: readonly Walk[],
    lanes: boolean,
    step: Step,
    block?: Block,
    chains = chainsOf(loops, lanes),
  ): void {
    const cascade = cascadeOf(this.f, sums, chains, block);
    this.#sum({ loops, lanes, step, chains, cascade }, 0, 0, 0);
    cascade.finish();
  }

  #sum(summation: Summation, depth: number, row: number, column: number): void {
    const { f } = this;
    const { loops, lanes, step, chains, cascade } = summation;
    if (depth === loops.length) return f.scoped(() => step(row, column, false));
    const loop = loops[depth];
    if (loop.part !== undefined) return this.#sumPart(summation, depth);
    const stride = lanes && depth === loops.length - 1 ? DOT_LANES : 1;
    const count = Math.floor(loop.size / stride);
    const [rowStep, columnStep] = [loop.row * stride, loop.column * stride];
    const cost = loops.slice(depth + 1).reduce((n, l) => n * l.size, 1);
    const inner = (i: number) => this.#sum(summation, depth + 1, row + i * rowStep, column + i * columnStep);
    const tail = (): void => {
      for (let i = count * stride; i < loop.size; i++)
        f.scoped(() => step(row + i * loop.row, column + i * loop.column, true));
    };
    const { unroll } = this.registers;
    if (count * cost <= unroll) {
      for (let i = 0; i < count; i++) inner(i);
      return tail();
    }
    const cut = depth === chains.loop;
    const steps = cut ? chains.steps : count;
    const factor =
      cost > unroll ? 1 : ([4, 3, 2].find((n) => count % n === 0 && steps % n === 0 && n * cost <= unroll) ?? 1);
    emitLoop(
      f,
      { variable: f.local(INT), count: count / factor, step: 1 },
      () => {
        for (let i = 0; i < factor; i++) inner(i);
        f.advance(this.rowPointer, rowStep * factor);
        f.advance(this.columnPointer, columnStep * factor);
      },
      steps / factor,
      cut ? cascade.begin : undefined,
    );
    // Back to where the loop began; the rest after the whole vectors starts from there.
    f.advance(this.rowPointer, -rowStep * count);
    f.advance(this.columnPointer, -columnStep * count);
    tail();
  }

  /** Sums over a part of a loop's steps; the pointers move along and come back. */
  #sumPart(summation: Summation, depth: number): void {
    const { f } = this;
    const { loops, chains, cascade } = summation;
    const { row, column, part } = loops[depth];
    const { from, to } = part as NonNullable<Walk["part"]>;
    const pointers = [
      { pointer: this.rowPointer, step: row },
      { pointer: this.columnPointer, step: column },
    ].filter(({ step }) => step !== 0);
    f.get(from).get(to).op("lt");
    f.if(() => {
      const starts = pointers.map(({ pointer }) => f.get(pointer).keep(INT));
      for (const { pointer, step } of pointers) f.get(from).i32(step).op("mul").get(pointer).op("add").set(pointer);
      const at = f.get(from).keep(INT);
      f.loop(() => {
        if (depth === chains.loop)
          f.get(at).get(from).op("sub").i32(chains.steps).op("rem").op("eqz").if(cascade.begin);
        this.#sum(summation, depth + 1, 0, 0);
        for (const { pointer, step } of pointers) f.advance(pointer, step);
        f.get(at).i32(1).op("add").tee(at).get(to).op("lt");
      });
      pointers.forEach(({ pointer }, i) => f.get(starts[i]).set(pointer));
    });
  }

  /**
   * Adds the products of `rows` elements, `rowStride` bytes apart, with vectors of `columns` elements.
   *
   * @param laneStep elements from one lane to the next, 1 or 2.
   */
  outerProduct(
    sums: readonly number[],
    columns: number,
    rowStride: number,
    [row, column]: readonly [number, number],
    laneStep = 1,
  ): void {
    const { f } = this;
    const width = Math.ceil(columns / f.lanes);
    const rows = sums.length / width;
    const vectors = Array.from({ length: width }, (_, j) => {
      const place = column + this.columnReads.bytes * laneStep * f.lanes * j;
      f.get(this.columnPointer);
      if (laneStep === 1) return this.columnReads.load(place);
      return this.columnReads.evens(place, Math.min(f.lanes, columns - f.lanes * j));
    });
    for (let i = 0; i < rows; i++) {
      f.get(this.rowPointer);
      const spread = this.rowReads.splat(row + i * rowStride);
      for (let j = 0; j < width; j++) this.#addProduct(sums[i * width + j], spread, vectors[j]);
    }
  }

  /**
   * Adds the products of four (narrow: one) elements of `rows` rows with those of `columns` columns. A vector has as many columns
   * as it has fours of lanes; where fewer are left, the last one again.
   *
   * @param places byte offsets of the rows, and of one column from the next.
   */
  dotProduct(
    sums: readonly number[],
    columns: number,
    places: { row: (n: number) => number; column: number },
    [row, column, narrow]: [number, number, boolean],
  ): void {
    const { f } = this;
    const quads = f.lanes / DOT_LANES;
    const width = Math.ceil(columns / quads);
    const each = (place: (n: number) => number) => Array.from({ length: quads }, (_, n) => place(n));
    const rows = sums.length / width;
    const left = (i: number) => {
      f.get(this.rowPointer);
      return this.rowReads.quads(
        each(() => row + places.row(i)),
        narrow,
      );
    };
    const right = (j: number) => {
      f.get(this.columnPointer);
      return this.columnReads.quads(
        each((n) => column + Math.min(j * quads + n, columns - 1) * places.column),
        narrow,
      );
    };
    // The side of fewer vectors stays in registers.
    const [held, streamed] = rows <= width ? [left, right] : [right, left];
    const [few, many] = [Math.min(rows, width), Math.max(rows, width)];
    const kept = Array.from({ length: few }, (_, n) => held(n));
    for (let m = 0; m < many; m++) {
      const other = streamed(m);
      kept.forEach((own, n) => {
        const [i, j] = rows <= width ? [n, m] : [m, n];
        this.#addProduct(sums[i * width + j], own, other);
      });
    }
  }

  /** sum += a * b, in one rounding where the machine has such an instruction and the mode allows it. */
  #addProduct(sum: number, a: number, b: number): void {
    const { f } = this;
    if (this.registers.fused) f.get(a).get(b).get(sum).vector("madd").set(sum);
    else f.get(sum).get(a).get(b).vector("mul").vector("add").set(sum);
  }
}
