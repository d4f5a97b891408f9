// Makes a WebAssembly module of a program.
import { type Buffer, buffersOf, type Kernel } from "../../compile/kernel.js";
import type { Program } from "../../compile/program.js";
import type { Storage } from "../../graph/node.js";
import { emitKernel } from "../kernel.js";
import { type Call, meetings, shareBodies } from "../program.js";
import { assembleModule, FunctionBuilder } from "./assembler.js";
import { emitBarrier } from "./barrier.js";
import { emitMeeting, FIRST_KERNEL, TABLE, THREAD, THREADS, WasmEmitter } from "./emitter.js";
import { wasmRegisters } from "./registers.js";

/** What code may use. */
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
export { BARRIER_SLOT, SCRATCH_BYTES, SCRATCH_SLOT } from "./emitter.js";
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
  const registers = wasmRegisters(features.relaxed);
  const { bodies, calls } = shareBodies(program.kernels, (kernel, _, steps) => {
    const buffers = buffersOf(kernel);
    const f = new WasmEmitter(buffers.length);
    const bases = new Map(buffers.map((b, i) => [b, WasmEmitter.base(i)]));
    return { body: f, shared: emitKernel(f, bases, kernel, registers, steps) };
  });
  const stubs = calls.map(({ kernel, body }) => emitStub(kernel, body, placeOf));
  const first = FIRST_KERNEL + bodies.length;
  const { run, barriers } = emitRun(calls, placeOf, first);
  const exported = stubs.map((_, i) => [String(i), first + i] as const);
  const functions = [emitBarrier(), ...bodies, ...stubs, run];
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

/** A function (table, thread, threads) that runs one kernel on its buffers. */
function emitStub(kernel: Kernel, body: number, placeOf: PlaceOf): FunctionBuilder {
  const f = new FunctionBuilder(3);
  f.get(TABLE).get(THREAD).get(THREADS);
  for (const buffer of buffersOf(kernel)) {
    const { slot, offset } = placeOf(buffer);
    f.get(TABLE).memory("i32.load", slot * 4);
    if (offset > 0) f.i32(offset).op("add");
  }
  return f.call(FIRST_KERNEL + body);
}

/**
 * The step: kernels one after the other, with a barrier wherever one needs what another thread has written.
 *
 * @param first number of the first kernel's stub; the others follow.
 */
function emitRun(calls: readonly Call[], placeOf: PlaceOf, first: number): { run: FunctionBuilder; barriers: number } {
  const f = new FunctionBuilder(3);
  const waits = meetings(calls);
  calls.forEach(({ shared, kernel: { when } }, i) => {
    if (waits[i]) emitMeeting(f);
    const call = () =>
      f
        .get(TABLE)
        .get(THREAD)
        .get(THREADS)
        .call(first + i);
    const mine = (): void => void (shared ? call() : f.get(THREAD).op("eqz").if(call));
    if (when === undefined) return mine();
    const { slot, offset } = placeOf(when.buffer);
    f.get(TABLE).memory("i32.load", slot * 4);
    f.memory("i32.load", offset);
    if (when.zero) f.op("eqz");
    f.if(mine);
  });
  emitMeeting(f);
  return { run: f, barriers: waits.filter((w) => w).length + 1 };
}
