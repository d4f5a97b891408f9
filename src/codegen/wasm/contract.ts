import { buffersRead, buffersWritten, type ContractKernel, type Operand } from "../../compile/kernel.js";
import { FunctionBuilder, I32, V128 } from "./assembler.js";
import { Evaluator, type Place, type Width } from "./evaluate.js";
import { type Loop as Counter, emitLoop, emitShared } from "./loops.js";
import type { PlaceOf } from "./nest.js";
import { emitPack, worthPacking } from "./pack.js";
import { type Loop, planTile, type TilePlan } from "./tile.js";

/** How much code one tile may take. */
interface Budget {
  /** Sums kept in registers; the machine has 16, and the operands need some. */
  readonly accumulators: number;
  /** So many steps of the summed loops are written out without a loop. */
  readonly unroll: number;
}

/**
 * Without fused multiply-add each product needs a register, and the engine is likely an old one, whose scheduler moves
 * loads up through long code until registers spill.
 */
const BUDGET: { fused: Budget; separate: Budget } = {
  fused: { accumulators: 10, unroll: 4 },
  separate: { accumulators: 8, unroll: 1 },
};
/** Contractions with fewer products than this run on one thread. */
const WORTH_SHARING = 16384;

/** Code of a contraction kernel; undefined where no loop is contiguous in a way that vectors could use. */
export function emitContraction(
  kernel: ContractKernel,
  placeOf: PlaceOf,
  fused: boolean,
): { f: FunctionBuilder; shared: boolean } | undefined {
  const budget = fused ? BUDGET.fused : BUDGET.separate;
  const plan = planTile(kernel, budget.accumulators);
  return plan === undefined ? undefined : new ContractionEmitter(kernel, plan, placeOf, fused).emit();
}

/** One tile size along one loop: how many steps, starting where. */
interface Extent {
  readonly loop: Loop | undefined;
  readonly tile: number;
}

class ContractionEmitter {
  readonly f = new FunctionBuilder(3);
  readonly ev: Evaluator;
  readonly variables: number[];
  /** Addresses of the tile's first elements, moved along by the summed loops. */
  readonly rowPointer: number;
  readonly columnPointer: number;
  readonly rowSide: Operand;
  readonly columnSide: Operand;
  readonly packed: boolean;

