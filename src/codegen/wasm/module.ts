import {
  type Buffer,
  buffersRead,
  buffersWritten,
  type ContractKernel,
  type Kernel,
  type ReduceKernel,
} from "../../compile/kernel.js";
import { bytesOf } from "../../compile/memory.js";
import type { Program } from "../../compile/program.js";
import type { Storage } from "../../graph/node.js";
import { elementwise, sumOp } from "../../graph/ops/index.js";
import { assembleModule, FunctionBuilder } from "./assembler.js";
import { emitBarrier } from "./barrier.js";
import { emitContraction } from "./contract/index.js";
import { TABLE, THREAD, THREADS } from "./loops.js";
import { emitNest, type PlaceOf } from "./nest.js";

/** What the machine that will run the code can do. */
export interface WasmFeatures {
  /** Memory is shared between threads. */
  readonly shared: boolean;
  /** Fused multiply-add ("relaxed SIMD") may be used; results then differ from `portable` ones in the last bits. */
  readonly relaxed: boolean;
}

/** Code of a program: `run(table, thread, threads)` executes this thread's part of the whole step. */
export interface WasmProgram {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The storages that `table` lists, from slot FIRST_STORAGE on. */
  readonly storages: readonly Storage[];
  readonly stats: { readonly kernels: number; readonly shared: number; readonly barriers: number };
}

/** Slots of the table of addresses: the arena, the barrier's block, scratch memory for packing, then the storages. */
export const ARENA_SLOT = 0;
export const BARRIER_SLOT = 1;
export { SCRATCH_BYTES, SCRATCH_SLOT } from "./contract/index.js";
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
  const kernels = program.kernels.map((kernel) => ({ kernel, ...emitKernel(kernel, placeOf, features) }));
  const { run, barriers } = emitRun(kernels);
  const bytes = assembleModule([...kernels.map((k) => k.f), emitBarrier(), run], features.shared);
  const stats = { kernels: kernels.length, shared: kernels.filter((k) => k.shared).length, barriers };
  return { bytes, storages, stats };
}

function emitKernel(kernel: Kernel, placeOf: PlaceOf, features: WasmFeatures): { f: FunctionBuilder; shared: boolean } {
  if (kernel.kind !== "contract") return emitNest(kernel, placeOf);
  return emitContraction(kernel, placeOf, features.relaxed) ?? emitNest(asReduction(kernel), placeOf);
}

/** A contraction that no vector form fits, as a plain sum of products. */
function asReduction({ a, b, ...kernel }: ContractKernel): ReduceKernel {
  const load = ({ buffer, index }: ContractKernel["a"]) => ({ kind: "load", buffer, index, guards: [] }) as const;
  const body = { kind: "apply", op: elementwise.mul, args: [load(a), load(b)] } as const;
  return { ...kernel, kind: "reduce", op: sumOp, body };
}

/** The step: kernels one after the other, with a barrier wherever one needs what another thread has written. */
function emitRun(kernels: readonly { kernel: Kernel; shared: boolean }[]): { run: FunctionBuilder; barriers: number } {
  const f = new FunctionBuilder(3);
  const barrier = kernels.length;
  let barriers = 0;
  const meet = (): void => {
    f.get(TABLE)
      .memory("i32.load", BARRIER_SLOT * 4)
      .get(THREADS)
      .call(barrier);
    barriers++;
  };
  let since: { kernel: Kernel; shared: boolean }[] = [];
  kernels.forEach((next, i) => {
    if (since.some((before) => (before.shared || next.shared) && conflict(before.kernel, next.kernel))) {
      meet();
      since = [];
    }
    since.push(next);
    const call = () => f.get(TABLE).get(THREAD).get(THREADS).call(i);
    if (next.shared) call();
    else f.get(THREAD).op("i32.eqz").if(call);
  });
  meet();
  return { run: f, barriers };
}

/** Whether one of two kernels writes memory that the other reads or writes. */
function conflict(first: Kernel, second: Kernel): boolean {
  const touches = (a: Set<Buffer>, b: Set<Buffer>) => [...a].some((x) => [...b].some((y) => overlap(x, y)));
  const [w1, w2] = [buffersWritten(first), buffersWritten(second)];
  return touches(w1, buffersRead(second)) || touches(w1, w2) || touches(buffersRead(first), w2);
}

function overlap(x: Buffer, y: Buffer): boolean {
  if (x === y) return true;
  if (x.offset === undefined || y.offset === undefined) return false;
  return x.offset < y.offset + bytesOf(y) && y.offset < x.offset + bytesOf(x);
}
