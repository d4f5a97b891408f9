// Which kernels can share code: those whose keys are equal.
import {
  type Affine,
  type Buffer,
  buffersOf,
  type Expr,
  expressionsOf,
  type Guard,
  type Kernel,
} from "../compile/kernel.js";

/** Numbers things in the order in which they are first seen. */
class Numbering<T> {
  readonly #numbers = new Map<T, number>();
  of(thing: T): number {
    let n = this.#numbers.get(thing);
    if (n === undefined) this.#numbers.set(thing, (n = this.#numbers.size));
    return n;
  }
}

/** A text for each kernel that is the same for two that differ only in their buffers' addresses: they share code. */
export class KernelKeys {
  readonly #ops = new Numbering<object>();

  of(kernel: Kernel): string {
    if (kernel.kind === "loop") return kernel.key((step) => this.of(step));
    const buffers = new Map(buffersOf(kernel).map((b, i) => [b, `${i}${b.dtype}`]));
    const at = (buffer: Buffer, index: Affine): string => `${buffers.get(buffer)}[${affine(index)}]`;
    const number = new Map<Expr, number>();
    const children = (list: readonly Expr[]): string => list.map((e) => number.get(e)).join();
    const text = (e: Expr): string => {
      switch (e.kind) {
        case "const":
          return `${e.dtype}${Object.is(e.value, -0) ? "-0" : e.value}`;
        case "load":
          return `${at(e.buffer, e.index)}${guarded(e.guards)}`;
        case "gather":
          return `pick${at(e.buffer, e.index)}${guarded(e.guards)}${number.get(e.row)},${e.rows},${e.stride}`;
        case "index":
          return `index${affine(e.index)}`;
        case "guarded":
          return `guarded${guarded(e.guards)}${number.get(e.body)}`;
        case "core":
          return "core";
        default:
          return `op${this.#ops.of(e.op)}(${children(e.args)})`;
      }
    };
    const lines = expressionsOf(kernel).map((e, i) => {
      number.set(e, i);
      return text(e);
    });
    const stores = kernel.stores.map(
      (s) =>
        `${at(s.buffer, s.index)}${guarded(s.guards)}${s.row ? `row${number.get(s.row.row)},${s.row.rows},${s.row.stride}` : ""}=${number.get(s.value)}${s.accumulate === undefined ? "" : `+${s.accumulate.exclusive}${s.accumulate.lost ? "lost" : ""}`}`,
    );
    // The function does not check the condition, but the buffer of the condition is one of its parameters.
    const when = kernel.when === undefined ? "" : "when";
    return [
      kernel.kind,
      when,
      kernel.runs,
      kernel.sizes,
      kernel.outer,
      this.#core(kernel, at, number),
      ...lines,
      ...stores,
    ].join(";");
  }

  #core(kernel: Kernel, at: (buffer: Buffer, index: Affine) => string, number: Map<Expr, number>): string {
    if (kernel.kind === "contract")
      return [kernel.a, kernel.b].map((o) => at(o.buffer, o.index) + guarded(o.inside)).join("*") + kernel.tree;
    return "body" in kernel ? `op${this.#ops.of(kernel.op)}(${number.get(kernel.body)})` : "";
  }
}

const affine = ({ offset, coef }: Affine): string => `${offset}:${coef}`;
const guarded = (guards: readonly Guard[]): string => guards.map((g) => `?${affine(g.index)}<${g.size}`).join("");
