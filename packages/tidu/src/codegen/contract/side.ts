// One side of a contraction in blocks: its rows or its columns, their tiles, and where these are read.
import { sizeOf } from "../../base/shape.js";
import type { ContractKernel, Operand } from "../../compile/kernel.js";
import { type BlockPlan, depthOf } from "../../plan/blocking.js";
import type { Loop } from "../../plan/tile.js";
import { type Tiling, tallest } from "../../plan/tiling.js";
import { type Emitter, INT } from "../emitter.js";
import type { Evaluator } from "../evaluate.js";
import { type Loop as Counter, emitDigits, emitLoop } from "../loops.js";
import { emitSplit } from "./in-place.js";
import { emitPack } from "./pack.js";
import { Reads } from "./reads.js";
import type { TileCode } from "./tile.js";

/** Numbers from `from` on, `count` (at least one) of them, in locals. */
export interface Range {
  readonly from: number;
  readonly count: number;
}

/** Code for all sides of a kernel: `counters` are the variables of its blocks. */
interface Context {
  readonly f: Emitter;
  readonly ev: Evaluator;
  readonly kernel: ContractKernel;
  readonly plan: BlockPlan;
  readonly code: TileCode;
  readonly counters: readonly Counter[];
}

export class Side {
  /** The loop of a tile's rows or columns. */
  readonly loop: Loop;
  readonly copied: boolean;
  readonly #key: "a" | "b";
  readonly #operand: Operand;
  readonly #reads: Reads;
  readonly #others: readonly Loop[];
  readonly #tiles: Tiling;
  readonly #stripe: number;
  /** Locals with the place that a tile reads, and with that of its copy. */
  readonly #pointer: number;
  readonly #at: number;

  readonly #context: Context;
  readonly #ofRows: boolean;
  readonly #start: number;

  /** @param start a local: where the tiles' copies begin. */
  constructor(context: Context, ofRows: boolean, start: number) {
    const { f, kernel, plan, code } = context;
    [this.#context, this.#ofRows, this.#start] = [context, ofRows, start];
    this.#key = ofRows === plan.swapped ? "b" : "a";
    this.#operand = kernel[this.#key];
    this.#reads = new Reads(f, this.#operand.buffer.dtype);
    [this.loop, this.#others, this.#tiles, this.copied, this.#stripe, this.#pointer] = ofRows
      ? [plan.rowLoop, plan.rowOthers, plan.rows, plan.packRows, plan.rowStripe, code.rowPointer]
      : [plan.columnLoop, plan.columnOthers, plan.columns, plan.packColumns, plan.stripe, code.columnPointer];
    this.#at = f.local(INT);
  }

  /** Bytes that a step of a loop moves what is read. */
  step(l: Loop): number {
    return l[this.#key] * this.#reads.bytes;
  }

  /** Bytes of a step's copy of so many elements: those of columns are whole vectors. */
  stride(count: number): number {
    const { lanes } = this.#context.f;
    return 4 * (this.#ofRows ? count : Math.ceil(count / lanes) * lanes);
  }

  /** Runs the body for one tile after the other, at its first row or column, with their number. */
  each({ from, count }: Range, body: (count: number) => void): void {
    const { f, ev, plan } = this.#context;
    if (this.copied) f.get(this.#start).set(this.#at);
    const [number, end] = [f.get(from).keep(INT), f.get(from).get(count).op("add").keep(INT)];
    const counter = ({ axis }: Loop, count: number, step: number) => ({ variable: ev.variables[axis], count, step });
    const digits = [
      ...this.#others.map((l) => counter(l, l.size, 1)),
      counter(this.loop, this.#tiles.count, this.#tiles.size),
    ];
    f.loop(() => {
      emitDigits(f, digits, number);
      ev.scope(() => emitSplit(f, ev, this.loop, this.#tiles, body));
      if (this.copied) f.advance(this.#at, this.stride(tallest(this.#tiles)) * depthOf(plan.inner));
      f.get(number).i32(1).op("add").tee(number).get(end).op("below");
    });
  }

  /** Copies tiles: each as a whole, or all of them stripe by stripe. */
  pack(tiles: Range): void {
    const { f } = this.#context;
    const { around, walk } = this.#stripes();
    const [to, moved, done] = [f.local(INT), f.local(INT), f.local(INT)];
    f.i32(0).set(moved).i32(0).set(done);
    const nest = (depth: number): void => {
      if (depth < around.length) {
        const { size, step } = around[depth];
        emitLoop(f, { variable: f.local(INT), count: size, step: 1 }, () => {
          nest(depth + 1);
          f.advance(moved, step);
        });
        return void f.advance(moved, -size * step);
      }
      this.each(tiles, (lanes) => {
        const stride = this.stride(lanes);
        this.#pointInPlace();
        f.get(this.#pointer).get(moved).op("add").set(this.#pointer);
        f.get(done).i32(stride).op("mul").get(this.#at).op("add").set(to);
        emitPack(this.#reads, this.#pointer, to, { lanes, lane: this.step(this.loop), stride, walk });
      });
      f.advance(done, sizeOf(walk.map(({ size }) => size)));
    };
    nest(0);
  }

  /** The loops around the copies of tiles, and those of one copy. */
  #stripes() {
    const walk = this.#context.plan.inner.map((l) => ({ size: l.size, step: this.step(l) }));
    const size = this.#stripe;
    if (size === 0) return { around: [], walk };
    const last = walk[walk.length - 1];
    return {
      around: walk.with(-1, { size: last.size / size, step: last.step * size }),
      walk: [{ ...last, size }],
    };
  }

  /** Makes the tile's code read at the loops' variables. */
  point(): void {
    if (this.copied) this.#context.f.get(this.#at).set(this.#pointer);
    else this.#pointInPlace();
  }

  /** Where the operand is, at the start of the current block. */
  #pointInPlace(): void {
    const { f, plan, code, counters } = this.#context;
    const pointer = this.#pointer;
    code.pointTo(this.#operand, pointer);
    plan.blocks.forEach((l, i) => {
      f.get(pointer).get(counters[i].variable).i32(this.step(l)).op("mul").op("add").set(pointer);
    });
  }
}
