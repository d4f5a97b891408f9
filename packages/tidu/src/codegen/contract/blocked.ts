import { sizeOf } from "../../base/shape.js";
import type { ContractKernel, Operand } from "../../compile/kernel.js";
import { type BlockPlan, depthOf, panelsOf, sumBytes, tilesOf } from "../../plan/blocking.js";
import { type Chains, chainsOf, mergedAround } from "../../plan/chains.js";
import type { Registers } from "../../plan/registers.js";
import type { Loop } from "../../plan/tile.js";
import type { Tiling } from "../../plan/tiling.js";
import { type Emitter, INT } from "../emitter.js";
import type { Evaluator } from "../evaluate.js";
import { type Loop as Counter, emitDigits, emitLoop, emitWhile, FAIR_SHARES, share } from "../loops.js";
import { Finish } from "./finish.js";
import { emitSplit } from "./in-place.js";
import { emitPack, type Packing } from "./pack.js";
import { Reads } from "./reads.js";
import { TileCode, type Walk } from "./tile.js";

/** A contraction cut into blocks: see {@link BlockPlan}. */
export class Blocked {
  readonly code: TileCode;
  readonly end: Finish;
  readonly rowSide: Operand;
  readonly columnSide: Operand;
  readonly rowReads: Reads;
  readonly columnReads: Reads;
  /** Where the panels, the copied rows and the unfinished sums of this thread are. */
  readonly panelsAt: number;
  readonly rowsAt: number;
  readonly sumsAt: number;
  /** The panel and the unfinished sums at hand. */
  readonly panel: number;
  readonly sums: number;
  /** How many blocks of the summed loops are done, and a variable for each of their loops. */
  readonly done: number;
  readonly blockCounters: readonly Counter[];

  constructor(
    readonly f: Emitter,
    readonly ev: Evaluator,
    readonly kernel: ContractKernel,
    readonly plan: BlockPlan,
    registers: Registers,
  ) {
    this.code = new TileCode(f, ev, registers);
    this.end = new Finish(f, ev, kernel, plan);
    [this.rowSide, this.columnSide] = plan.swapped ? [kernel.b, kernel.a] : [kernel.a, kernel.b];
    [this.rowReads, this.columnReads] = [this.rowSide, this.columnSide].map(({ buffer }) => new Reads(f, buffer.dtype));
    const scratch = f.scratch().keep(INT);
    const { space } = f;
    const part = (at: number): number => f.get(scratch).i32(at).op("add").keep(INT);
    [this.panelsAt, this.rowsAt, this.sumsAt] = [part(space.panels), part(space.rows), part(space.sums)];
    [this.panel, this.sums, this.done] = [f.local(INT), f.local(INT), f.local(INT)];
    this.blockCounters = plan.blocks.map((l) => ({ variable: f.local(INT), count: l.size, step: 1 }));
  }

  /**
   * Threads divide panels or tiles of rows, whichever are more; each thread combines its share with all of the others. Where
   * that makes few shares, and nothing is copied for each of them, threads divide parts of the others, too.
   */
  emit(shared: boolean): void {
    const { f, plan } = this;
    const [panels, tiles] = [panelsOf(plan), tilesOf(plan)];
    const byPanels = panels >= tiles;
    const [divided, whole] = byPanels ? [panels, tiles] : [tiles, panels];
    const [most, mostWhole] = byPanels ? [plan.panels, plan.tiles] : [plan.tiles, plan.panels];
    const shares = depthOf(plan.both) * divided;
    const copied = byPanels ? plan.packColumns : plan.packRows;
    const parts = shared && !copied && whole <= mostWhole ? Math.min(whole, Math.ceil(FAIR_SHARES / shares)) : 1;
    const size = Math.ceil(whole / parts);
    const count = Math.ceil(whole / size);
    const { next, end } = shared ? share(f, shares * count) : { next: f.local(INT), end: f.i32(shares).keep(INT) };
    if (!shared) f.i32(0).set(next);
    const own = this.#range();
    const block = (other: Range): void =>
      this.ev.scope(() => this.#block(byPanels ? own : other, byPanels ? other : own));
    const step = () => f.get(own.count);
    emitWhile(f, next, end, step, () => {
      this.#digits(plan.both, next, count * divided);
      f.get(next).i32(divided).op("rem").set(own.from);
      // The least of what is left of this round, of this thread's share and of the block.
      f.i32(divided).get(own.from).op("sub");
      f.get(end).get(next).op("sub").choose("below");
      f.i32(most).choose("below").set(own.count);
      if (count === 1) return this.#inParts(whole, mostWhole, block);
      const other = this.#range();
      f.get(next).i32(divided).op("div").i32(count).op("rem").i32(size).op("mul").set(other.from);
      f.i32(whole).get(other.from).op("sub").i32(size).choose("below").set(other.count);
      block(other);
    });
  }

  /** Runs the body for one part after the other of 0…total-1, each of at most `most`. */
  #inParts(total: number, most: number, body: (part: Range) => void): void {
    const { f } = this;
    const { from, count } = this.#range();
    emitLoop(f, { variable: from, count: Math.ceil(total / most), step: most }, () => {
      f.i32(total).get(from).op("sub").i32(most).choose("below").set(count);
      body({ from, count });
    });
  }

