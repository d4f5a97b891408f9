// `compile(fn)`: a function that is traced once and then runs as one program.
import { callback, check, either, listOf, real } from "../base/check.js";
import type { DType, TypedArray } from "../base/dtype.js";
import { ArgumentError } from "../base/errors.js";
import { promised } from "../base/promised.js";
import { type Shape, sameShape } from "../base/shape.js";
import { pause } from "../base/turn.js";
import { makeStorage, type Node, type Storage, type ValueType, valueBytes } from "../graph/node.js";
import { fromResult } from "../graph/ops/index.js";
import { pin, settle, store } from "./cell.js";
import { changeCount, device, type Executable, leaveTo, noteChange, type Realizer } from "./realizer.js";
import { bringHere, resolve, storedIn } from "./stored.js";
import { aTensor, full, Tensor, tensor } from "./tensor.js";
import { type Place, type Trace, trace, tracing } from "./trace.js";
import { prepareWatched } from "./watch.js";

const ARGUMENTS = listOf(either(aTensor, real));

/** What a compiled function may return. */
export type Outputs = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>> | void;

/** What a compiled function's results depend on: arguments of these types, and variables. */
export interface Origin {
  readonly inputs: readonly ValueType[];
  readonly places: readonly Place[];
}

/** A traced function made into a program. */
interface Program {
  readonly executable: Executable;
  readonly trace: Trace;
  /** The variables that it reads or writes, and those that it writes. */
  readonly places: readonly Place[];
  readonly written: ReadonlySet<Place>;
  /** Stand-ins of the arguments. */
  readonly inputs: readonly Storage[];
  readonly origin: Origin;
  /** Places of the results. */
  readonly outputs: readonly Storage[];
  /** What it reads beside its arguments. */
  readonly reads: readonly Storage[];
  readonly rebuild: (results: readonly Tensor[]) => Outputs;
  /** The change count at which everything outside was last known to be as the program needs it. */
  ready: number;
}

/** Engine memory that a compiled function needs, in bytes. */
export interface Needs {
  /** For intermediate values, while it runs. */
  readonly arenaBytes: number;
  /** For values that stay: arguments, results, and the variables and other tensors that it uses. */
  readonly storageBytes: number;
}

/** What a compiled function is called with: a tensor or a number for each tensor that it takes. */
export type Arguments<A extends readonly Tensor[]> = { [K in keyof A]: Tensor | number };

/** A compiled function: `await step(x, t)` runs it. Calls take effect in their order, awaited or not. */
export interface Compiled<A extends readonly Tensor[], R> {
  (...args: Arguments<A>): Promise<R>;
  /** Traces and compiles for arguments of these shapes without running; returns the memory that a run needs. */
  prepare(...args: Arguments<A>): Needs;
}

/** Programs that a function keeps for each device; the least recently used one is evicted. */
const MOST_PROGRAMS = 256;

/**
 * Compiles a function of tensors. It is traced once for each combination of its arguments' shapes and types and of the
 * modes of the modules that it uses (`train()`, `eval()`, `freeze()`). After that, every call runs the whole function,
 * updates of variables included, as one piece of compiled code.
 *
 * Arguments are tensors or numbers; a new number does not cause a new trace. JavaScript values and tensors that the
 * function uses from outside are fixed when it is traced; variables are read and written in place.
 *
 * @throws ArgumentError, when called, if the function is `async`, calls another compiled function, reads a tensor's
 *   value or returns anything but tensors, or if the number of arguments is wrong.
 *
 * @example
 * ```ts
 * import { compile, type Tensor, tensor } from "tidu";
 *
 * const double = compile((x: Tensor) => x.mul(2))
 * console.log(await (await double(tensor([1, 2]))).array()); // [2, 4]
 * ```
 */
