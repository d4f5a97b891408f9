// Times the kernels of a program.
import { byteSize } from "../../base/dtype.js";
import {
  ARENA_SLOT,
  BARRIER_SLOT,
  FIRST_STORAGE,
  generateModule,
  SCRATCH_BYTES,
  SCRATCH_SLOT,
} from "../../codegen/wasm/module.js";
import { type Buffer, buffersRead, buffersWritten, extent, type Kernel } from "../../compile/kernel.js";
import type { Program } from "../../compile/program.js";
import { valueBytes } from "../../graph/node.js";
import { productsDone } from "../../plan/contraction.js";
import { mayFuse, type WasmOptions } from "./engine.js";
import { Heap } from "./heap.js";

/** The time and rates of one kernel of a program on one thread. */
export interface KernelProfile {
  readonly kernel: Kernel;
  /** The shortest measured time, in µs. */
  readonly microseconds: number;
  /** Share of the time of all kernels, from 0 to 1. */
  readonly share: number;
  /** Contractions only: 10⁹ additions and multiplications per second, without skipped ones. */
  readonly gigaflops?: number;
  /** 10⁹ bytes read and written per second, with each buffer counted once. */
  readonly gigabytes: number;
}

/** The fewest runs of each kernel: engines optimize a function only after some calls. */
const PASSES = 12;

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
  // Kernels that replace others where data are uneven seldom run, and are left out.
  const usual = program.kernels.flatMap(({ when }, i) => (when === undefined || when.zero ? [i] : []));
  const times = program.kernels.map((_, i) => (usual.includes(i) ? Number.POSITIVE_INFINITY : 0));
  const end = performance.now() + milliseconds;
  for (let pass = 0; pass < PASSES || performance.now() < end; pass++) {
    usual.forEach((i) => {
      const start = performance.now();
      (exports[i] as (table: number, thread: number, threads: number) => void)(table, 0, 1);
      times[i] = Math.min(times[i], (performance.now() - start) * 1000);
    });
  }
  const total = times.reduce((sum, t) => sum + t, 0);
  return usual.map((i) => describe(program.kernels[i], times[i], total));
}

function describe(kernel: Kernel, microseconds: number, total: number): KernelProfile {
  const size = (b: Buffer) => extent(b) * byteSize(b.dtype);
  const moved = [...new Set([...buffersRead(kernel), ...buffersWritten(kernel)])].reduce((n, b) => n + size(b), 0);
  return {
    kernel,
    microseconds,
    share: microseconds / total,
    gigaflops: kernel.kind === "contract" ? (2 * productsDone(kernel)) / microseconds / 1000 : undefined,
    gigabytes: moved / microseconds / 1000,
  };
}

/**
 * A profile as a table, with the slowest kernel first.
 *
 * @example
 * ```ts
 * import { device, setDevice, tensor } from "tidu";
 * import { formatProfile, NullDevice, profileProgram } from "tidu/debug";
 *
 * const before = device();
 * const compiler = new NullDevice();
 * setDevice(compiler);
 * await tensor([1, 2]).exp().sum().data();
 * setDevice(before);
 *
 * const table = formatProfile(profileProgram(compiler.programs[0].program, {}, 10));
 * console.log(table.includes("100")); // true
 * ```
 */
export function formatProfile(profile: readonly KernelProfile[]): string {
  const total = profile.reduce((sum, p) => sum + p.microseconds, 0);
  const lines = [...profile]
    .sort((p, q) => q.microseconds - p.microseconds)
    .map(({ kernel, microseconds, share, gigaflops, gigabytes }) => {
      const rate = gigaflops === undefined ? `${gigabytes.toFixed(1)} GB/s` : `${gigaflops.toFixed(1)} GFLOP/s`;
      const cells = [
        microseconds.toFixed(1).padStart(9),
        `${(share * 100).toFixed(1)}%`.padStart(7),
        rate.padStart(14),
        kernel.kind.padEnd(8),
      ];
      return `${cells.join("  ")}  ${kernel.name} [${kernel.sizes.join(" ")}]`;
    });
  return [
    `${profile.length} kernels, ${total.toFixed(0)} µs on one thread`,
    "       µs    share            rate",
    ...lines,
  ].join("\n");
}
