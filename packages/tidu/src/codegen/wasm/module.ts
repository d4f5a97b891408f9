import { type Buffer, buffersOf, type ContractKernel, type Kernel, type ReduceKernel } from "../../compile/kernel.js";
import type { Program } from "../../compile/program.js";
import type { Storage } from "../../graph/node.js";
import { elementwise, sumOp } from "../../graph/ops/index.js";
import { Hazards } from "../../plan/hazards.js";
import { KernelKeys } from "../../plan/key.js";
import { assembleModule, FunctionBuilder } from "./assembler.js";
import { emitBarrier } from "./barrier.js";
import { emitContraction } from "./contract/index.js";
import type { KernelCode } from "./kernel-code.js";
import { TABLE, THREAD, THREADS } from "./loops.js";
import type { Machine } from "./machine.js";
import { emitNest } from "./nest.js";

/** What code may use. */
export interface WasmFeatures extends Machine {
  /** Memory is shared between threads. */
  readonly shared: boolean;
}

/** Code of a program: `run(table, thread, threads)` executes this thread's part of the whole step. */
export interface WasmProgram {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The storages that `table` lists, from slot FIRST_STORAGE on. */
  readonly storages: readonly Storage[];
  readonly stats: {
    readonly kernels: number;
    /** Functions that do the kernels' work; kernels of one key share theirs. */
    readonly bodies: number;
    readonly shared: number;
    readonly barriers: number;
  };
}

/** Slots of the table of addresses: the arena, the barrier's block, scratch memory for packing, then the storages. */
export const ARENA_SLOT = 0;
export const BARRIER_SLOT = 1;
export { productsDone, SCRATCH_BYTES, SCRATCH_SLOT } from "./contract/index.js";
export const FIRST_STORAGE = 3;

export function generateModule(program: Program, features: WasmFeatures): WasmProgram {
  const storages: Storage[] = [];
  const slots = new Map<Buffer, number>();
  for (const buffer of program.buffers) {
    if (buffer.storage === undefined) continue;
    slots.set(buffer, FIRST_STORAGE + storages.length);
    storages.push(buffer.storage);
  }
  const placeOf: PlaceOf = (buffer) =>
    buffer.storage === undefined
      ? { slot: ARENA_SLOT, offset: buffer.offset as number }
      : { slot: slots.get(buffer) as number, offset: 0 };
  const { bodies, calls } = emitKernels(program.kernels, features);
  const stubs = calls.map(({ kernel, body }) => emitStub(kernel, body, placeOf));
  const { run, barriers } = emitRun(calls, bodies.length, bodies.length + 1);
  const exported = stubs.map((_, i) => [String(i), bodies.length + 1 + i] as const);
  const functions = [...bodies, emitBarrier(), ...stubs, run];
  const bytes = assembleModule(functions, [...exported, ["run", functions.length - 1]], features.shared);
  const stats = {
    kernels: calls.length,
    bodies: bodies.length,
    shared: calls.filter((k) => k.shared).length,
    barriers,
  };
  return { bytes, storages, stats };
}

/** Where a buffer's address is: a slot of the table, and how many bytes behind that. */
type PlaceOf = (buffer: Buffer) => { slot: number; offset: number };

/** A kernel, and the number of the function that does its work. */
interface Call {
  readonly kernel: Kernel;
  readonly body: number;
  readonly shared: boolean;
}

/** The functions that all kernels need; kernels of one key have one function. */
function emitKernels(kernels: readonly Kernel[], features: WasmFeatures): { bodies: FunctionBuilder[]; calls: Call[] } {
  const bodies: FunctionBuilder[] = [];
  const keys = new KernelKeys();
  const known = new Map<string, { body: number; shared: boolean }>();
  const calls = kernels.map((kernel): Call => {
    const key = keys.of(kernel);
    let code = known.get(key);
    if (code === undefined) {
      const { f, shared } = emitKernel(kernel, features);
      known.set(key, (code = { body: bodies.length, shared }));
      bodies.push(f);
    }
    return { kernel, ...code };
  });
  return { bodies, calls };
}

function emitKernel(kernel: Kernel, features: WasmFeatures): KernelCode {
  if (kernel.kind !== "contract") return emitNest(kernel);
  return emitContraction(kernel, features) ?? emitNest(asReduction(kernel));
}

/** A function (table, thread, threads) that runs one kernel on its buffers. */
function emitStub(kernel: Kernel, body: number, placeOf: PlaceOf): FunctionBuilder {
  const f = new FunctionBuilder(3);
  f.get(TABLE).get(THREAD).get(THREADS);
  for (const buffer of buffersOf(kernel)) {
    const { slot, offset } = placeOf(buffer);
    f.get(TABLE).memory("i32.load", slot * 4);
    if (offset > 0) f.i32(offset).op("i32.add");
  }
  return f.call(body);
}

/** A contraction that no vector form fits, as a plain sum of products. */
function asReduction({ a, b, ...kernel }: ContractKernel): ReduceKernel {
  const load = ({ buffer, index }: ContractKernel["a"]) => ({ kind: "load", buffer, index, guards: [] }) as const;
  const body = { kind: "apply", op: elementwise.mul, args: [load(a), load(b)] } as const;
  return { ...kernel, kind: "reduce", op: sumOp, body };
}

/**
 * The step: kernels one after the other, with a barrier wherever one needs what another thread has written.
 *
 * @param barrier number of the barrier's function.
 * @param first number of the first kernel's stub; the others follow.
 */
function emitRun(calls: readonly Call[], barrier: number, first: number): { run: FunctionBuilder; barriers: number } {
  const f = new FunctionBuilder(3);
  let barriers = 0;
  const meet = (): void => {
    f.get(TABLE)
      .memory("i32.load", BARRIER_SLOT * 4)
      .get(THREADS)
      .call(barrier);
    barriers++;
  };
  // What has been touched since the last barrier, by one thread and by all; what one thread does it does in order.
  let [byOne, byAll] = [new Hazards(), new Hazards()];
  calls.forEach((next, i) => {
    if (byAll.conflictsWith(next.kernel) || (next.shared && byOne.conflictsWith(next.kernel))) {
      meet();
      [byOne, byAll] = [new Hazards(), new Hazards()];
    }
    (next.shared ? byAll : byOne).add(next.kernel);
    const call = () =>
      f
        .get(TABLE)
        .get(THREAD)
        .get(THREADS)
        .call(first + i);
    if (next.shared) call();
    else f.get(THREAD).op("i32.eqz").if(call);
  });
  meet();
  return { run: f, barriers };
}