export function compile<A extends readonly Tensor[], R extends Outputs>(fn: (...args: A) => R): Compiled<A, R> {
  check("compile", "fn", fn, callback);
  const programs = new WeakMap<Realizer, Program[]>();

  const programFor = (args: Arguments<A>): Program => {
    let known = programs.get(device());
    if (known === undefined) programs.set(device(), (known = []));
    // Nearly always the program of the previous call.
    if (known.length > 0 && fits(known[0], args)) return known[0];
    check("compiled function", "args", args, ARGUMENTS);
    const at = known.findIndex((p) => fits(p, args));
    const program = at < 0 ? programOf(fn, args) : known[at];
    if (at > 0) known.splice(at, 1);
    known.unshift(program);
    if (known.length > MOST_PROGRAMS) known.pop();
    return program;
  };

  const start = (...args: Arguments<A>): Promise<R> => {
    refuseNested();
    return promised(() => run(programFor(args), args) as Promise<R> | R);
  };
  const needs = (...args: Arguments<A>): Needs => {
    refuseNested();
    const { executable, reads, places, inputs, outputs } = programFor(args);
    const all = new Set([...reads, ...places.map((p) => p.storage), ...inputs, ...outputs]);
    const storageBytes = [...all].reduce((n, storage) => n + valueBytes(storage), 0);
    return { arenaBytes: executable.arenaBytes, storageBytes };
  };
  return Object.assign(start, { prepare: needs });
}

function refuseNested(): void {
  if (tracing() === undefined) return;
  throw new ArgumentError("compile: a compiled function is called inside another; call the plain function there");
}

/**
 * Runs a program. Everything is asked of the device before the first wait, so that calls take effect in their order.
 */
function run(program: Program, args: readonly (Tensor | number)[]): Promise<Outputs> | Outputs {
  const { executable, inputs, outputs, reads, places, rebuild } = program;
  const given: Node[] = [];
  const actual: Storage[] = [];
  // Whether each variable is where the program expects it.
  let settled = true;
  for (let i = 0; i < args.length; i++) {
    const a = args[i];
    // Where values are not rounded, a number is none either, as one in the function's text.
    const { node } = typeof a !== "number" ? a : device().wide ? full([], a) : tensor(a);
    const storage = storedIn(node);
    given.push(node);
    actual.push(storage as Storage);
    if (storage === undefined) settled = false;
  }
  let waiting = settled ? undefined : store(given);
  if (program.ready !== changeCount()) {
    waiting = both(waiting, makeReady(program));
    settled = false;
  }
  if (!settled) for (let i = 0; i < given.length; i++) actual[i] = storedIn(given[i]) as Storage;
  bringHere(actual);
  const here = device();
  const results: Tensor[] = [];
  for (let i = 0; i < outputs.length; i++) {
    const storage = makeStorage(outputs[i].shape, outputs[i].dtype);
    actual.push(storage);
    storage.from = program.origin;
    results.push(new Tensor(fromResult(storage)));
  }
  const running = executable.run(actual);
  if (running !== undefined) leaveTo([...actual, ...reads, ...places.map((p) => p.storage)]);
  waiting = both(waiting, running);
  for (let i = inputs.length; i < actual.length; i++) actual[i].on = here;
  waiting = both(waiting, pause());
  return waiting === undefined ? rebuild(results) : waiting.then(() => rebuild(results));
}

/** Waits for both, if they are promises. */
function both(a: Promise<void> | void, b: Promise<void> | void): Promise<void> | void {
  if (a === undefined || b === undefined) return a ?? b;
  return Promise.all([a, b]).then(() => undefined);
}

function makeReady(program: Program): Promise<void> | void {
  const { places, written, reads } = program;
  const running = settle(places, written);
  bringHere(reads);
  // Variables that are only written, too: afterwards their values are on this device.
  for (const { storage } of written) bringHere([storage]);
  program.ready = changeCount();
  return running;
}

/** Whether a program fits arguments of these types and the present state outside. */
function fits({ inputs, trace }: Program, args: readonly unknown[]): boolean {
  if (inputs.length !== args.length) return false;
  for (let i = 0; i < inputs.length; i++) {
    const { shape, dtype } = inputs[i];
    const arg = args[i];
    if (!(typeof arg === "number" ? shape.length === 0 && dtype === "f32" : isOf(arg, shape, dtype))) return false;
  }
  return trace.holds;
}

const isOf = (x: unknown, shape: Shape, dtype: DType): boolean =>
  x instanceof Tensor && x.dtype === dtype && sameShape(x.shape, shape);

