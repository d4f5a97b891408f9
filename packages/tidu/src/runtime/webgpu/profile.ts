// The time of each launch of a program on the card, by the card's clock.
import { byteSize } from "../../base/dtype.js";
import { type Buffer, extent, type Kernel } from "../../compile/kernel.js";
import { type GpuDevice, type GpuPass, MAP_READ, USAGE } from "./gpu.js";
import type { Launch } from "./program.js";

export interface LaunchProfile {
  /** Names and loops of the kernels that run in it. */
  readonly kernels: string;
  readonly groups: readonly [x: number, y: number];
  readonly milliseconds: number;
  /** For contractions: 10¹² additions and multiplications a second. */
  readonly teraflops?: number;
  /** 10⁹ bytes a second, each buffer counted once. */
  readonly gigabytes: number;
}

const describe = ({ kind, name, sizes, outer }: Kernel): string =>
  `${kind} ${name} [${sizes.slice(0, outer)}|${sizes.slice(outer)}]`;

/**
 * Runs each launch `repeats` times in a pass of its own.
 *
 * @param encodeEach calls back with each launch, and a function that encodes it alone.
 */
export async function profileLaunches(
  gpu: GpuDevice,
  encodeEach: (each: (launch: Launch, encode: (pass: GpuPass) => void) => void) => void,
  repeats: number,
): Promise<LaunchProfile[]> {
  const launches: Launch[] = [];
  encodeEach((launch) => void launches.push(launch));
  const count = 2 * launches.length;
  const querySet = gpu.createQuerySet({ type: "timestamp", count });
  const resolved = gpu.createBuffer({ size: 8 * count, usage: USAGE.queryResolve | USAGE.copySource });
  const back = gpu.createBuffer({ size: 8 * count, usage: USAGE.mapRead | USAGE.copyTarget });
  const encoder = gpu.createCommandEncoder();
  let at = 0;
  encodeEach((_, encode) => {
    const timestampWrites = { querySet, beginningOfPassWriteIndex: at++, endOfPassWriteIndex: at++ };
    const pass = encoder.beginComputePass({ timestampWrites });
    for (let i = 0; i < repeats; i++) encode(pass);
    pass.end();
  });
  encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, back, 0, 8 * count);
  gpu.queue.submit([encoder.finish()]);
  await back.mapAsync(MAP_READ);
  const times = new BigInt64Array(back.getMappedRange().slice(0));
  for (const used of [querySet, resolved, back]) used.destroy();
  return launches.map(({ dispatch }, i) => {
    const milliseconds = Number(times[2 * i + 1] - times[2 * i]) / repeats / 1e6;
    const size = (b: Buffer): number => extent(b) * byteSize(b.dtype);
    const flops = dispatch.kernels.reduce(
      (n, k) => n + (k.kind === "contract" ? 2 * k.sizes.reduce((p, s) => p * s, 1) : 0),
      0,
    );
    return {
      kernels: dispatch.kernels.map(describe).join(", "),
      groups: dispatch.groups,
      milliseconds,
      ...(flops > 0 ? { teraflops: flops / milliseconds / 1e9 } : {}),
      gigabytes: dispatch.touched.reduce((n, b) => n + size(b), 0) / milliseconds / 1e6,
    };
  });
}
