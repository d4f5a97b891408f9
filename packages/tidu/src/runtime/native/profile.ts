// Times the kernels of a program as native code.
import { ARENA_SLOT, FIRST_STORAGE, generateC, SCRATCH_SLOT } from "../../codegen/c/program.js";
import type { Program } from "../../compile/program.js";
import { valueBytes } from "../../graph/node.js";
import type { Registers } from "../../plan/registers.js";
import { type KernelProfile, timeKernels } from "../profile.js";
import { awaited } from "./command.js";
import { type Block, LINE, NativeMemory } from "./memory.js";
import type { Toolchain } from "./toolchain.js";

/** Times each kernel of a program by itself, on one thread, in separate memory: see `NativeDevice.profile`. */
export async function profileNative(
  tools: Toolchain,
  registers: Registers,
  program: Program,
  milliseconds: number,
): Promise<KernelProfile[]> {
  const { text, parts, storages, scratchBytes } = generateC(program, registers, true);
  const step = await awaited(tools.make(text, parts));
  const sizes: number[] = [];
  sizes[ARENA_SLOT] = program.memory.arenaBytes;
  sizes[SCRATCH_SLOT] = scratchBytes;
  storages.forEach((s, i) => {
    sizes[FIRST_STORAGE + i] = valueBytes(s) * (program.runs ?? 1);
  });
  // The table of addresses lies in front of what it points to: as long as one is held, all of it is.
  const places = [8 * (sizes.length + 1), ...sizes].map((bytes) => Math.ceil(bytes / LINE + 1) * LINE);
  const memory = new NativeMemory(tools.libraries, () => Number.POSITIVE_INFINITY);
  const block = memory.allocate(places.reduce((sum, bytes) => sum + bytes, 0));
  const table = tableIn(block, sizes.length + 1);
  let at = block.address;
  sizes.forEach((_, slot) => {
    at += BigInt(places[slot]);
    table[slot] = at;
  });
  const run = (kernel: number): void => {
    table[sizes.length] = BigInt(kernel);
    step(table, 1);
  };
  return timeKernels(program.kernels, run, milliseconds);
}

function tableIn({ buffer, start }: Block, length: number): BigInt64Array {
  // Pages that were never written are one page of zeros to the system, which processors read at half the speed or less.
  new Uint8Array(buffer).fill(0);
  return new BigInt64Array(buffer, start, length);
}