function programOf<A extends readonly Tensor[]>(fn: (...args: A) => Outputs, args: Arguments<A>): Program {
  if (args.length < fn.length || (args.length > fn.length && !takesMore(fn))) throw wrongCount(fn.length, args.length);
  const inputs = args.map((a, i) =>
    typeof a === "number" ? makeStorage([], "f32", `argument ${i}`) : makeStorage(a.shape, a.dtype, `argument ${i}`),
  );
  const traced = trace((mine) => {
    const stand = inputs.map((s) => new Tensor(mine.input(s)));
    return describe(fn(...(stand as unknown as A)));
  });
  const { result, updates, trace: made } = traced;
  const outputs = result.tensors.map((t) => makeStorage(t.shape, t.dtype));
  const targets = [...updates.map((u) => u.storage), ...outputs];
  const wanted = [...updates.map((u) => u.value), ...result.nodes];
  void pin(wanted);
  const { values, reads } = resolve(wanted, made);
  const executable = prepareWatched(
    device(),
    targets.map((storage, i) => ({ storage, value: values[i] })),
    [...inputs, ...outputs],
    outputs,
  );
  const varying = new Set(inputs);
  return {
    executable,
    trace: made,
    places: made.places,
    origin: { inputs, places: made.places },
    written: made.written,
    inputs,
    outputs,
    reads: [...reads].filter((s) => !varying.has(s)),
    rebuild: result.rebuild,
    ready: -1,
  };
}

/** Whether a function may take more arguments than its length says: the text of its parameters has a rest or a default. */
const takesMore = (fn: (...args: never) => unknown): boolean => /^[^)]*(\.\.\.|=[^>])|\barguments\b/.test(String(fn));

const wrongCount = (wanted: number, got: number) =>
  new ArgumentError(`compile: the function takes ${wanted} arguments and is called with ${got}; give one for each`);

/** Takes what the function returned apart into tensors and a way to put results of the same form together. */
function describe(value: Outputs): {
  readonly tensors: readonly Tensor[];
  readonly nodes: readonly Node[];
  readonly rebuild: (results: readonly Tensor[]) => Outputs;
} {
  const parts = partsOf(value);
  const [keys, tensors] = [Object.keys(parts), Object.values(parts)];
  const rebuild = (results: readonly Tensor[]): Outputs => {
    if (value === undefined) return undefined;
    if (value instanceof Tensor) return results[0];
    if (Array.isArray(value)) return results;
    return Object.fromEntries(keys.map((k, i) => [k, results[i]]));
  };
  return { tensors, nodes: tensors.map((t) => t.node), rebuild };
}

/** The tensors that a traced function returned, by name. */
function partsOf(value: unknown): Readonly<Record<string, Tensor>> {
  if (value === undefined) return {};
  if (value instanceof Tensor) return { value };
  if (typeof (value as { then?: unknown } | null)?.then === "function") {
    Promise.resolve(value).catch(() => {});
    throw new ArgumentError(
      "compile: the function is async, and must return tensors at once; await the call of what compile returns",
    );
  }
  const parts = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : { value };
  for (const [name, part] of Object.entries(parts)) {
    if (part instanceof Tensor) continue;
    const what = parts === value ? `${name}: ${describeValue(part)}` : describeValue(value);
    throw new ArgumentError(
      `compile: the function returned ${what}; it must return a tensor, a list or record of tensors, or nothing`,
    );
  }
  return parts as Record<string, Tensor>;
}

const describeValue = (value: unknown): string =>
  typeof value === "object" && value !== null ? `a ${value.constructor?.name ?? "record"}` : String(value);

/** Overwrites what a tensor that is a compiled function's input holds (of halves the bits), without making a new tensor. */
export function overwrite(target: Tensor, data: TypedArray): void {
  const storage = storedIn(target.node);
  if (storage === undefined) throw new ArgumentError("overwrite: the tensor is not stored yet; await realize() first");
  const here = device();
  here.write(storage, data);
  leaveTo([storage]);
  if (storage.on !== here) noteChange();
  storage.on = here;
}
