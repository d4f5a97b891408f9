// A program as one C file: its kernels, and the step that runs them one after the other.
import { type Buffer, buffersOf, type Kernel } from "../../compile/kernel.js";
import type { Program } from "../../compile/program.js";
import type { Storage } from "../../graph/node.js";
import type { Registers } from "../../plan/registers.js";
import { scratchFor } from "../../plan/scratch.js";
import { emitKernel } from "../kernel.js";
import { type Call, meetings, shareBodies } from "../program.js";
import { CEmitter } from "./emitter.js";
import { prelude, type Word } from "./prelude.js";

/** Slots of the table of addresses: the arena, the threads' own memory, then the storages. */
export const ARENA_SLOT = 0;
export const SCRATCH_SLOT = 1;
export const FIRST_STORAGE = 2;

/** A program's text: `tidu_step(table, threads)` executes the whole step, on threads that `tidu_pool_run` gives. */
export interface CProgram {
  readonly text: string;
  readonly storages: readonly Storage[];
  /** Bytes of memory that each thread needs of its own. */
  readonly scratchBytes: number;
  readonly stats: {
    readonly kernels: number;
    readonly bodies: number;
    readonly shared: number;
    readonly barriers: number;
  };
}

const HEAD = "static __attribute__((noinline)) void";

export function generateC(program: Program, registers: Registers): CProgram {
  const storages = program.buffers.flatMap((b) => b.storage ?? []);
  const slots = new Map(storages.map((s, i) => [s, FIRST_STORAGE + i]));
  const { bodies, calls, head, scratchBytes } = generateKernels(program, registers);
  const { text, barriers } = step(calls, slots, scratchBytes);
  return {
    text: [head, ...bodies, text].join("\n"),
    storages,
    scratchBytes,
    stats: { kernels: calls.length, bodies: bodies.length, shared: calls.filter((c) => c.shared).length, barriers },
  };
}

/** A program's kernels as C functions, what stands before them, and in which order they are called. */
export function generateKernels(program: Program, registers: Registers, word?: Word) {
  const { bodies, calls } = shareBodies(program.kernels, (kernel, n, steps) => {
    const buffers = buffersOf(kernel);
    const f = new CEmitter(buffers.length, registers, kernel.kind === "loop");
    const bases = new Map(buffers.map((b, i) => [b, CEmitter.base(i)]));
    const shared = emitKernel(f, bases, kernel, registers, steps);
    return { body: `/* ${describe(kernel)} */\n${f.finish(`${HEAD} kernel${n}`)}`, shared };
  });
  const head = prelude([...new Set([4, registers.lanes])], registers.fused, word);
  return { bodies, calls, head, scratchBytes: Math.ceil(scratchFor(registers).bytes / 64) * 64 };
}

const describe = ({ kind, name, sizes }: Kernel): string => `${kind} ${name.replaceAll("*/", "")} [${sizes.join(" ")}]`;

/** The call of a kernel's function, given the address of the one by which threads meet. */
export function callOf({ kernel, body }: Call, address: (buffer: Buffer) => string, meet: string): string {
  const { when } = kernel;
  const holds = when && `*(const number *)(${address(when.buffer)}) ${when.zero ? "==" : "!="} 0`;
  const last = kernel.kind === "loop" ? [meet] : [];
  const list = ["thread", "threads", "scratch", ...buffersOf(kernel).map(address), ...last].join(", ");
  return `${holds === undefined ? "" : `if (${holds}) `}kernel${body}(${list});`;
}

function step(calls: readonly Call[], slots: ReadonlyMap<Storage, number>, scratchBytes: number) {
  const address = ({ storage, offset }: Buffer): string =>
    storage === undefined ? `table[${ARENA_SLOT}] + ${offset}` : `table[${slots.get(storage)}]`;
  const waits = meetings(calls);
  const lines = calls.flatMap((call, i) => {
    const text = `${call.shared ? "" : "if (thread == 0) "}${callOf(call, address, "(I)meet")}`;
    return waits[i] ? ["meet(threads);", text] : [text];
  });
  const barriers = waits.filter((w) => w).length + 1;
  const text = `static void run(const I *table, I thread, I threads, void (*meet)(I)) {
  const I scratch = table[${SCRATCH_SLOT}] + thread * ${scratchBytes};
  (void)scratch;
${lines.map((l) => `  ${l}\n`).join("")}  meet(threads);
}

void tidu_pool_run(void (*)(const I *, I, I, void (*)(I)), const I *, I);
void tidu_step(const I *table, I threads) { tidu_pool_run(run, table, threads); }
`;
  return { text, barriers };
}
