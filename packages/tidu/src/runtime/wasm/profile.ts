// Times the kernels of a program as WebAssembly.
import {
  ARENA_SLOT,
  BARRIER_SLOT,
  FIRST_STORAGE,
  generateModule,
  SCRATCH_BYTES,
  SCRATCH_SLOT,
} from "../../codegen/wasm/module.js";
import type { Program } from "../../compile/program.js";
import { valueBytes } from "../../graph/node.js";
import { type KernelProfile, timeKernels } from "../profile.js";
import { mayFuse, type WasmOptions } from "./engine.js";
import { Heap } from "./heap.js";

/**
 * Times each kernel of a program by itself, on one thread, in separate memory.
 *
 * @param options those of the WebAssembly device whose code is to be timed.
 * @param milliseconds about how long all kernels run in total, in milliseconds; default 500.
 *
 * @example
 * ```ts
 * import { device, setDevice, tensor } from "tidu";
 * import { NullDevice, profileProgram } from "tidu/debug";
 *
 * const before = device();
 * const compiler = new NullDevice();
 * setDevice(compiler);
 * await tensor([1, 2]).exp().sum().data();
 * setDevice(before);
 *
 * const [kernel] = profileProgram(compiler.programs[0].program, {}, 10);
 * console.log(kernel.share); // 1
 * ```
 */
export function profileProgram(program: Program, options: WasmOptions = {}, milliseconds = 500): KernelProfile[] {
  const heap = new Heap(false);
  const { bytes, storages } = generateModule(program, { shared: false, relaxed: mayFuse(options) });
  const module = new WebAssembly.Module(bytes);
  const { exports } = new WebAssembly.Instance(module, { env: { memory: heap.memory } });
  const addresses: number[] = [];
  addresses[ARENA_SLOT] = heap.allocate(program.memory.arenaBytes);
  addresses[BARRIER_SLOT] = heap.allocate(256);
  addresses[SCRATCH_SLOT] = heap.allocate(SCRATCH_BYTES);
  storages.forEach((s, i) => {
    addresses[FIRST_STORAGE + i] = heap.allocate(valueBytes(s) * (program.runs ?? 1));
  });
  const table = heap.allocate(addresses.length * 4);
  // Pages that were never written are one page of zeros to the system, which processors read at half the speed or less.
  new Uint8Array(heap.memory.buffer).fill(0);
  new Int32Array(heap.memory.buffer, table, addresses.length).set(addresses);
  const run = (i: number): void =>
    (exports[i] as (table: number, thread: number, threads: number) => void)(table, 0, 1);
  return timeKernels(program.kernels, run, milliseconds);
}
