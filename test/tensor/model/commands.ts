// Random things that people do with tensors and variables, done both to Tidu and to the interpreter.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { compile, grad, optim, setDevice, Tensor, tensor, Variable } from "tidu";
import type { Realizer } from "../../../packages/tidu/src/tensor/realizer.js";
import { Cell, grad as gradOf, Stale, Value } from "./interpreter.js";

/** What stands for the same value on both sides; the real one comes in time where a call was not awaited. */
interface Both {
  readonly value: Value;
  readonly tensor: Promise<Tensor> | Tensor;
}
interface BothVariable {
  readonly cell: Cell;
  readonly variable: Variable;
}
/** A compiled function, and what it does, at once. */
interface BothFunction {
  readonly real: (x: Tensor | number) => Promise<readonly Tensor[]>;
  readonly model: (x: Value) => Value[];
}

/** Everything under way. */
export class World {
  readonly tensors: Both[] = [];
  readonly variables: BothVariable[] = [];
  readonly functions: BothFunction[] = [];
  readonly optimizers: { readonly real: optim.Optimizer; readonly momentum: Map<Cell, Cell> }[] = [];
  /** Readings that nobody has waited for yet. */
  readonly readings: Promise<void>[] = [];

  constructor(readonly devices: readonly Realizer[]) {}

  /** The value number `i`, of tensors and variables together. A tensor that is not there yet is waited for. */
  async at(i: number): Promise<{ value: Value; tensor: Tensor }> {
    const n = i % (this.tensors.length + this.variables.length);
    if (n < this.tensors.length) {
      const { value, tensor: real } = this.tensors[n];
      return { value, tensor: await real };
    }
    const { cell, variable } = this.variables[n - this.tensors.length];
    return { value: cell.now, tensor: variable };
  }
  variable(i: number): BothVariable {
    return this.variables[i % this.variables.length];
  }

  /** Reads a value and compares it with what it must be, now or later. */
  check(tensor: Tensor, { data: want }: Value): void {
    this.readings.push(
      tensor.data().then((got) => {
        if (got.length !== want.length || want.some((w, i) => !isNear(got[i], w)))
          throw new Error(`got ${[...got]}, expected ${want}`);
      }),
    );
  }
  async settle(): Promise<void> {
    await Promise.all(this.readings.splice(0));
  }
}

/** float32 against float64, through a few dozen operations whose values stay small. */
const isNear = (got: number, want: number): boolean => Math.abs(got - want) <= 2e-3 * Math.max(1, Math.abs(want));

/** What both sides can do. */
interface Arithmetic<T> {
  add(y: T | number): T;
  mul(y: T | number): T;
  sin(): T;
  sum(): T;
  detach(): T;
}
type Op = "add" | "mul" | "sin" | "sum" | "detach" | "shrink";

/** One operation; results stay small, so that float32 can follow. */
function apply<T extends Arithmetic<T>>(op: Op, x: T, y: T): T {
  if (op === "add") return x.add(y).mul(0.5);
  if (op === "mul") return x.mul(y).sin();
  if (op === "shrink") return x.mul(0.75);
  return x[op]();
}

/** The bodies of compiled functions, on either side: two variables, an argument, and a tensor from outside. */
type Body = <T extends Arithmetic<T>>(
  of: {
    readonly v: { readonly now: T; assign(value: T): void };
    readonly w: { readonly now: T; assign(value: T): void };
    grad(cost: T, wrt: readonly T[]): readonly T[];
  },
  x: T,
  outside: T,
) => T[];

export const BODIES: readonly Body[] = [
  ({ v }, x) => {
    v.assign(v.now.mul(0.5).add(x.sum().sin()));
    return [];
  },
  ({ v, w }, x) => {
    const before = v.now;
    v.assign(w.now.add(x.sum()).sin());
    w.assign(before);
    return [before, v.now, w.now.mul(v.now).sin()];
  },
  ({ v, w, grad: by }, x) => {
    const cost = v.now.mul(w.now).add(x.sum()).sin().sum();
    const [dv, dw] = by(cost, [v.now, w.now]);
    v.assign(v.now.add(dv.mul(-0.1)));
    w.assign(w.now.add(dw.mul(-0.1)));
    return [cost, dv];
  },
  ({ v, grad: by }, x, outside) => {
    const [first] = by(v.now.mul(outside).sin().add(x.sum()).sum(), [v.now]);
    return [first, by(first.sum(), [v.now])[0], outside];
  },
  ({ v, w }) => {
    v.assign(v.now.mul(0.5));
    v.assign(v.now.add(w.now).sin());
    return [w.now];
  },
];

