// Code for contractions whose operands are read where they are.
import type { ContractKernel } from "../../compile/kernel.js";
import type { Bounds } from "../../compile/padding.js";
import type { Registers } from "../../plan/registers.js";
import { DOT_LANES, type Loop, type TilePlan } from "../../plan/tile.js";
import type { Tiling } from "../../plan/tiling.js";
import { type Emitter, INT } from "../emitter.js";
import type { Evaluator, Place } from "../evaluate.js";
import { type Loop as Counter, emitShared } from "../loops.js";
import { Finish } from "./finish.js";
import { Reads } from "./reads.js";
import { TileCode, type Walk } from "./tile.js";

/** A loop that is cut into tiles, if there is one. */
interface Extent {
  readonly loop: Loop | undefined;
  readonly tiles: Tiling;
}

/** At the loops' variables as they are. */
const HERE: Place = { vectorAxis: -1, width: 1 };

/** A contraction whose tiles read both operands where they are. */
export class InPlace {
  readonly code: TileCode;
  readonly end: Finish;

  constructor(
    readonly f: Emitter,
    readonly ev: Evaluator,
    readonly kernel: ContractKernel,
    readonly plan: TilePlan,
    registers: Registers,
  ) {
    const [a, b] = [kernel.a, kernel.b].map(({ buffer }) => new Reads(f, buffer.dtype));
    this.code = plan.swapped ? new TileCode(f, ev, registers, b, a) : new TileCode(f, ev, registers, a, b);
    this.end = new Finish(f, ev, kernel, plan);
  }

  emit(shared: boolean): void {
    const { plan } = this;
    const rows: Extent = { loop: plan.rowLoop, tiles: plan.rows };
    const columns: Extent = { loop: plan.columnLoop, tiles: plan.columns };
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

  #counter({ loop, tiles }: Extent): Counter[] {
    if (loop === undefined) return [];
    return [{ variable: this.#variable(loop), count: tiles.count, step: tiles.size }];
  }

  #split({ loop, tiles }: Extent, body: (count: number) => void): void {
    emitSplit(this.f, this.ev, loop, tiles, body);
  }

  /** One tile: sums all products of `rows` (each beside others, if the plan says so) by `columns`, then runs the epilogue on them. */
  #tile(rows: number, columns: number): void {
    const { plan, code, kernel } = this;
    const { parts } = plan;
    const [rowSide, columnSide] = plan.swapped ? [kernel.b, kernel.a] : [kernel.a, kernel.b];
    const outer = plan.form === "outer";
    const width = Math.ceil(columns / (outer ? this.f.lanes : this.f.lanes / DOT_LANES));
    const times = plan.beside?.size ?? 1;
    const sums = code.zeros(rows * times * width);
    const [own, beside] = [plan.rowLoop, plan.beside].map((l) => this.#step(l).row);
    const row = (n: number): number => Math.floor(n / times) * own + (n % times) * beside;
    const places = { row, column: this.#step(plan.columnLoop).column };
    code.pointTo(rowSide, code.rowPointer);
    code.pointTo(columnSide, code.columnPointer);
    const whole = plan.summed.filter((l) => !parts.includes(l));
    const walk = [
      ...parts.map((l): Walk => ({ ...this.#walk(l), part: this.#part(l, l.bounds as Bounds) })),
      ...(outer ? whole : [...whole, plan.lanes]).map((l) => this.#walk(l)),
    ];
    code.sumOver(sums, walk, !outer, (row, column, narrow) => {
      if (outer) code.outerProduct(sums, columns, own, [row, column], plan.laneStep);
      else code.dotProduct(sums, columns, places, [row, column, narrow]);
    });
    if (!outer) this.end.dot(sums, columns);
    else this.end.outer(sums, columns, width);
  }

  #walk = (l: Loop): Walk => ({ ...l, ...this.#step(l) });

  /** Locals with the first step within the bounds, and with the one after the last. */
  #part(loop: Loop, { rest, sign, step, size }: Bounds): { from: number; to: number } {
    const { f } = this;
    const at = this.ev.scalar(rest, HERE);
    // Forwards, steps reach 0 … size - 1 upwards from `at`, backwards downwards; numbers below 0 become 0 before the
    // division.
    const steps = (add: number): Emitter => {
      f.op("sub").i32(0).choose("ge");
      if (add !== 0) f.i32(add).op("add");
      return step === 1 ? f : f.i32(step).op("div");
    };
    const forwards = (end: number) => {
      f.i32(end).get(at);
      return steps(step - 1);
    };
    const backwards = (end: number) => {
      f.get(at).i32(end - step);
      return steps(0);
    };
    const from = (sign === 1 ? forwards(0) : backwards(size)).keep(INT);
    const to = (sign === 1 ? forwards(size) : backwards(0)).i32(loop.size).choose("lt").keep(INT);
    return { from, to };
  }

  /** Bytes that a step of a loop moves each side. */
  #step(l: Loop | undefined): { row: number; column: number } {
    const [row, column] = l === undefined ? [0, 0] : this.plan.swapped ? [l.b, l.a] : [l.a, l.b];
    return { row: row * this.code.rowReads.bytes, column: column * this.code.columnReads.bytes };
  }
}

/** Runs the body for the tile at hand: one of the loop's usual size, or the last. */
export function emitSplit(
  f: Emitter,
  ev: Evaluator,
  loop: Loop | undefined,
  { size, count, last }: Tiling,
  body: (count: number) => void,
): void {
  if (loop === undefined || count === 1 || last === size) return body(last);
  f.get(ev.variables[loop.axis])
    .i32(size * (count - 1))
    .op("below");
  f.if(
    () => ev.scope(() => body(size)),
    () => ev.scope(() => body(last)),
  );
}
