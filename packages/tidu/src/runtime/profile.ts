// Times the kernels of a program, one by one.
import { byteSize } from "../base/dtype.js";
import { type Buffer, buffersRead, buffersWritten, extent, type Kernel } from "../compile/kernel.js";
import { productsDone } from "../plan/contraction.js";

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
 * Times kernels, each by itself, in turns.
 *
 * @param run runs the kernel of a number.
 * @param milliseconds about how long all of them run in total.
 */
export function timeKernels(
  kernels: readonly Kernel[],
  run: (number: number) => void,
  milliseconds: number,
): KernelProfile[] {
  // Kernels that replace others where data are uneven seldom run, and are left out.
  const usual = kernels.flatMap(({ when }, i) => (when === undefined || when.zero ? [i] : []));
  const times = kernels.map((_, i) => (usual.includes(i) ? Number.POSITIVE_INFINITY : 0));
  const end = performance.now() + milliseconds;
  for (let pass = 0; pass < PASSES || performance.now() < end; pass++) {
    usual.forEach((i) => {
      const start = performance.now();
      run(i);
      times[i] = Math.min(times[i], (performance.now() - start) * 1000);
    });
  }
  const total = times.reduce((sum, t) => sum + t, 0);
  return usual.map((i) => describe(kernels[i], times[i], total));
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
