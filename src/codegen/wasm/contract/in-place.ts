import type { ContractKernel } from "../../../compile/kernel.js";
import type { FunctionBuilder } from "../assembler.js";
import type { Evaluator } from "../evaluate.js";
import { type Loop as Counter, emitShared } from "../loops.js";
import type { Loop, TilePlan } from "./plan.js";
import { TileCode, type Walk } from "./tile.js";

/** One tile size along one loop: how many steps, starting where. */
interface Extent {
  readonly loop: Loop | undefined;
  readonly tile: number;
}

/** A contraction whose tiles read both operands where they are. */
export class InPlace {
  readonly code: TileCode;

  constructor(
    readonly f: FunctionBuilder,
    readonly ev: Evaluator,
    readonly kernel: ContractKernel,
    readonly plan: TilePlan,
    fused: boolean,
  ) {
    this.code = new TileCode(f, ev, kernel, plan, fused);
  }

  emit(shared: boolean): void {
    const { plan } = this;
    const rows: Extent = { loop: plan.rowLoop, tile: plan.rows };
    const columns: Extent = { loop: plan.columnLoop, tile: plan.columns };
    const counters = plan.others.map((l): Counter => ({ variable: this.#variable(l), count: l.size, step: 1 }));
    // The operand that is larger over the tile loops goes outside, so that memory streams it only once.
    const size = (e: Extent) => e.loop?.size ?? 1;
    const tiles = size(rows) > size(columns) ? [rows, columns] : [columns, rows];
    const loops = [...counters, ...tiles.flatMap((t) => this.#counter(t))];
    emitShared(
      this.f,
      loops,
      shared ? loops.length : 0,
      () => {},
      () => this.ev.scope(() => this.#split(rows, (r) => this.#split(columns, (c) => this.#tile(r, c)))),
    );
  }

  #variable = (l: Loop): number => this.ev.variables[l.axis];

  #counter({ loop, tile }: Extent): Counter[] {
    if (loop === undefined) return [];
    return [{ variable: this.#variable(loop), count: Math.ceil(loop.size / tile), step: tile }];
  }

  #split({ loop, tile }: Extent, body: (count: number) => void): void {
    emitSplit(this.f, this.ev, loop, tile, body);
  }

  /** One tile: sums all products of `rows` by `columns`, then runs the epilogue on them. */
  #tile(rows: number, columns: number): void {
    const { plan, code, kernel } = this;
    const [rowSide, columnSide] = plan.swapped ? [kernel.b, kernel.a] : [kernel.a, kernel.b];
    const outer = plan.form === "outer";
    const width = outer ? Math.ceil(columns / 4) : columns;
    const sums = code.zeros(rows * width);
    code.pointTo(rowSide, code.rowPointer);
    code.pointTo(columnSide, code.columnPointer);
    const strides = { row: this.#step(plan.rowLoop).row, column: this.#step(plan.columnLoop).column };
    const walk = (outer ? plan.summed : [...plan.summed, plan.lanes]).map(
      (l): Walk => ({ size: l.size, ...this.#step(l) }),
    );
    code.sumOver(walk, !outer, (row, column, narrow) => {
      if (outer) code.outerProduct(sums, width, strides.row, row, column);
      else code.dotProduct(sums, columns, strides, [row, column, narrow]);
    });
    if (!outer) code.finishDot(sums, columns);
    else if (plan.transposed) code.finishTransposed(sums, columns, width);
    else code.finishOuter(sums, columns, width);
  }

  /** Bytes that a step of a loop moves each side. */
  #step(l: Loop | undefined): { row: number; column: number } {
    const [row, column] = l === undefined ? [0, 0] : this.plan.swapped ? [l.b, l.a] : [l.a, l.b];
    return { row: row * 4, column: column * 4 };
  }
}

/** Whole tiles, and the smaller one at the end of the loop. */
export function emitSplit(
  f: FunctionBuilder,
  ev: Evaluator,
  loop: Loop | undefined,
  tile: number,
  body: (count: number) => void,
): void {
  const size = loop?.size ?? 1;
  const rest = size % tile;
  if (loop === undefined || rest === 0) return body(Math.min(tile, size));
  if (size < tile) return body(rest);
  f.get(ev.variables[loop.axis])
    .i32(size - rest)
    .op("i32.lt_u");
  f.if(
    () => ev.scope(() => body(tile)),
    () => ev.scope(() => body(rest)),
  );
}
