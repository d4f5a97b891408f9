// Writes what a kernel computes at one point of its loops: expressions, addresses, guards and stores.
import { isPacked } from "../../base/dtype.js";
import { halfBits, isHalf } from "../../base/half.js";
import type { Affine, Buffer, Expr, Guard, Store } from "../../compile/kernel.js";
import { sumOfAny } from "../../graph/math/sums.js";
import { type Binding, type Bindings, elementType } from "./binding.js";
import { WgslMachine } from "./lanes.js";
import { linear, type Value, type Writer } from "./text.js";

export class Evaluator {
  readonly machine: WgslMachine;
  #scopes: Map<Expr, Value>[] = [new Map()];
  core: Value | undefined;

  constructor(
    readonly w: Writer,
    readonly bindings: Bindings,
    /** Name of each axis's variable; undefined where it has one step. */
    readonly variables: (string | undefined)[],
  ) {
    this.machine = new WgslMachine(w);
  }

  /** What is computed in the body of a block is forgotten after it. */
  block(head: string, body: () => void): void {
    this.#scopes.push(new Map());
    this.w.block(head, body);
    this.#scopes.pop();
  }

  loop(variable: string, start: string, end: string, step: string, body: () => void): void {
    this.block(`for (var ${variable} = ${start}; ${variable} < ${end}; ${variable} += ${step})`, body);
  }

  value(expr: Expr): Value {
    for (const scope of this.#scopes) {
      const known = scope.get(expr);
      if (known !== undefined) return known;
    }
    const value = this.#compute(expr);
    this.#scopes[this.#scopes.length - 1].set(expr, value);
    return value;
  }

  #compute(expr: Expr): Value {
    const m = this.machine;
    switch (expr.kind) {
      case "const":
        if (expr.dtype === "bool") return m.truth(expr.value !== 0);
        if (isHalf(expr.dtype)) return m.i32(halfBits(expr.dtype, expr.value));
        return expr.dtype === "f32" ? m.f32(expr.value) : m.i32(expr.value);
      case "index":
        return this.index(expr.index);
      case "load":
        return this.load(expr.buffer, this.#safe(this.index(expr.index), expr.guards));
      case "gather": {
        const row = m.as("i32", this.value(expr.row));
        const nearest = this.w.keep("i32", `clamp(${row.text}, 0, ${expr.rows - 1})`);
        const inside = this.w.keep("bool", `${nearest.text} == ${row.text}`);
        const start = this.#safe(this.index(expr.index), expr.guards);
        const at = this.w.keep("i32", `${start.text} + ${nearest.text} * ${expr.stride}`);
        return m.and(inside, this.load(expr.buffer, at));
      }
      case "guarded":
        return m.and(this.holds(expr.guards), this.value(expr.body));
      case "apply":
        return expr.op.lower(m, ...expr.args.map((a) => this.value(a)));
      case "combine":
        return expr.args.map((a) => this.value(a)).reduce((a, b) => expr.op.combine(m, a, b));
      default:
        if (this.core === undefined) throw new Error("codegen: the core has no value here");
        return this.core;
    }
  }

  /** Text of an integer of the loops. */
  affine({ offset, coef }: Affine): string {
    return linear(
      offset,
      coef.flatMap((c, axis) => {
        const variable = this.variables[axis];
        return variable === undefined ? [] : [[c, variable] as const];
      }),
    );
  }

  index(index: Affine): Value {
    return this.w.keep("i32", this.affine(index));
  }

  /** Whether all guards hold. */
  holds(guards: readonly Guard[]): Value {
    // One comparison for both ends: below 0 is very large without a sign.
    return guards
      .map(({ index, size }) => this.w.keep("bool", `bitcast<u32>(${this.index(index).text}) < ${size}u`))
      .reduce((a, b) => this.machine.and(a, b));
  }

  #safe(index: Value, guards: readonly Guard[]): Value {
    if (guards.length === 0) return index;
    return this.w.keep("i32", `select(0, ${index.text}, ${this.holds(guards).text})`);
  }

  /** The element of a buffer at an index. */
  load(buffer: Buffer, at: Value): Value {
    const element = this.binding(buffer).element(at.text);
    if (buffer.dtype === "bool") return this.w.keep("bool", `${element} != 0`);
    return this.w.keep(elementType(buffer), element);
  }

  binding(buffer: Buffer): Binding {
    return this.bindings.get(buffer) as Binding;
  }

  /** Writes a store's value where its guards hold. The stores of a kernel are written after all values are computed. */
  store(store: Store, value: Value): void {
    const { buffer, index, guards, accumulate, row } = store;
    const write = (): void => {
      let at = this.index(index);
      if (row !== undefined) {
        const number = this.machine.as("i32", this.value(row.row));
        at = this.w.keep("i32", `${at.text} + ${number.text} * ${row.stride}`);
      }
      if (accumulate === undefined) return this.#write(buffer, at.text, value);
      const before = this.load(buffer, at);
      const { lost } = accumulate;
      if (lost === undefined) return this.#write(buffer, at.text, this.machine.add(before, value));
      const [sum, error] = sumOfAny(this.machine, before, value);
      this.#write(buffer, at.text, sum);
      this.#write(lost, at.text, this.machine.add(this.load(lost, at), error));
    };
    const conditions = guards.length === 0 ? [] : [this.holds(guards)];
    if (row !== undefined) {
      const number = this.machine.as("i32", this.value(row.row));
      conditions.push(this.w.keep("bool", `bitcast<u32>(${number.text}) < ${row.rows}u`));
    }
    if (conditions.length === 0) write();
    else this.block(`if (${conditions.reduce((a, b) => this.machine.and(a, b)).text})`, write);
  }

  #write(buffer: Buffer, at: string, value: Value): void {
    const { machine: m, w } = this;
    const binding = this.binding(buffer);
    if (isPacked(buffer.dtype)) for (const line of binding.assignPacked(at, m.as("i32", value).text)) w.line(line);
    else if (buffer.dtype === "bool") w.line(binding.assign(at, `select(0, -1, ${m.as("bool", value).text})`));
    else w.line(binding.assign(at, m.as(elementType(buffer), value).text));
  }

  /** All of a kernel's values, then all its stores. */
  stores(stores: readonly Store[]): void {
    const values = stores.map((s) => this.value(s.value));
    stores.forEach((s, i) => void this.store(s, values[i]));
  }
}
