// Contractions as tiled matrix products over any views: a workgroup copies tiles of both operands to its memory, and
// each thread keeps a few sums in registers. The epilogue is computed once for each result, as elsewhere.
import { isPacked } from "../../base/dtype.js";
import type { ContractKernel } from "../../compile/kernel.js";
import type { Axis } from "../../plan/axes.js";
import { pointsOf, setDigits } from "./axes.js";
import type { Binding, Bindings } from "./binding.js";
import { type Body, THREADS } from "./body.js";
import { depthOf, perThread, type TileCost, type WgslTarget } from "./card.js";
import { Evaluator } from "./evaluate.js";
import { Loader, readsFours } from "./load.js";
import { extentOf, type Product, productOf } from "./product.js";
import { type LongSum, longSum } from "./sums.js";
import type { Writer } from "./text.js";
import { tileFor } from "./tiles.js";

export function contractBody(kernel: ContractKernel, target: WgslTarget): Body | undefined {
  const product = productOf(kernel);
  const extent = extentOf(product);
  const tile = tileFor(extent, target);
  if (tile === undefined) return undefined;
  const f16 = target.f16 === true && [kernel.a, kernel.b].some(({ buffer }) => buffer.dtype === "f16");
  const tiled = new Tiled(kernel, product, tile, f16 ? "f16" : "f32");
  return {
    groups: tiled.groups,
    steps: extent.inner,
    lanes: 0,
    tile: tiled.words,
    halves: tiled.halves,
    fours: tiled.fours,
    print: (w, bindings) => tiled.print(w, bindings),
  };
}

/** So many terms are added up in f16, where they are multiplied in it; such sums are added up in f32. */
const HALVES = 16;

class Tiled {
  readonly #left: Loader;
  readonly #right: Loader;
  readonly #depth: number;
  readonly #down: number;
  readonly #across: number;
  /** Results are the sums themselves, four neighbors at a time. */
  readonly #direct: boolean;
  readonly #directFours: boolean;

