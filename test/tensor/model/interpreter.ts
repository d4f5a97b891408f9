// What tensors and variables mean, in the simplest form that there is: everything is computed at once, in float64.

/** A list of numbers that never changes, and what it was computed from. */
export class Value {
  static #count = 0;
  readonly #id = Value.#count++;
  /** The variable whose value this was when it was read. */
  owner?: Cell;

  constructor(
    readonly data: readonly number[],
    readonly inputs: readonly Value[] = [],
    readonly back: (dy: Value) => readonly Value[] = () => [],
  ) {}

  add(y: Value | number): Value {
    return binary(
      this,
      y,
      (a, b) =>
        new Value(
          zip(a, b, (p, q) => p + q),
          [a, b],
          (dy) => [dy, dy],
        ),
    );
  }
  mul(y: Value | number): Value {
    return binary(
      this,
      y,
      (a, b) =>
        new Value(
          zip(a, b, (p, q) => p * q),
          [a, b],
          (dy) => [dy.mul(b), dy.mul(a)],
        ),
    );
  }
  sub(y: Value | number): Value {
    return this.add(lift(y).mul(-1));
  }
  sin(): Value {
    return new Value(this.data.map(Math.sin), [this], (dy) => [dy.mul(this.cos())]);
  }
  cos(): Value {
    return new Value(this.data.map(Math.cos), [this], (dy) => [dy.mul(this.sin()).mul(-1)]);
  }
  sum(): Value {
    if (this.data.length === 1) return this;
    const total = this.data.reduce((a, b) => a + b, 0);
    return new Value([total], [this], (dy) => [dy.expand(this.data.length)]);
  }
  expand(size: number): Value {
    if (size === this.data.length) return this;
    return new Value(Array<number>(size).fill(this.data[0]), [this], (dy) => [dy.sum()]);
  }
  detach(): Value {
    return new Value(this.data);
  }

  /** All that this was computed from, users before inputs. */
  history(): Value[] {
    const seen = new Set<Value>();
    const visit = (v: Value): void => {
      if (seen.has(v)) return;
      seen.add(v);
      v.inputs.forEach(visit);
    };
    visit(this);
    return [...seen].sort((a, b) => b.#id - a.#id);
  }
}

const lift = (y: Value | number): Value => (typeof y === "number" ? new Value([y]) : y);
const zip = (a: Value, b: Value, f: (p: number, q: number) => number) => a.data.map((p, i) => f(p, b.data[i]));

function binary(x: Value, y: Value | number, f: (a: Value, b: Value) => Value): Value {
  const b = lift(y);
  const size = Math.max(x.data.length, b.data.length);
  return f(x.expand(size), b.expand(size));
}

/** A variable: its value now. What was read from it before is a value of its own. */
export class Cell {
  #now: Value;

  constructor(first: Value) {
    this.#now = this.#own(first);
  }
  get now(): Value {
    return this.#now;
  }
  assign(value: Value): void {
    this.#now = this.#own(value);
  }
  #own(value: Value): Value {
    const own = value.detach();
    own.owner = this;
    return own;
  }
}

/** Thrown for a variable that has been assigned since the cost was computed from it. */
export class Stale extends Error {}

/** Gradients of one number; they can be differentiated again. */
export function grad(cost: Value, wrt: readonly Value[]): Value[] {
  const history = cost.history();
  for (const x of wrt) {
    if (x.owner === undefined || history.includes(x)) continue;
    if (history.some((v) => v.owner === x.owner)) throw new Stale();
  }
  const total = new Map<Value, Value>([[cost, new Value([1])]]);
  for (const v of history) {
    const dy = total.get(v);
    if (dy === undefined) continue;
    v.back(dy).forEach((dx, i) => {
      const sum = total.get(v.inputs[i]);
      total.set(v.inputs[i], sum === undefined ? dx : sum.add(dx));
    });
  }
  return wrt.map((x) => total.get(x) ?? new Value(x.data.map(() => 0)));
}