  #range = (): Range => ({ from: this.f.local(INT), count: this.f.local(INT) });

  /** Sets the variables of `loops` from a number that counts through them and, faster, through `inner` steps more. */
  #digits(loops: readonly Loop[], number: number, inner: number): void {
    const { f } = this;
    if (loops.length === 0) return;
    const own = inner === 1 ? number : f.get(number).i32(inner).op("div").keep(INT);
    emitDigits(
      f,
      loops.map((l) => ({ variable: this.#variable(l), count: l.size, step: 1 })),
      own,
    );
  }

  #vectors = (columns: number): number => Math.ceil(columns / this.f.lanes);
  get #vectorBytes(): number {
    return 4 * this.f.lanes;
  }

  #variable = (l: Loop): number => this.ev.variables[l.axis];

  /** Multiplies panels with tiles of rows, one block of the summed loops after the other. */
  #block(panels: Range, tiles: Range): void {
    const { f, plan } = this;
    f.i32(0).set(this.done);
    const nest = (depth: number): void => {
      if (depth < plan.blocks.length) return emitLoop(f, this.blockCounters[depth], () => nest(depth + 1));
      if (plan.packColumns) this.ev.scope(() => this.#packPanels(panels));
      if (plan.blocks.length > 0) f.get(this.sumsAt).set(this.sums);
      this.#each(tiles, (tile) => {
        this.#place(plan.rowOthers, plan.rowLoop, plan.rows, tile);
        this.ev.scope(() => this.#split(plan.rowLoop, plan.rows, (rows) => this.#row(rows, panels)));
      });
      f.get(this.done).i32(1).op("add").set(this.done);
    };
    nest(0);
  }

