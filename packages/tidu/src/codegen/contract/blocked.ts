import { sizeOf } from "../../base/shape.js";
import type { ContractKernel } from "../../compile/kernel.js";
import { type BlockPlan, depthOf, panelsOf, sumBytes, tilesOf } from "../../plan/blocking.js";
import { type Chains, chainsOf, mergedAround } from "../../plan/chains.js";
import type { Registers } from "../../plan/registers.js";
import { FAIR_SHARES } from "../../plan/shares.js";
import { type Emitter, INT } from "../emitter.js";
import type { Evaluator } from "../evaluate.js";
import { type Loop as Counter, emitDigits, emitLoop, emitWhile, share } from "../loops.js";
import { Finish } from "./finish.js";
import { type Range, Side } from "./side.js";
import { TileCode, type Walk } from "./tile.js";

/** A contraction cut into blocks: see {@link BlockPlan}. */
export class Blocked {
  readonly code: TileCode;
  readonly end: Finish;
  readonly rows: Side;
  readonly columns: Side;
  /** Where the unfinished sums of this thread are, and those at hand. */
  readonly sumsAt: number;
  readonly sums: number;
  /** How many blocks of the summed loops are done, and a variable for each of their loops. */
  readonly done: number;
  readonly counters: readonly Counter[];

  constructor(
    readonly f: Emitter,
    readonly ev: Evaluator,
    readonly kernel: ContractKernel,
    readonly plan: BlockPlan,
    registers: Registers,
  ) {
    this.code = new TileCode(f, ev, registers);
    this.end = new Finish(f, ev, kernel, plan);
    const scratch = f.scratch().keep(INT);
    const { space } = f;
    const part = (at: number): number => f.get(scratch).i32(at).op("add").keep(INT);
    this.counters = plan.blocks.map((l) => ({ variable: f.local(INT), count: l.size, step: 1 }));
    [this.columns, this.rows] = [new Side(this, false, part(space.panels)), new Side(this, true, part(space.rows))];
    [this.sumsAt, this.sums, this.done] = [part(space.sums), f.local(INT), f.local(INT)];
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
      if (plan.both.length > 0) {
        const number = f
          .get(next)
          .i32(count * divided)
          .op("div")
          .keep(INT);
        emitDigits(
          f,
          plan.both.map(({ axis, size }) => ({ variable: this.ev.variables[axis], count: size, step: 1 })),
          number,
        );
      }
      f.get(next).i32(divided).op("rem").set(own.from);
      // The least of what is left of this round, of this thread's share and of the block.
      f.i32(divided).get(own.from).op("sub");
      f.get(end).get(next).op("sub").choose("below");
      f.i32(most).choose("below").set(own.count);
      if (count === 1)
        return this.#inParts({ from: f.i32(0).keep(INT), count: f.i32(whole).keep(INT) }, mostWhole, block);
      const other = this.#range();
      f.get(next).i32(divided).op("div").i32(count).op("rem").i32(size).op("mul").set(other.from);
      f.i32(whole).get(other.from).op("sub").i32(size).choose("below").set(other.count);
      block(other);
    });
  }

  /** Runs the body for one part of a range after the other, each of at most `most`. */
  #inParts({ from, count }: Range, most: number, body: (part: Range) => void): void {
    const { f } = this;
    const part = this.#range();
    const end = f.get(from).tee(part.from).get(count).op("add").keep(INT);
    f.loop(() => {
      f.i32(most).get(end).get(part.from).op("sub").choose("below").set(part.count);
      body(part);
      f.get(part.from).i32(most).op("add").tee(part.from).get(end).op("below");
    });
  }

  #range = (): Range => ({ from: this.f.local(INT), count: this.f.local(INT) });

  /** Multiplies panels with tiles of rows, one block of the summed loops after the other. */
  #block(panels: Range, tiles: Range): void {
    const { f, plan } = this;
    f.i32(0).set(this.done);
    const nest = (depth: number): void => {
      if (depth < plan.blocks.length) return emitLoop(f, this.counters[depth], () => nest(depth + 1));
      if (this.columns.copied) this.ev.scope(() => this.columns.pack(panels));
      if (plan.blocks.length > 0) f.get(this.sumsAt).set(this.sums);
      const multiply = (own: Range): void =>
        this.rows.each(own, (rows) => this.columns.each(panels, (columns) => this.#tile(rows, columns)));
      if (!this.rows.copied) multiply(tiles);
      else
        this.#inParts(tiles, plan.group, (group) => {
          this.ev.scope(() => this.rows.pack(group));
          multiply(group);
        });
      f.get(this.done).i32(1).op("add").set(this.done);
    };
    nest(0);
  }

  #tile(rows: number, columns: number): void {
    const { f, plan, code } = this;
    const width = Math.ceil(columns / f.lanes);
    const sums = code.zeros(rows * width);
    this.rows.point();
    this.columns.point();
    const stride = this.rows.copied ? 4 : this.rows.step(plan.rowLoop);
    const last = depthOf(plan.blocks) - 1;
    const product = (row: number, column: number) => code.outerProduct(sums, columns, stride, [row, column]);
    const finish = () => this.ev.scope(() => this.end.outer(sums, columns, width));
    const block = last === 0 ? undefined : { address: this.sums, number: this.done, last, finish };
    const { loops, chains } = this.#walk(rows, columns);
    code.sumOver(sums, loops, false, product, block, chains);
    if (block === undefined) return finish();
    f.advance(this.sums, sumBytes(plan, f.lanes) * sums.length);
  }

  /** How the pointers move through a panel of columns and the rows multiplied with it, copied or in place. */
  #walk(rows: number, columns: number): { loops: Walk[]; chains: Chains } {
    const { inner } = this.plan;
    const { sizes, chains } =
      this.rows.copied && this.columns.copied
        ? mergedAround(inner)
        : { sizes: inner.map(({ size }) => size), chains: chainsOf(inner, false) };
    const loops = sizes.map((size, i) => {
      const steps = sizeOf(sizes.slice(i + 1));
      const step = (side: Side, count: number) => (side.copied ? side.stride(count) * steps : side.step(inner[i]));
      return { size, row: step(this.rows, rows), column: step(this.columns, columns) };
    });
    return { loops, chains };
  }
}
