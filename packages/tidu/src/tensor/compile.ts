import { byteSize } from "../base/dtype.js";
import { ArgumentError } from "../base/errors.js";
import { sameShape, sizeOf } from "../base/shape.js";
import { pause } from "../base/turn.js";
import { makeStorage, type Storage } from "../graph/node.js";
import { fromStorage } from "../graph/ops/index.js";
import { collectPending, hasPending, prepare, store } from "./pending.js";
import { keptIn } from "./realized.js";
import { device, type Executable, type Realizer, type setInitial, type Update } from "./realizer.js";
import { Tensor, tensor } from "./tensor.js";
import { withTrace } from "./trace.js";

/** What a compiled function may return. */
export type Outputs = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>> | void;

interface Traced {
  readonly executable: Executable;
  /** All storages that it reads or writes. */
  readonly storages: ReadonlySet<Storage>;
  /** The variables among them that it updates. */
  readonly written: ReadonlySet<Storage>;
  /** Stand-ins of the arguments. */
  readonly inputs: readonly Storage[];
  /** Places of the results. */
  readonly outputs: readonly Storage[];
  readonly rebuild: (results: readonly Tensor[]) => Outputs;
}

/** Engine memory that a compiled function needs, in bytes. */
export interface Needs {
  /** For values in between, while it runs. */
  readonly arenaBytes: number;
  /** For what stays: arguments, results, and the variables and other tensors that it uses. */
  readonly storageBytes: number;
}

/** A compiled function: `await step(x, t)` runs it. */
export interface Compiled<A extends readonly unknown[], R> {
  (...args: A): Promise<R>;
  /** Traces and compiles for arguments of these shapes without running; tells what it would need. */
  prepare(...args: A): Needs;
}

/**
 * Turns a function of tensors into a program. The function is traced once for each combination of argument shapes;
 * after that a call runs the whole step, updates of variables included, as one call of compiled code.
 *
 * Arguments are tensors or numbers (which may differ between calls without tracing again). JavaScript values that the
 * function reads from outside are fixed when it is traced; variables are read and written in place.
 */
export function compile<A extends readonly (Tensor | number)[], R extends Outputs>(
  fn: (...args: { [K in keyof A]: Tensor }) => R,
): Compiled<A, R> {
  const traces = new Map<Realizer, Traced[]>();

  const traceFor = (args: A): Traced => {
    let known = traces.get(device());
    if (known === undefined) traces.set(device(), (known = []));
    let traced = known.find((t) => fits(t.inputs, args));
    if (traced === undefined) known.push((traced = trace(fn, args)));
    return traced;
  };

  const run = async (...args: A): Promise<R> => {
    const { executable, storages, written, outputs, rebuild } = traceFor(args);
    const tensors = args.map((a) => (typeof a === "number" ? tensor(a) : a));
    if (hasPending()) await store([], storages);
    for (const t of tensors) if (keptIn(t.node) === undefined) await t.realize();
    const actual = tensors.map((t) => keptIn(t.node) as Storage);
    for (let i = 0; i < actual.length; i++) if (written.has(actual[i])) actual[i] = await copyOf(actual[i]);
    const results = outputs.map(({ shape, dtype }) => {
      const storage = makeStorage(shape, dtype);
      actual.push(storage);
      return new Tensor(fromStorage(storage));
    });
    const running = executable.run(actual);
    if (running !== undefined) await running;
    const rest = pause();
    if (rest !== undefined) await rest;
    return rebuild(results) as R;
  };
  const needs = (...args: A): Needs => {
    const { executable, storages } = traceFor(args);
    const storageBytes = [...storages].reduce((n, { shape, dtype }) => n + sizeOf(shape) * byteSize(dtype), 0);
    return { arenaBytes: executable.arenaBytes, storageBytes };
  };
  return Object.assign(run, { prepare: needs });
}

/** A copy of an argument, for a step that would overwrite it while reading it. */
async function copyOf(source: Storage): Promise<Storage> {
  const copy = makeStorage(source.shape, source.dtype);
  await store([{ storage: copy, value: fromStorage(source) }]);
  return copy;
}

/** Whether a trace was made for arguments of these types. */
const fits = (inputs: readonly Storage[], args: readonly (Tensor | number)[]): boolean =>
  inputs.length === args.length &&
  inputs.every(({ shape, dtype }, i) => {
    const arg = args[i];
    if (typeof arg === "number") return shape.length === 0 && dtype === "f32";
    return dtype === arg.dtype && sameShape(shape, arg.shape);
  });

function trace<A extends readonly (Tensor | number)[], R extends Outputs>(
  fn: (...args: { [K in keyof A]: Tensor }) => R,
  args: A,
): Traced {
  const inputs = args.map((a, i) =>
    typeof a === "number" ? makeStorage([], "f32", `argument ${i}`) : makeStorage(a.shape, a.dtype, `argument ${i}`),
  );
  const stand = inputs.map((s) => new Tensor(fromStorage(s))) as { [K in keyof A]: Tensor };
  const { result, updates } = collectPending(() => withTrace(() => describe(fn(...stand))));
  const outputs = result.tensors.map((t) => makeStorage(t.shape, t.dtype));
  const wanted: Update[] = result.nodes.map((value, i) => ({ storage: outputs[i], value }));
  const written = new Set(updates.map((u) => u.storage));
  return {
    ...prepare([...updates, ...wanted], [...inputs, ...outputs]),
    written,
    inputs,
    outputs,
    rebuild: result.rebuild,
  };
}

/** Takes what the function returned apart into tensors and a way to put results of the same form together. */
function describe(value: Outputs) {
  const named = value === undefined || value === null ? {} : value instanceof Tensor ? { value } : value;
  const keys = Object.keys(named);
  const tensors = Object.values(named as Record<string, Tensor>);
  if (tensors.some((t) => !(t instanceof Tensor))) {
    throw new ArgumentError("compile: the function must return a tensor, a list or record of tensors, or nothing");
  }
  const rebuild = (results: readonly Tensor[]): Outputs => {
    if (value === undefined) return undefined;
    if (value instanceof Tensor) return results[0];
    if (Array.isArray(value)) return results;
    return Object.fromEntries(keys.map((k, i) => [k, results[i]]));
  };
  return { tensors, nodes: tensors.map((t) => t.node), rebuild };
}

/** Overwrites what a tensor that is a compiled function's input holds, without making a new tensor. */
export function overwrite(target: Tensor, data: Parameters<typeof setInitial>[1]): void {
  const storage = keptIn(target.node);
  if (storage === undefined) throw new ArgumentError("overwrite: the tensor is not stored yet; await realize() first");
  device().write(storage, data);
}