  constructor(
    readonly kernel: ContractKernel,
    readonly product: Product,
    readonly tile: TileCost,
    /** Type in which terms are multiplied. */
    readonly type: "f32" | "f16",
  ) {
    const { left, right, rows, columns, inner, batch } = product;
    this.#depth = depthOf(tile, pointsOf(inner));
    ({ down: this.#down, across: this.#across } = perThread(tile));
    const depth = this.#depth;
    const both = { inner, batch, depth, type };
    this.#left = new Loader({ ...both, operand: left, axes: rows, width: tile.rows }, THREADS, "l", 0);
    this.#right = new Loader(
      { ...both, operand: right, axes: columns, width: tile.columns },
      THREADS,
      "r",
      this.#left.words,
    );
    const [store] = kernel.stores;
    this.#direct = kernel.stores.length === 1 && store.value.kind === "core" && store.guards.length === 0;
    this.#directFours = this.#direct && readsFours(store.index, columns.at(-1), [...rows, ...columns, ...batch]);
  }

  get #rowTiles(): number {
    return Math.ceil(pointsOf(this.product.rows) / this.tile.rows);
  }
  get #columnTiles(): number {
    return Math.ceil(pointsOf(this.product.columns) / this.tile.columns);
  }
  get groups(): number {
    return this.#rowTiles * this.#columnTiles * pointsOf(this.product.batch);
  }
  /** Rows that the threads hold in one place of their registers. */
  get #together(): number {
    return this.tile.rows / this.#down;
  }
  get words(): number {
    const staged = this.#direct ? 0 : (this.#together * this.tile.columns) / 4;
    return Math.max(this.type === "f32" ? this.#left.words + this.#right.words : 0, staged);
  }
  get halves(): number {
    return this.type === "f16" ? this.#left.words + this.#right.words : 0;
  }
  get fours() {
    const read = [this.#left, this.#right].filter((l) => l.fours).map((l) => l.side.operand.buffer);
    // Four halves are two words.
    const buffers = read.filter((b) => !isPacked(b.dtype));
    return this.#directFours ? [...buffers, this.kernel.stores[0].buffer] : buffers;
  }

  print(w: Writer, bindings: Bindings): void {
    const { tile } = this;
    const each = this.#rowTiles * this.#columnTiles;
    w.line(`let z = group / ${each};`);
    w.line(`let t = group % ${each};`);
    w.line(`let row = (t / ${this.#columnTiles}) * ${tile.rows};`);
    w.line(`let column = (t % ${this.#columnTiles}) * ${tile.columns};`);
    w.line(`let x = lane % ${tile.columns / this.#across};`);
    w.line(`let y = lane / ${tile.columns / this.#across};`);
    this.#left.begin(w, "row", "z");
    this.#right.begin(w, "column", "z");
    for (const n of this.#sums) w.line(`var s${n} = vec4<f32>();`);
    const long = longSum(w, pointsOf(this.product.inner), this.#depth, this.#down, this.#across / 4);
    this.#sum(w, bindings, long);
    long.end();
    if (this.#direct) this.#storeDirectly(w, bindings);
    else this.#storeStaged(w, bindings);
  }

  /** Loads tile after tile, each while the threads work on the one before. */
  #sum(w: Writer, bindings: Bindings, long: LongSum): void {
    const total = pointsOf(this.product.inner);
    const depth = this.#depth;
    const loaders = [this.#left, this.#right];
    const fetch = (k0: string): void => {
      for (const l of loaders) l.fetch(w, k0, bindings.get(l.side.operand.buffer) as Binding);
    };
    fetch("0");
    const work = (): void => {
      for (const l of loaders) l.put(w);
      w.line("workgroupBarrier();");
    };
    const steps = (): void => {
      if (this.type === "f32") return w.loop("k", "0", String(depth), "1", () => this.#products(w, "s"));
      const chain = Math.min(depth, HALVES);
      w.loop("first", "0", String(depth), String(chain), () => {
        for (const n of this.#sums) w.line(`var h${n} = vec4<f16>();`);
        w.loop("k", "first", `first + ${chain}`, "1", () => this.#products(w, "h"));
        for (const n of this.#sums) w.line(`s${n} += vec4<f32>(h${n});`);
      });
    };
    if (total <= depth) {
      work();
      return steps();
    }
    w.loop("k0", String(0), String(total), String(depth), () => {
      work();
      w.block(`if (k0 + ${depth} < ${total})`, () => {
        w.line(`let next = k0 + ${depth};`);
        fetch("next");
      });
      steps();
      long.tile();
      w.line("workgroupBarrier();");
    });
  }

  /** Names of a thread's sums, four in each: rows and columns. */
  get #sums(): string[] {
    const columns = Array.from({ length: this.#across / 4 }, (_, j) => j);
    return Array.from({ length: this.#down }, (_, i) => columns.map((j) => `${i}_${j}`)).flat();
  }

  /** One step of the sum: this thread's rows times its columns, added to sums whose names begin so. */
  #products(w: Writer, sums: "s" | "h"): void {
    const { tile } = this;
    const [left, right] = [this.#left, this.#right];
    const down = this.#down;
    const rows: string[] = [];
    if (down >= 4) {
      for (let q = 0; q < down / 4; q++) {
        w.line(`let a${q} = ${left.array}[k * ${left.pitch} + ${(q * tile.rows) / down} + y];`);
        for (let i = 0; i < 4; i++) rows.push(`a${q}.${"xyzw"[i]}`);
      }
    } else {
      w.line(`let a = ${left.array}[k * ${left.pitch} + ((y * ${down}) >> 2u)];`);
      for (let i = 0; i < down; i++) {
        w.line(`let a${i} = a[(y * ${down} + ${i}) & 3];`);
        rows.push(`a${i}`);
      }
    }
    for (let j = 0; j < this.#across / 4; j++) {
      w.line(
        `let b${j}_ = ${right.array}[${right.start} + k * ${right.pitch} + ${(j * tile.columns) / this.#across} + x];`,
      );
      rows.forEach((a, i) => void w.line(`${sums}${i}_${j} += ${a} * b${j}_;`));
    }
  }

  /** Place in the tile of row i of the thread whose place among the rows is `y`. */
  #rowOf(i: number, y: string): string {
    const down = this.#down;
    if (down < 4) return `${y} * ${down} + ${i}`;
    return `${Math.floor(i / 4) * (this.tile.rows / (down / 4)) + (i % 4)} + ${y} * 4`;
  }
  #columnOf(j: number): string {
    return `${j * (this.tile.columns / (this.#across / 4))} + x * 4`;
  }

  #evaluator(w: Writer, bindings: Bindings): Evaluator {
    return new Evaluator(
      w,
      bindings,
      this.kernel.sizes.map(() => undefined),
    );
  }

  #inside(axes: readonly Axis[], width: number, text: string): string | undefined {
    return pointsOf(axes) % width === 0 ? undefined : `${text} < ${pointsOf(axes)}`;
  }

  #storeDirectly(w: Writer, bindings: Bindings): void {
    const { rows, columns, batch } = this.product;
    const [store] = this.kernel.stores;
    const ev = this.#evaluator(w, bindings);
    const binding = ev.binding(store.buffer);
    setDigits(ev, batch, "z");
    const guard = (conditions: (string | undefined)[], body: () => void): void => {
      const held = conditions.filter((c) => c !== undefined);
      if (held.length === 0) ev.block("", body);
      else ev.block(`if (${held.join(" && ")})`, body);
    };
    for (let i = 0; i < this.#down; i++) {
      const m = w.keep("i32", `row + ${this.#rowOf(i, "y")}`).text;
      guard([this.#inside(rows, this.tile.rows, m)], () => {
        setDigits(ev, rows, m);
        for (let j = 0; j < this.#across / 4; j++) {
          for (let c = 0; c < (this.#directFours ? 1 : 4); c++) {
            const n = w.keep("i32", `column + ${this.#columnOf(j)} + ${c}`).text;
            guard([this.#inside(columns, this.tile.columns, n)], () => {
              setDigits(ev, columns, n);
              if (this.#directFours) {
                w.line(binding.assignFour(ev.index(store.index).text, `s${i}_${j}`));
              } else {
                ev.core = { text: `s${i}_${j}[${c}]`, type: "f32" };
                ev.store(store, ev.core);
              }
            });
          }
        }
      });
    }
  }

  /** By way of the workgroup's memory, so that neighboring threads have neighboring results. */
  #storeStaged(w: Writer, bindings: Bindings): void {
    const { rows, columns, batch } = this.product;
    const { tile } = this;
    const count = this.#together * tile.columns;
    const finish = w.define("row: i32, column: i32, z: i32, lane: i32, offset: i32", (inner) => {
      const ev = this.#evaluator(inner, bindings);
      setDigits(ev, batch, "z");
      ev.loop("e", "lane", String(count), String(THREADS), () => {
        const y = `(e / ${tile.columns})`;
        const m = inner.keep("i32", `row + offset + ${y} * ${Math.min(4, this.#down)}`).text;
        const n = inner.keep("i32", `column + e % ${tile.columns}`).text;
        const held = [this.#inside(rows, tile.rows, m), this.#inside(columns, tile.columns, n)].filter(
          (c) => c !== undefined,
        );
        ev.block(held.length === 0 ? "" : `if (${held.join(" && ")})`, () => {
          setDigits(ev, rows, m);
          setDigits(ev, columns, n);
          inner.line("let core = tile[e >> 2u][e & 3];");
          ev.core = { text: "core", type: "f32" };
          ev.stores(this.kernel.stores);
        });
      });
    });
    for (let i = 0; i < this.#down; i++) {
      // The sum's loop has ended with a barrier, unless it had but one step.
      if (i > 0 || pointsOf(this.product.inner) <= this.#depth) w.line("workgroupBarrier();");
      for (let j = 0; j < this.#across / 4; j++)
        w.line(`tile[y * ${tile.columns / 4} + ${(j * tile.columns) / this.#across} + x] = s${i}_${j};`);
      w.line("workgroupBarrier();");
      w.line(`${finish}(row, column, z, lane, ${this.#rowOf(i, "0")});`);
    }
  }
}