const SIZE = 3;

/** A command: what it is called in a report, and what it does. */
class Command implements fc.AsyncCommand<object, World> {
  constructor(
    readonly name: string,
    readonly given: unknown,
    readonly needs: (world: World) => boolean,
    readonly act: (world: World) => Promise<void>,
  ) {}
  // The model is inside the world: every command can be tried, and does nothing where it lacks something.
  check = (): boolean => true;
  run = async (_: object, world: World): Promise<void> => {
    if (this.needs(world)) await this.act(world);
  };
  toString = (): string => `${this.name}(${fc.stringify(this.given)})`;
}

const any = () => true;
const hasValue = (world: World) => world.tensors.length + world.variables.length > 0;
const hasVariable = (world: World) => world.variables.length > 0;

function command<G>(
  name: string,
  given: fc.Arbitrary<G>,
  act: (world: World, given: G) => Promise<void> | void,
  needs: (world: World) => boolean = any,
): fc.Arbitrary<Command> {
  return given.map((g) => new Command(name, g, needs, async (world) => act(world, g)));
}

const index = fc.nat(30);
const numbers = fc
  .array(fc.integer({ min: -8, max: 8 }), { minLength: SIZE, maxLength: SIZE })
  .map((all) => all.map((n) => n / 4));

/** Every size is that of a variable after this. */
const full = <T extends Arithmetic<T>>(x: T, zeros: T): T => zeros.add(x);

async function takeGradient(world: World, { of, by }: { of: number; by: number }): Promise<void> {
  const [y, x] = [await world.at(of), await world.at(by)];
  let want: Value;
  try {
    [want] = gradOf(y.value.sum(), [x.value]);
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
    let refused = false;
    try {
      grad(y.tensor.sum(), [x.tensor]);
    } catch {
      refused = true;
    }
    if (!refused) throw new Error("the gradient by a variable that was assigned since is no error");
    return;
  }
  let got: Tensor;
  try {
    [got] = grad(y.tensor.sum(), [x.tensor]);
  } catch (error) {
    // The interpreter has 0 where a compiled function's result is in between.
    if (want.data.every((d) => d === 0) && /a result .* of a compiled function/.test(String(error))) return;
    throw error;
  }
  world.tensors.push({ value: want, tensor: got });
}

async function makeFunction(
  world: World,
  { v, w, outside, body }: { v: number; w: number; outside: number; body: number },
) {
  const [a, b, fixed] = [world.variable(v), world.variable(w), await world.at(outside)];
  const run = BODIES[body];
  const view = (variable: Variable) => ({
    // The value now, not the variable, which may be assigned before that is used.
    get now(): Tensor {
      return new Tensor(variable.node);
    },
    assign: (value: Tensor) => variable.assign(value),
  });
  // A tensor of a variable's value at this moment: what is outside stays what it was.
  const outer = fixed.tensor instanceof Variable ? fixed.tensor.mul(1) : fixed.tensor;
  const real = compile((x: Tensor) => {
    const of = { v: view(a.variable), w: view(b.variable), grad };
    return run<Tensor>(of, x, outer);
  });
  const model = (x: Value) =>
    run<Value>({ v: a.cell, w: b.cell, grad: gradOf }, x, new Value(fixed.value.data)).map((y) => y.detach());
  world.functions.push({ real, model });
}

function step(world: World, { which, v, w }: { which: number; v: number; w: number }): void {
  const [a, b] = [world.variable(v), world.variable(w)];
  const { real, momentum } = world.optimizers[which % world.optimizers.length];
  const all = [...new Set([a, b])];
  const cost = a.variable.mul(b.variable).sin().sum();
  real.minimize(
    cost,
    all.map((x) => x.variable),
  );
  const value = a.cell.now.mul(b.cell.now).sin().sum();
  const gradients = gradOf(
    value,
    all.map((x) => x.cell.now),
  );
  all.forEach(({ cell }, i) => {
    const velocity = momentum.get(cell) ?? new Cell(new Value(cell.now.data.map(() => 0)));
    momentum.set(cell, velocity);
    velocity.assign(velocity.now.mul(0.5).add(gradients[i]));
    cell.assign(cell.now.sub(velocity.now.mul(0.1)));
  });
  world.tensors.push({ value, tensor: cost });
}

