// Contractions whose threads each keep a block of sums in registers and read operands from memory. Threads never wait
// for each other, so this form suits drivers that compute on the processor.
import type { ContractKernel, Operand } from "../../compile/kernel.js";
import type { Axis } from "../../plan/axes.js";
import { digits, pointsOf, setDigits } from "./axes.js";
import type { Bindings } from "./binding.js";
import { type Block, type BlockTarget, blockFor, threadsOf } from "./blocks.js";
import { type Body, THREADS } from "./body.js";
import { Evaluator } from "./evaluate.js";
import { numberAt } from "./load.js";
import { type Product, productOf } from "./product.js";
import { CHAIN, plus, total, typeOf, type Width } from "./sums.js";
import { linear, type Writer } from "./text.js";

export function blockedBody(kernel: ContractKernel, target: BlockTarget): Body {
  const product = productOf(kernel);
  const blocked = new Blocked(kernel, product, blockFor(product, target));
  return {
    groups: Math.ceil(blocked.threads / THREADS),
    steps: pointsOf(product.inner) * blocked.block.rows * blocked.block.columns,
    lanes: 0,
    print: (w, bindings) => blocked.print(w, bindings),
  };
}

class Blocked {
  constructor(
    readonly kernel: ContractKernel,
    readonly product: Product,
    readonly block: Block,
  ) {}