  constructor(
    readonly kernel: ContractKernel,
    readonly plan: TilePlan,
    placeOf: PlaceOf,
    readonly fused: boolean,
  ) {
    const used = [...plan.others, plan.rowLoop, plan.columnLoop].filter((l) => l !== undefined);
    this.variables = kernel.sizes.map(() => -1);
    for (const l of used) this.variables[l.axis] = this.f.local(I32);
    this.ev = new Evaluator(this.f, this.variables, placeOf);
    this.ev.loadBases([...buffersRead(kernel), ...buffersWritten(kernel)]);
    this.rowPointer = this.f.local(I32);
    this.columnPointer = this.f.local(I32);
    this.rowSide = plan.swapped ? kernel.b : kernel.a;
    this.columnSide = plan.swapped ? kernel.a : kernel.b;
    this.packed = worthPacking(plan, this.#columnStep);
  }

  #rowStep = (l: Loop): number => (this.plan.swapped ? l.b : l.a) * 4;
  #columnStep = (l: Loop): number => (this.plan.swapped ? l.a : l.b) * 4;
  /** The packed copy that tiles read at the moment, if they do. */
  #panel: { pointer: number; width: number } | undefined;

  emit(): { f: FunctionBuilder; shared: boolean } {
    const { plan, kernel } = this;
    // A single sum has no loop for threads to divide.
    const divisible = plan.others.length > 0 || plan.rowLoop !== undefined || plan.columnLoop !== undefined;
    const shared = divisible && kernel.sizes.reduce((n, s) => n * s, 1) >= WORTH_SHARING;
    const rows: Extent = { loop: plan.rowLoop, tile: plan.rows };
    const columns: Extent = { loop: plan.columnLoop, tile: plan.columns };
    const counters = plan.others.map((l): Counter => ({ variable: this.variables[l.axis], count: l.size, step: 1 }));
    const divide = (loops: Counter[], body: () => void): void =>
      emitShared(
        this.f,
        loops,
        shared ? loops.length : 0,
        () => {},
        () => this.ev.scope(body),
      );
    if (this.packed) {
      divide([...counters, ...this.#counter(columns)], () => this.#column(rows, columns));
    } else {
      // The operand that is larger over the tile loops goes outside, so that memory streams it only once.
      const size = (e: Extent) => e.loop?.size ?? 1;
      const tiles = size(rows) > size(columns) ? [rows, columns] : [columns, rows];
      divide([...counters, ...tiles.flatMap((t) => this.#counter(t))], () =>
        this.#split(rows, (r) => this.#split(columns, (c) => this.#tile(r, c))),
      );
    }
    return { f: this.f, shared };
  }

  #counter({ loop, tile }: Extent): Counter[] {
    if (loop === undefined) return [];
    return [{ variable: this.variables[loop.axis], count: Math.ceil(loop.size / tile), step: tile }];
  }

  /** All tiles of one column, over a packed copy of the column's operand. */
  #column(rows: Extent, columns: Extent): void {
    const { f, plan } = this;
    this.#split(columns, (c) => {
      const width = Math.ceil(c / 4);
      this.#pointTo(this.columnSide, this.columnPointer);
      const panel = emitPack(f, plan, this.columnPointer, this.#columnStep, width);
      this.#panel = { pointer: panel, width };
      const [counter] = this.#counter(rows);
      emitLoop(f, counter, () => this.ev.scope(() => this.#split(rows, (r) => this.#tile(r, c))));
      this.#panel = undefined;
    });
  }

  /** Whole tiles, and the smaller one at the end of the loop. */
  #split({ loop, tile }: Extent, body: (count: number) => void): void {
    const size = loop?.size ?? 1;
    const rest = size % tile;
    if (loop === undefined || rest === 0) return body(Math.min(tile, size));
    if (size < tile) return body(rest);
    this.f
      .get(this.variables[loop.axis])
      .i32(size - rest)
      .op("i32.lt_u");
    this.f.if(
      () => this.ev.scope(() => body(tile)),
      () => this.ev.scope(() => body(rest)),
    );
  }

  /** One tile: sums all products of `rows` by `columns`, then runs the epilogue on them. */
  #tile(rows: number, columns: number): void {
    const { f, plan } = this;
    const outer = plan.form === "outer";
    const width = outer ? Math.ceil(columns / 4) : columns;
    const sums = Array.from({ length: rows * width }, () => f.local(V128));
    for (const s of sums) f.get(f.constant(0)).set(s);
    this.#pointTo(this.rowSide, this.rowPointer);
    if (this.#panel === undefined) this.#pointTo(this.columnSide, this.columnPointer);
    else f.get(this.#panel.pointer).set(this.columnPointer);
    const loops = outer ? plan.summed : [...plan.summed, plan.lanes];
    this.#sumOver(loops, 0, 0, (row, column) => {
      if (outer) this.#outerProduct(sums, rows, width, row, column);
      else this.#dotProduct(sums, rows, width, row, column);
    });
    if (outer && plan.transposed) this.#finishTransposed(sums, rows, columns, width);
    else if (outer) this.#finishOuter(sums, rows, columns, width);
    else this.#finishDot(sums, rows, columns);
  }

  /** Address of an operand's element at the current tile and the start of the summed loops. */
  #pointTo({ buffer, index }: Operand, pointer: number): void {
    const { f } = this;
    f.get(this.ev.base(buffer));
    if (index.offset !== 0) f.i32(index.offset * 4).op("i32.add");
    index.coef.forEach((c, axis) => {
      if (c === 0 || this.variables[axis] < 0) return;
      f.get(this.variables[axis])
        .i32(c * 4)
        .op("i32.mul")
        .op("i32.add");
    });
    f.set(pointer);
  }

  /**
   * Runs `step` for every index of the summed loops, with the byte offsets at which it finds the operands. Short inner
   * loops are written out; around them the pointers move.
   */
  #sumOver(loops: readonly Loop[], row: number, column: number, step: (row: number, column: number) => void): void {
    const { f, plan } = this;
    if (loops.length === 0) return step(row, column);
    const [loop, ...rest] = loops;
    const lanes = plan.form === "dot" && rest.length === 0;
    const count = lanes ? Math.floor(loop.size / 4) : loop.size;
    const stride = lanes ? 4 : 1;
    const rowStep = this.#rowStep(loop) * stride;
    const cost = rest.reduce((n, l) => n * l.size, 1);
    const columnStep = this.#panel === undefined ? this.#columnStep(loop) * stride : cost * this.#panel.width * 16;
    const tail = (): void => {
      for (let i = count * 4; lanes && i < loop.size; i++) this.#narrow(() => step(row + i * 4, column + i * 4));
    };
    const { unroll } = this.fused ? BUDGET.fused : BUDGET.separate;
    if (count * cost <= unroll) {
      for (let i = 0; i < count; i++) this.#sumOver(rest, row + i * rowStep, column + i * columnStep, step);
      return tail();
    }
    const factor = cost > unroll ? 1 : ([4, 3, 2].find((n) => count % n === 0 && n * cost <= unroll) ?? 1);
    const counter = f.local(I32);
    emitLoop(f, { variable: counter, count: count / factor, step: 1 }, () => {
      for (let i = 0; i < factor; i++) this.#sumOver(rest, row + i * rowStep, column + i * columnStep, step);
      this.#move(this.rowPointer, rowStep * factor);
      this.#move(this.columnPointer, columnStep * factor);
    });
    // Back to where the loop began; past the whole lanes first comes the tail.
    this.#move(this.rowPointer, -rowStep * count);
    this.#move(this.columnPointer, -columnStep * count);
    tail();
  }

