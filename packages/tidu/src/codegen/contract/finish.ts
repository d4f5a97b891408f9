// The epilogue of a tile: what is computed from its sums, and where it is stored.
import {
  type Affine,
  type ContractKernel,
  expressionsOf,
  instructionsOf,
  isRead,
  storedBy,
} from "../../compile/kernel.js";
import { chainBytes } from "../../plan/scratch.js";
import { DOT_LANES, type Loop } from "../../plan/tile.js";
import { type Emitter, INT, VECTOR } from "../emitter.js";
import { Evaluator, type Place } from "../evaluate.js";
import { emitLoop } from "../loops.js";

/** Which loops of the result a tile's rows and columns are. */
interface Sides {
  readonly rowLoop?: Loop;
  readonly beside?: Loop;
  readonly columnLoop?: Loop;
}

/** With more instructions than this for all results of a tile, the code is a loop instead of written out. */
const MOST_WRITTEN = 320;

/** The code of an epilogue: written out for each sum if that is short, else a loop over the sums in memory. */
export class Finish {
  constructor(
    readonly f: Emitter,
    readonly ev: Evaluator,
    readonly kernel: ContractKernel,
    readonly sides: Sides,
  ) {}

  /**
   * Rough number of instructions for a vector of results along an axis. Elements that are not neighbors are moved one
   * by one.
   */
  #cost(axis: number): number {
    const { stores } = this.kernel;
    const lanes = ({ coef }: Affine): number => (axis < 0 || coef[axis] === 0 || coef[axis] === 1 ? 1 : this.f.lanes);
    const reads = expressionsOf(this.kernel).filter(isRead);
    const apart = [...reads, ...stores].map(({ index }) => index);
    return instructionsOf(stores.flatMap(storedBy)) + apart.reduce((n, index) => n + lanes(index), 0);
  }

  /** Sums of the outer form: rows of `width` vectors, of which the first `columns` lanes count. */
  outer(sums: readonly number[], columns: number, width: number): void {
    const { f } = this;
    const axis = (this.sides.columnLoop as Loop).axis;
    this.#rows(sums, width, axis, (ev, own, row) => {
      own.forEach((sum, j) => {
        const lanes = Math.min(f.lanes, columns - f.lanes * j);
        this.#store(ev, sum, { vectorAxis: axis, width: lanes, shift: this.#shift(row, f.lanes * j) });
      });
    });
  }

  /** Sums of the dot form, of which four lanes each are added up first. */
  dot(sums: readonly number[], columns: number): void {
    const { f } = this;
    const { columnLoop } = this.sides;
    const axis = columnLoop?.c === 1 ? columnLoop.axis : -1;
    const quads = f.lanes / DOT_LANES;
    const width = Math.ceil(columns / quads);
    const rows = sums.length / width;
    const groups = Math.ceil(columns / DOT_LANES);
    const part = (row: number, column: number): number =>
      f
        .get(sums[row * width + Math.floor(column / quads)])
        .quad(column % quads)
        .keep(VECTOR);
    const total = (row: number, first: number): number =>
      addLanes(
        f,
        [0, 1, 2, 3].map((lane) => part(row, Math.min(first + lane, columns - 1))),
      );
    f.withLanes(DOT_LANES, () => {
      const totals = Array.from({ length: rows * groups }, (_, k) =>
        total(Math.floor(k / groups), DOT_LANES * (k % groups)),
      );
      if (axis < 0 && columnLoop !== undefined && columns > 1) return this.#elements(totals, rows, columns, columnLoop);
      this.#rows(totals, groups, axis, (ev, own, row) => {
        own.forEach((sum, g) => {
          const column = DOT_LANES * g;
          const width = Math.min(DOT_LANES, columns - column);
          this.#store(ev, sum, { vectorAxis: axis, width, shift: this.#shift(row, column) });
        });
      });
    });
  }

  /** Runs `finish` with the `width` sums of each row. */
  #rows(
    sums: readonly number[],
    width: number,
    axis: number,
    finish: (ev: Evaluator, own: readonly number[], row: number) => void,
  ): void {
    const { f, ev } = this;
    const rows = sums.length / width;
    if (rows === 1 || sums.length * this.#cost(axis) <= MOST_WRITTEN) {
      for (let row = 0; row < rows; row++) finish(ev, sums.slice(row * width, (row + 1) * width), row);
      return;
    }
    const bytes = chainBytes(f.lanes);
    const at = this.#keep(sums);
    this.#eachRow(rows, (inner) => {
      finish(
        inner,
        Array.from({ length: width }, (_, j) =>
          f
            .get(at)
            .load(j * bytes)
            .keep(VECTOR),
        ),
        0,
      );
      f.advance(at, width * bytes);
    });
  }

  /** Stores totals, four to a vector, one by one: neighbors lie apart in the result. */
  #elements(totals: readonly number[], rows: number, columns: number, columnLoop: Loop): void {
    const { f } = this;
    const groups = totals.length / rows;
    if (rows * columns * this.#cost(-1) <= MOST_WRITTEN) {
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const [four, lane] = [totals[row * groups + Math.floor(column / DOT_LANES)], column % DOT_LANES];
          f.get(four).get(four).shuffle([lane, lane, lane, lane]);
          this.#store(this.ev, f.keep(VECTOR), { vectorAxis: -1, width: 1, shift: this.#shift(row, column) });
        }
      return;
    }
    const at = this.#keep(totals);
    this.#eachRow(rows, (inner) => {
      const element = f.get(at).keep(INT);
      this.#loop(inner, columnLoop, columns, (innermost) => {
        this.#store(innermost, f.get(element).loadSplat().keep(VECTOR), { vectorAxis: -1, width: 1 });
        f.advance(element, 4);
      });
      f.advance(at, chainBytes(DOT_LANES) * groups);
    });
  }

  /** Keeps sums in this thread's memory, where the chains were; returns a local with the address. */
  #keep(sums: readonly number[]): number {
    const { f } = this;
    const at = f.scratch().i32(f.space.chains).op("add").keep(INT);
    sums.forEach(
      (sum, i) =>
        void f
          .get(at)
          .get(sum)
          .store(chainBytes(f.lanes) * i),
    );
    return at;
  }

  /** Runs the body for each of the tile's rows. */
  #eachRow(rows: number, body: (inner: Evaluator) => void): void {
    const { rowLoop, beside } = this.sides;
    const times = beside?.size ?? 1;
    this.#loop(this.ev, rowLoop, rows / times, (inner) => this.#loop(inner, beside, times, body));
  }

  /** Runs the body for `count` steps of one of the result's loops, from its variable on, with an evaluator of their own. */
  #loop(ev: Evaluator, loop: Loop | undefined, count: number, body: (inner: Evaluator) => void): void {
    if (loop === undefined || count === 1) return body(ev);
    const { f } = this;
    const [step, variable] = [f.local(INT), f.local(INT)];
    const from = ev.variables[loop.axis];
    const inner = new Evaluator(f, ev.variables.with(loop.axis, variable), ev.bases);
    emitLoop(f, { variable: step, count, step: 1 }, () => {
      f.get(step);
      if (from >= 0) f.get(from).op("add");
      f.set(variable);
      inner.scope(() => body(inner));
    });
  }

  /** Shifts of the tile's rows and columns against the loop variables. */
  #shift(row: number, column: number): number[] {
    const { rowLoop, beside, columnLoop } = this.sides;
    const times = beside?.size ?? 1;
    const shift = this.kernel.sizes.map(() => 0);
    if (rowLoop !== undefined) shift[rowLoop.axis] = Math.floor(row / times);
    if (beside !== undefined) shift[beside.axis] = row % times;
    if (columnLoop !== undefined) shift[columnLoop.axis] = column;
    return shift;
  }

  /** Computes and stores the results of one vector of sums. */
  #store(ev: Evaluator, sum: number, place: Place): void {
    ev.setCore(sum, place);
    ev.storeAll(this.kernel.stores, place);
  }
}

/** The four vectors' sums of lanes, in the four lanes of one: (0 + 2) + (1 + 3) of each. */
function addLanes(f: Emitter, [a, b, c, d]: readonly number[]): number {
  const pair = (x: number, y: number): number => {
    f.get(x).get(y).shuffle([0, 1, 4, 5]);
    f.get(x).get(y).shuffle([2, 3, 6, 7]);
    return f.vector("add").keep(VECTOR);
  };
  const [ab, cd] = [pair(a, b), pair(c, d)];
  f.get(ab).get(cd).shuffle([0, 2, 4, 6]);
  f.get(ab).get(cd).shuffle([1, 3, 5, 7]);
  return f.vector("add").keep(VECTOR);
}