async function call(world: World, given: { which: number; x: number; kind: number; wait: boolean }): Promise<void> {
  const { real, model } = world.functions[given.which % world.functions.length];
  const argument = await world.at(given.x);
  const number = (given.kind % 7) / 4;
  const x = given.kind < 10 ? number : argument.tensor;
  const want = model(given.kind < 10 ? new Value([number]) : argument.value.detach());
  const results = real(x);
  want.forEach((value, i) => {
    const result = results.then((all) => all[i]);
    world.tensors.push({ value, tensor: result });
  });
  world.readings.push(results.then(() => {}));
  if (given.wait) await results;
}

// The test's own process may be told to collect garbage; no code of the library's does that.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Lets garbage be collected, and what is told of that have its turn. */
async function sweep(): Promise<void> {
  await new Promise((done) => setTimeout(done));
  collect();
  await new Promise((done) => setTimeout(done));
}

export const COMMANDS = (devices: number): fc.Arbitrary<Command>[] => [
  command("tensor", numbers, (world, data) => {
    world.tensors.push({ value: new Value(data), tensor: tensor(data) });
  }),
  command("variable", numbers, (world, data) => {
    world.variables.push({ cell: new Cell(new Value(data)), variable: new Variable(tensor(data)) });
  }),
  command(
    "variable of a value",
    index,
    async (world, i) => {
      const { value, tensor: real } = await world.at(i);
      const zeros = Array<number>(SIZE).fill(0);
      const cell = new Cell(full(value, new Value(zeros)));
      world.variables.push({ cell, variable: new Variable(full<Tensor>(real, tensor(zeros))) });
    },
    hasValue,
  ),
  ...(["add", "mul", "sin", "sum", "detach", "shrink"] as const).map((op) =>
    command(
      op,
      fc.record({ x: index, y: index }),
      async (world, { x, y }) => {
        const [a, b] = [await world.at(x), await world.at(y)];
        const real = op === "detach" ? a.tensor.detach() : apply<Tensor>(op, a.tensor, b.tensor);
        world.tensors.push({ value: apply<Value>(op, a.value, b.value), tensor: real });
      },
      hasValue,
    ),
  ),
  command(
    "read",
    fc.record({ x: index, wait: fc.boolean() }),
    async (world, { x, wait }) => {
      const { value, tensor: real } = await world.at(x);
      world.check(real, value);
      if (wait) await world.settle();
    },
    hasValue,
  ),
  command(
    "read a variable",
    index,
    (world, i) => world.check(world.variable(i).variable, world.variable(i).cell.now),
    hasVariable,
  ),
  command("realize", index, async (world, i) => void (await world.at(i)).tensor.realize(), hasValue),
  command(
    "assign",
    fc.record({ v: index, x: index }),
    async (world, { v, x }) => {
      const { value, tensor: real } = await world.at(x);
      const { cell, variable } = world.variable(v);
      const zeros = Array<number>(SIZE).fill(0);
      const same = value.data.length === SIZE;
      cell.assign(same ? value : full(value, new Value(zeros)));
      variable.assign(same ? real : full<Tensor>(real, tensor(zeros)));
    },
    hasVariable,
  ),
  command("gradient", fc.record({ of: index, by: index }), takeGradient, hasValue),
  command(
    "second gradient",
    fc.record({ of: index, by: index }),
    async (world, { of, by }) => {
      const before = world.tensors.length;
      await takeGradient(world, { of, by });
      if (world.tensors.length > before) await takeGradient(world, { of: before, by });
    },
    hasValue,
  ),
  command("optimizer", fc.constant(0), (world) => {
    world.optimizers.push({ real: optim.sgd({ lr: 0.1, momentum: 0.5 }), momentum: new Map() });
  }),
  command(
    "step",
    fc.record({ which: index, v: index, w: index }),
    step,
    (world) => hasVariable(world) && world.optimizers.length > 0,
  ),
  command(
    "compile",
    fc.record({ v: index, w: index, outside: index, body: fc.nat(BODIES.length - 1) }),
    makeFunction,
    hasVariable,
  ),
  ...[0, 1].map(() =>
    command(
      "call",
      fc.record({ which: index, x: index, kind: fc.nat(20), wait: fc.boolean() }),
      call,
      (world) => hasValue(world) && world.functions.length > 0,
    ),
  ),
  command("wait", fc.constant(0), (world) => world.settle()),
  command("collect garbage", fc.constant(0), sweep),
  command("drop", index, (world, i) => void world.tensors.splice(i % Math.max(1, world.tensors.length), 1)),
  command(
    "drop a variable",
    index,
    (world, i) => void (i % 3 === 0 && world.variables.splice(i % Math.max(1, world.variables.length), 1)),
  ),
  command("device", fc.nat(devices - 1), (world, i) => setDevice(world.devices[i])),
];