  /** A row's sums are the elements of a vector. */
  get #width(): Width {
    return this.block.columns;
  }
  get threads(): number {
    const { rows, columns, batch } = threadsOf(this.product, this.block);
    return rows * columns * batch;
  }

  print(w: Writer, bindings: Bindings): void {
    const { product, block } = this;
    w.line(`let at = group * ${THREADS} + lane;`);
    if (this.threads % THREADS !== 0) w.line(`if (at >= ${this.threads}) { return; }`);
    const along = this.#place(w);
    const [m, n] = [this.#places(w, "rows", along.rows), this.#places(w, "columns", along.columns)];
    const ev = this.#evaluator(w, bindings);
    setDigits(ev, product.batch, along.batch);
    const starts = ({ index }: Operand, axes: readonly Axis[], places: readonly string[]): string[] => {
      const terms = (on: readonly Axis[]) => on.map((a) => [index.coef[a.axis], String(ev.variables[a.axis])] as const);
      const base = w.keep("i32", linear(index.offset, terms(product.batch))).text;
      return places.map((place) => {
        setDigits(ev, axes, place);
        return w.keep("i32", `${base} + ${linear(0, terms(axes))}`).text;
      });
    };
    const left = starts(product.left, product.rows, m.inside);
    const right = starts(product.right, product.columns, n.inside);
    for (let i = 0; i < block.rows; i++) w.line(`var s${i} = ${typeOf(this.#width)}();`);
    this.#sum(ev, () => this.#step(ev, left, right));
    this.#store(w, bindings, m.all, n.all, along.batch);
  }

  #evaluator(w: Writer, bindings: Bindings): Evaluator {
    return new Evaluator(
      w,
      bindings,
      this.kernel.sizes.map(() => undefined),
    );
  }

  /** The thread's place along each kind of loop; neighbors have neighboring columns, as results do in memory. */
  #place(w: Writer): { rows: string; columns: string; batch: string } {
    const { rows, columns, batch } = threadsOf(this.product, this.block);
    const sizes = [batch, rows, columns].map((size, axis) => ({ axis, size }));
    const [z, y, x] = digits(w, sizes, "at");
    return { rows: y, columns: x, batch: z };
  }

  /** A thread's rows or columns, as far from each other as there are threads: all of them, and the same moved inside. */
  #places(w: Writer, kind: "rows" | "columns", first: string): { all: string[]; inside: string[] } {
    const apart = threadsOf(this.product, this.block)[kind];
    const size = pointsOf(this.product[kind]);
    const all = Array.from({ length: this.block[kind] }, (_, i) => w.keep("i32", `${first} + ${i * apart}`).text);
    const inside = all.map((place, i) =>
      (i + 1) * apart <= size ? place : w.keep("i32", `min(${place}, ${size - 1})`).text,
    );
    return { all, inside };
  }

  /** One step of the sum: the thread's rows times its columns. */
  #step(ev: Evaluator, left: readonly string[], right: readonly string[]): void {
    const { w } = ev;
    const { product } = this;
    const reads = ({ buffer, index }: Operand, starts: readonly string[]): string[] => {
      const here = ev.affine({ offset: 0, coef: index.coef.map((c, axis) => (this.#isInner(axis) ? c : 0)) });
      const along = w.keep("i32", here).text;
      return starts.map((start) => {
        const at = w.keep("i32", `${start} + ${along}`).text;
        return w.keep("f32", numberAt(w, ev.binding(buffer), at)).text;
      });
    };
    const b = reads(product.right, right);
    const columns = b.length === 1 ? b[0] : w.keep("f32", `${typeOf(this.#width)}(${b.join(", ")})`).text;
    reads(product.left, left).forEach((a, i) => void w.line(`s${i} += ${a} * ${columns};`));
  }

  #isInner(axis: number): boolean {
    return axis >= this.kernel.outer;
  }

  /** Adds up all terms. Long sums are added up in short chains, and what rounding takes from their sums is kept. */
  #sum(ev: Evaluator, step: () => void): void {
    const { w } = ev;
    const { inner } = this.product;
    const exact = pointsOf(inner) > CHAIN ? plus(w, this.#width) : undefined;
    if (exact === undefined) return nest(ev, inner, step);
    const rows = Array.from({ length: this.block.rows }, (_, i) => i);
    const zero = `${typeOf(this.#width)}()`;
    for (const i of rows) w.line(`var t${i} = array<${typeOf(this.#width)}, 2>();`);
    const move = (): void => {
      for (const i of rows) w.line(`t${i} = ${exact}(t${i}[0], t${i}[1], s${i}); s${i} = ${zero};`);
    };
    inChains(ev, inner, step, move);
    const whole = total(w, this.#width);
    for (const i of rows) w.line(`s${i} = ${whole}(t${i}[0], t${i}[1]);`);
  }

  /** What follows the sums, for one result after the other. */
  #store(w: Writer, bindings: Bindings, rows: readonly string[], columns: readonly string[], batch: string): void {
    const { product, kernel } = this;
    const finish = w.define("row: i32, column: i32, z: i32, core: f32", (inner) => {
      const ev = this.#evaluator(inner, bindings);
      const held = (["rows", "columns"] as const)
        .filter((kind) => pointsOf(product[kind]) % this.block[kind] !== 0)
        .map((kind) => `${kind.slice(0, -1)} < ${pointsOf(product[kind])}`);
      ev.block(held.length === 0 ? "" : `if (${held.join(" && ")})`, () => {
        setDigits(ev, product.batch, "z");
        setDigits(ev, product.rows, "row");
        setDigits(ev, product.columns, "column");
        ev.core = { text: "core", type: "f32" };
        ev.stores(kernel.stores);
      });
    });
    const element = (i: string, j: string): string => (this.#width === 1 ? `${i}` : `${i}[${j}]`);
    if (rows.length * columns.length <= FEW) {
      rows.forEach((row, i) => {
        columns.forEach((column, j) => {
          w.line(`${finish}(${row}, ${column}, ${batch}, ${element(`s${i}`, String(j))});`);
        });
      });
      return;
    }
    // Written once: drivers compile each call as a copy of the function.
    const apart = threadsOf(product, this.block);
    w.line(`let sums = array<${typeOf(this.#width)}, ${rows.length}>(${rows.map((_, i) => `s${i}`).join(", ")});`);
    w.loop("i", "0", String(rows.length), "1", () =>
      w.loop("j", "0", String(columns.length), "1", () => {
        const place = `${rows[0]} + i * ${apart.rows}, ${columns[0]} + j * ${apart.columns}`;
        w.line(`${finish}(${place}, ${batch}, ${element("sums[i]", "j")});`);
      }),
    );
  }
}

/** So many results are stored by a call each. */
const FEW = 4;

function nest(ev: Evaluator, axes: readonly Axis[], body: () => void): void {
  const [next, ...rest] = axes;
  if (next === undefined) return body();
  const name = ev.w.name("k");
  ev.variables[next.axis] = name;
  ev.loop(name, "0", String(next.size), "1", () => nest(ev, rest, body));
}

/** Walks all loops, and has what at most CHAIN steps added up moved each time. */
function inChains(ev: Evaluator, axes: readonly Axis[], step: () => void, move: () => void): void {
  const last = axes[axes.length - 1];
  if (last.size > CHAIN) {
    nest(ev, axes.slice(0, -1), () => alongInChains(ev, last, step, move));
    return;
  }
  // As many of the innermost loops as make a chain, again and again.
  let first = axes.length - 1;
  while (first > 0 && pointsOf(axes.slice(first - 1)) <= CHAIN) first--;
  const times = Math.floor(CHAIN / pointsOf(axes.slice(first)));
  if (times > 1) ev.w.line("var times = 0;");
  nest(ev, axes.slice(0, first), () => {
    nest(ev, axes.slice(first), step);
    if (times === 1) return move();
    ev.w.line("times++;");
    ev.block(`if (times == ${times})`, () => {
      move();
      ev.w.line("times = 0;");
    });
  });
  if (times > 1) move();
}

/** The same along one loop that is longer than a chain, in chains of nearly the same length. */
function alongInChains(ev: Evaluator, { axis, size }: Axis, step: () => void, move: () => void): void {
  const chain = Math.ceil(size / Math.ceil(size / CHAIN));
  const [from, name] = [ev.w.name("from"), ev.w.name("k")];
  ev.loop(from, "0", String(size), String(chain), () => {
    const end = `${from} + ${chain}`;
    ev.variables[axis] = name;
    ev.loop(name, from, size % chain === 0 ? end : `min(${end}, ${size})`, "1", step);
    move();
  });
}