  #move(pointer: number, bytes: number): void {
    if (bytes !== 0) this.f.get(pointer).i32(bytes).op("i32.add").set(pointer);
  }

  #isNarrow = false;
  /** The elements that do not fill a vector: loaded alone, with zeros in the other lanes. */
  #narrow(step: () => void): void {
    this.#isNarrow = true;
    step();
    this.#isNarrow = false;
  }

  #outerProduct(sums: readonly number[], rows: number, width: number, row: number, column: number): void {
    const { plan } = this;
    const rowStride = plan.rowLoop === undefined ? 0 : this.#rowStep(plan.rowLoop);
    const vectors = Array.from({ length: width }, (_, j) =>
      this.#read(this.columnPointer, column + 16 * j, "v128.load"),
    );
    for (let i = 0; i < rows; i++) {
      const spread = this.#read(this.rowPointer, row + i * rowStride, "v128.load32_splat");
      for (let j = 0; j < width; j++) this.#addProduct(sums[i * width + j], spread, vectors[j]);
    }
  }

  #dotProduct(sums: readonly number[], rows: number, columns: number, row: number, column: number): void {
    const { plan } = this;
    const load = this.#isNarrow ? "v128.load32_zero" : "v128.load";
    const rowStride = plan.rowLoop === undefined ? 0 : this.#rowStep(plan.rowLoop);
    const columnStride = plan.columnLoop === undefined ? 0 : this.#columnStep(plan.columnLoop);
    const left = Array.from({ length: rows }, (_, i) => this.#read(this.rowPointer, row + i * rowStride, load));
    for (let j = 0; j < columns; j++) {
      const right = this.#read(this.columnPointer, column + j * columnStride, load);
      for (let i = 0; i < rows; i++) this.#addProduct(sums[i * columns + j], left[i], right);
    }
  }

  #read(pointer: number, offset: number, load: "v128.load" | "v128.load32_splat" | "v128.load32_zero"): number {
    const { f } = this;
    f.get(pointer);
    if (offset < 0) f.i32(offset).op("i32.add");
    return f.memory(load, Math.max(0, offset)).keep(V128);
  }

  /** sum += a * b, in one rounding where the machine has such an instruction and the mode allows it. */
  #addProduct(sum: number, a: number, b: number): void {
    const { f } = this;
    if (this.fused) f.get(a).get(b).get(sum).simd("f32x4.relaxed_madd").set(sum);
    else f.get(sum).get(a).get(b).simd("f32x4.mul").simd("f32x4.add").set(sum);
  }

  /** Shifts of the tile's rows and columns against the loop variables. */
  #shift(row: number, column: number): number[] {
    const { plan, kernel } = this;
    const shift = kernel.sizes.map(() => 0);
    if (plan.rowLoop !== undefined) shift[plan.rowLoop.axis] = row;
    if (plan.columnLoop !== undefined) shift[plan.columnLoop.axis] = column;
    return shift;
  }

  #store(sum: number, place: Place): void {
    const { ev, kernel } = this;
    ev.setCore(sum, place);
    for (const s of kernel.stores) ev.store(s, ev.value(s.value, place), place);
  }

  #finishOuter(sums: readonly number[], rows: number, columns: number, width: number): void {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < width; j++) {
        const lanes = Math.min(4, columns - 4 * j) as Width;
        const place: Place = { vectorAxis: this.plan.lanes.axis, width: lanes, shift: this.#shift(i, 4 * j) };
        this.#store(sums[i * width + j], place);
      }
    }
  }

  /** Stores along the rows: each block of four rows by four lanes is transposed first. */
  #finishTransposed(sums: readonly number[], rows: number, columns: number, width: number): void {
    const { f, plan } = this;
    const axis = (plan.rowLoop as Loop).axis;
    for (let j = 0; j < width; j++) {
      const block = Array.from({ length: 4 }, (_, i) => (i < rows ? sums[i * width + j] : f.constant(0)));
      this.#transpose(block).forEach((column, lane) => {
        if (4 * j + lane >= columns) return;
        this.#store(column, { vectorAxis: axis, width: rows as Width, shift: this.#shift(0, 4 * j + lane) });
      });
    }
  }

  /** Four vectors with rows and lanes exchanged. */
  #transpose([a, b, c, d]: readonly number[]): number[] {
    const { f } = this;
    const mix = (x: number, y: number, lanes: readonly number[]) => f.get(x).get(y).shuffle(lanes).keep(V128);
    const [ab, abHigh] = [mix(a, b, [0, 4, 1, 5]), mix(a, b, [2, 6, 3, 7])];
    const [cd, cdHigh] = [mix(c, d, [0, 4, 1, 5]), mix(c, d, [2, 6, 3, 7])];
    const [low, high] = [
      [0, 1, 4, 5],
      [2, 3, 6, 7],
    ];
    return [mix(ab, cd, low), mix(ab, cd, high), mix(abHigh, cdHigh, low), mix(abHigh, cdHigh, high)];
  }

  #finishDot(sums: readonly number[], rows: number, columns: number): void {
    const { f, plan } = this;
    const axis = plan.columnLoop?.c === 1 ? plan.columnLoop.axis : -1;
    for (let i = 0; i < rows; i++) {
      const row = sums.slice(i * columns, (i + 1) * columns);
      let j = 0;
      for (; axis >= 0 && j + 4 <= columns; j += 4) {
        this.#store(this.#addLanes(row.slice(j, j + 4)), { vectorAxis: axis, width: 4, shift: this.#shift(i, j) });
      }
      for (; j < columns; j++) {
        const half = f.get(row[j]).get(row[j]).get(row[j]).shuffle([2, 3, 0, 1]).simd("f32x4.add").keep(V128);
        const sum = f.get(half).get(half).get(half).shuffle([1, 0, 3, 2]).simd("f32x4.add").keep(V128);
        this.#store(sum, { vectorAxis: axis, width: 1, shift: this.#shift(i, j) });
      }
    }
  }

  /** The four vectors' sums of lanes, in the four lanes of one: (0 + 2) + (1 + 3) of each. */
  #addLanes([a, b, c, d]: readonly number[]): number {
    const { f } = this;
    const pair = (x: number, y: number): number => {
      f.get(x).get(y).shuffle([0, 1, 4, 5]);
      f.get(x).get(y).shuffle([2, 3, 6, 7]);
      return f.simd("f32x4.add").keep(V128);
    };
    const [ab, cd] = [pair(a, b), pair(c, d)];
    f.get(ab).get(cd).shuffle([0, 2, 4, 6]);
    f.get(ab).get(cd).shuffle([1, 3, 5, 7]);
    return f.simd("f32x4.add").keep(V128);
  }
}
