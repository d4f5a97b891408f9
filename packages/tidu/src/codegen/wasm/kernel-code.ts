import { type Buffer, buffersOf, type Kernel } from "../../compile/kernel.js";
import { FunctionBuilder } from "./assembler.js";

/** Code of a kernel: a function (table, thread, threads, then the address of each buffer that the kernel touches). */
export interface KernelCode {
  readonly f: FunctionBuilder;
  /** Whether threads divide its work; else one of them does it all. */
  readonly shared: boolean;
}

/** Parameters before the addresses. */
const FIXED = 3;

/** An empty function for a kernel, and the parameters that hold its buffers' addresses. */
export function kernelFunction(kernel: Kernel): { f: FunctionBuilder; bases: ReadonlyMap<Buffer, number> } {
  const buffers = buffersOf(kernel);
  return { f: new FunctionBuilder(FIXED + buffers.length), bases: new Map(buffers.map((b, i) => [b, FIXED + i])) };
}