  /** Runs the body with a local that holds one number of the range after the other. */
  #each({ from, count }: Range, body: (number: number) => void): void {
    const { f } = this;
    const [number, end] = [f.get(from).keep(INT), f.get(from).get(count).op("add").keep(INT)];
    f.loop(() => {
      body(number);
      f.get(number).i32(1).op("add").tee(number).get(end).op("below");
    });
  }

  /** Sets the variables of one tile of rows, or of one panel, by its number. */
  #place(others: readonly Loop[], loop: Loop, tiles: Tiling, number: number): void {
    const counter: Counter = { variable: this.#variable(loop), count: tiles.count, step: tiles.size };
    const outer = others.map((l) => ({ variable: this.#variable(l), count: l.size, step: 1 }));
    emitDigits(this.f, [...outer, counter], number);
  }

  #split(loop: Loop, tiles: Tiling, body: (count: number) => void): void {
    emitSplit(this.f, this.ev, loop, tiles, body);
  }

  /** Copies panels: each as a whole, or all of them stripe by stripe. */
  #packPanels(panels: Range): void {
    const { f, plan } = this;
    const pointer = this.code.columnPointer;
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
      this.#eachPanel(panels, (columns) => {
        this.#pointTo(this.columnSide, pointer, this.#columnStep);
        f.get(pointer).get(moved).op("add").set(pointer);
        const [lane, stride] = [this.#columnStep(plan.columnLoop), this.#vectorBytes * this.#vectors(columns)];
        f.get(done).i32(stride).op("mul").get(this.panel).op("add").set(to);
        emitPack(this.columnReads, pointer, to, { lanes: columns, lane, stride, walk });
      });
      f.advance(done, sizeOf(walk.map(({ size }) => size)));
    };
    nest(0);
  }

  /** The loops around the copies of panels, and those of one copy. */
  #stripes() {
    const { inner, stripe } = this.plan;
    const walk = inner.map((l) => ({ size: l.size, step: this.#columnStep(l) }));
    if (stripe === 0) return { around: [], walk };
    const { size, step } = walk[walk.length - 1];
    return {
      around: [...walk.slice(0, -1), { size: size / stripe, step: step * stripe }],
      walk: [{ size: stripe, step }],
    };
  }

  /** Multiplies one tile of rows with all panels of the block. */
  #row(rows: number, panels: Range): void {
    const { f, plan, code } = this;
    if (plan.packRows) {
      this.#pointTo(this.rowSide, code.rowPointer, this.#rowStep);
      emitPack(this.rowReads, code.rowPointer, f.get(this.rowsAt).keep(INT), this.#rowPacking(rows));
    }
    this.#eachPanel(panels, (columns) => this.#tile(rows, columns));
  }

  /** Runs the body for one panel after the other, at its first column. */
  #eachPanel(panels: Range, body: (columns: number) => void): void {
    const { f, plan } = this;
    f.get(this.panelsAt).set(this.panel);
    this.#each(panels, (number) => {
      this.#place(plan.columnOthers, plan.columnLoop, plan.columns, number);
      this.ev.scope(() => this.#split(plan.columnLoop, plan.columns, body));
      f.advance(this.panel, this.#panelBytes);
    });
  }

  #tile(rows: number, columns: number): void {
    const { f, plan, code } = this;
    const width = this.#vectors(columns);
    const sums = code.zeros(rows * width);
    if (plan.packRows) f.get(this.rowsAt).set(code.rowPointer);
    else this.#pointTo(this.rowSide, code.rowPointer, this.#rowStep);
    if (plan.packColumns) f.get(this.panel).set(code.columnPointer);
    else this.#pointTo(this.columnSide, code.columnPointer, this.#columnStep);
    const stride = plan.packRows ? 4 : this.#rowStep(plan.rowLoop);
    const last = depthOf(plan.blocks) - 1;
    const product = (row: number, column: number) => code.outerProduct(sums, columns, stride, [row, column]);
    const finish = () => this.ev.scope(() => this.end.outer(sums, columns, width));
    const block = last === 0 ? undefined : { address: this.sums, number: this.done, last, finish };
    const { loops, chains } = this.#walk(rows, width);
    code.sumOver(sums, loops, false, product, block, chains);
    if (block === undefined) return finish();
    f.advance(this.sums, sumBytes(plan, f.lanes) * sums.length);
  }

  /** How the pointers move through a panel of `width` vectors and the rows multiplied with it, copied or in place. */
  #walk(rows: number, width: number): { loops: Walk[]; chains: Chains } {
    const { inner, packRows, packColumns } = this.plan;
    const { sizes, chains } =
      packRows && packColumns
        ? mergedAround(inner)
        : { sizes: inner.map(({ size }) => size), chains: chainsOf(inner, false) };
    const loops = sizes.map((size, i) => {
      const steps = sizeOf(sizes.slice(i + 1));
      return {
        size,
        row: packRows ? 4 * rows * steps : this.#rowStep(inner[i]),
        column: packColumns ? this.#vectorBytes * width * steps : this.#columnStep(inner[i]),
      };
    });
    return { loops, chains };
  }

  #rowPacking(rows: number): Packing {
    const walk = this.plan.inner.map((l) => ({ size: l.size, step: this.#rowStep(l) }));
    return { lanes: rows, lane: this.#rowStep(this.plan.rowLoop), stride: 4 * rows, walk };
  }

  get #panelBytes(): number {
    return depthOf(this.plan.inner) * this.#vectorBytes * this.#vectors(this.plan.columns.size);
  }

  /** The address of an operand's element at the loops' variables, at the start of the current block. */
  #pointTo(side: Operand, pointer: number, step: (l: Loop) => number): void {
    const { f, plan } = this;
    this.code.pointTo(side, pointer);
    plan.blocks.forEach((l, i) => {
      f.get(pointer).get(this.blockCounters[i].variable).i32(step(l)).op("mul").op("add").set(pointer);
    });
  }

  #rowStep = (l: Loop): number => (this.plan.swapped ? l.b : l.a) * this.rowReads.bytes;
  #columnStep = (l: Loop): number => (this.plan.swapped ? l.a : l.b) * this.columnReads.bytes;
}

/** Numbers from `from` on, `count` (at least one) of them, in locals. */
interface Range {
  readonly from: number;
  readonly count: number;
}
