// A program as one C file: its kernels, and the step that runs them one after the other.
import { type Buffer, buffersOf, type Kernel } from "../../compile/kernel.js";
import type { Program } from "../../compile/program.js";
import type { Storage } from "../../graph/node.js";
import { groupsOf } from "../../plan/pieces.js";
import type { Registers } from "../../plan/registers.js";
import { scratchFor, wholeLines } from "../../plan/scratch.js";
import { isPoint, nestInPieces } from "../../plan/touched.js";
import { emitKernel } from "../kernel.js";
import { type Call, shareBodies } from "../program.js";
import { meetingsIn, type Stretch, stretchesOf } from "../stretches.js";
import { CEmitter } from "./emitter.js";
import { prelude, type Word } from "./prelude.js";

/** Slots of the table of addresses: the arena, the threads' own memory, then the storages. */
export const ARENA_SLOT = 0;
export const SCRATCH_SLOT = 1;
export const FIRST_STORAGE = 2;

/**
 * A program's text: `tidu_step(table, threads)` executes the whole step, on threads of `tidu_pool_run`, or, where kernels are
 * to run one by one, the kernel whose number stands in the table behind the storages.
 */
export interface CProgram {
  readonly text: string;
  /** Into how many object files the text can be compiled in parallel: with PART defined as each number below this. */
  readonly parts: number;
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

/** The storage class of kernels: local to one file, or a macro that decides it for each part. */
const OWN = "static __attribute__((noinline))";
const OF_PART = "KERNEL";

/** Characters of text from which a compiler process of its own pays. */
const PART_LENGTH = 300_000;

export function generateC(program: Program, registers: Registers, oneByOne = false): CProgram {
  const storages = program.buffers.flatMap((b) => b.storage ?? []);
  const slots = new Map(storages.map((s, i) => [s, FIRST_STORAGE + i]));
  const { bodies, calls, groups, head, scratchBytes } = generateKernels(program, registers, undefined, OF_PART);
  const { text, barriers } = oneByOne
    ? { text: step(choice(calls, slots), scratchBytes), barriers: 1 }
    : wholeStep(stretchesOf(calls, groups), slots, scratchBytes);
  const { kernels, parts } = inParts(bodies);
  return {
    text: [head, kernels, text].join("\n"),
    parts,
    storages,
    scratchBytes,
    stats: { kernels: calls.length, bodies: bodies.length, shared: calls.filter((c) => c.shared).length, barriers },
  };
}

/** A program's kernels as C functions, what stands before them, and in which order they are called. */
export function generateKernels(
  program: Program,
  registers: Registers,
  word?: Word,
  scope = OWN,
  space = scratchFor(registers),
) {
  const groups = groupsOf(program.kernels, registers);
  const inPieces = new Set(groups.flatMap(({ first, end }) => program.kernels.slice(first, end)));
  const write = (kernel: Kernel, n: number, steps: readonly Call[]) => {
    const buffers = buffersOf(kernel);
    const f = new CEmitter(buffers.length, registers, kernel.kind === "loop", space);
    const bases = new Map(buffers.map((b, i) => [b, CEmitter.base(i)]));
    const shared = emitKernel(f, bases, kernel, registers, steps, inPieces.has(kernel) ? nestInPieces : undefined);
    return { body: `/* ${describe(kernel)} */\n${f.finish(`${scope} void kernel${n}`)}`, shared };
  };
  const { bodies, calls } = shareBodies(program.kernels, write, inPieces);
  const head = prelude([...new Set([4, registers.lanes])], registers.fused, word);
  return { bodies, calls, groups, head, scratchBytes: wholeLines(space.bytes) };
}

/** Kernels' functions, each in one part of the text, and their declarations for the last part, which has the step. */
function inParts(bodies: readonly string[]): { kernels: string; parts: number } {
  const total = bodies.reduce((n, body) => n + body.length, 0);
  const parts = Math.ceil(total / PART_LENGTH);
  if (parts < 2) return { kernels: `#define ${OF_PART} ${OWN}\n${bodies.join("\n")}`, parts: 1 };
  const lists = Array.from({ length: parts }, (): string[] => []);
  let before = 0;
  for (const body of bodies) {
    lists[Math.floor((before * parts) / total)].push(body);
    before += body.length;
  }
  const declarations = bodies.map((body) => `${(/^KERNEL void \w+\([^)]*\)/m.exec(body) as RegExpExecArray)[0]};`);
  const head = `#ifdef PART
#define ${OF_PART} __attribute__((noinline, visibility("hidden")))
${declarations.join("\n")}
#else
#define ${OF_PART} ${OWN}
#endif`;
  const pieces = lists.map((list, i) => `#if !defined PART || PART == ${i}\n${list.join("\n")}\n#endif`);
  return { kernels: [head, ...pieces].join("\n"), parts };
}

const describe = ({ kind, name, sizes }: Kernel): string => `${kind} ${name.replaceAll("*/", "")} [${sizes.join(" ")}]`;

/** A thread, of how many: the names of the variables, or numbers. */
export type Share = readonly [thread: string, threads: string];
const OF_THREAD: Share = ["thread", "threads"];
const ALONE: Share = ["0", "1"];

/** The call of a kernel's function for a share of its work, given the address of the one by which threads meet. */
export function callOf(
  { kernel, body }: Call,
  address: (buffer: Buffer) => string,
  meet: string,
  share = OF_THREAD,
): string {
  const { when } = kernel;
  const holds = when && `*(const number *)(${address(when.buffer)}) ${when.zero ? "==" : "!="} 0`;
  const last = kernel.kind === "loop" ? [meet] : [];
  const list = [...share, "scratch", ...buffersOf(kernel).map(address), ...last].join(", ");
  return `${holds === undefined ? "" : `if (${holds}) `}kernel${body}(${list});`;
}

/** The code that calls a kernel for a share of its work. */
function calling(slots: ReadonlyMap<Storage, number>): (call: Call, share?: Share) => string {
  const address = ({ storage, offset }: Buffer): string =>
    storage === undefined ? `table[${ARENA_SLOT}] + ${offset}` : `table[${slots.get(storage)}]`;
  return (call, share) => callOf(call, address, "(I)meet", share);
}

/** The loop in which a thread runs all calls of a group for each of its pieces. */
export function eachPiece(
  calls: readonly Call[],
  pieces: number,
  code: (call: Call, share: Share) => string,
): readonly string[] {
  const ofPiece = (call: Call): string =>
    isPoint(call.kernel) ? `if (piece == 0) ${code(call, ALONE)}` : code(call, ["piece", String(pieces)]);
  return [
    `const I end = (thread + 1) * ${pieces} / threads;`,
    `for (I piece = thread * ${pieces} / threads; piece < end; piece++) {`,
    ...calls.map((call) => `  ${ofPiece(call)}`),
    "}",
  ];
}

const MEET = "meet(threads);";

function wholeStep(stretches: readonly Stretch[], slots: ReadonlyMap<Storage, number>, scratchBytes: number) {
  const code = calling(slots);
  const waits = meetingsIn(stretches);
  let barriers = 1;
  const lines = stretches.flatMap(({ calls, pieces }, s) => {
    const [first, ...others] = waits[s];
    const begin = first ? [MEET] : [];
    const own = (call: Call): string => (call.shared ? code(call) : `if (thread == 0) ${code(call, ALONE)}`);
    const after = calls.slice(1).flatMap((call, i) => (others[i] ? [MEET, own(call)] : [own(call)]));
    barriers += begin.length + (pieces === undefined ? others.filter((w) => w).length : 0);
    if (pieces === undefined) return [...begin, own(calls[0]), ...after];
    return [
      ...begin,
      // With more threads each has too few pieces.
      `if (threads <= ${Math.floor(pieces / 2)}) {`,
      ...eachPiece(calls, pieces, code).map((line) => `  ${line}`),
      "} else {",
      ...[own(calls[0]), ...after].map((line) => `  ${line}`),
      "}",
    ];
  });
  return { text: step(lines, scratchBytes), barriers };
}

/** The kernel that the table names. */
function choice(calls: readonly Call[], slots: ReadonlyMap<Storage, number>): string[] {
  const code = calling(slots);
  const cases = calls.map((call, i) => `case ${i}: ${code(call)} break;`);
  return [`switch (table[${FIRST_STORAGE + slots.size}]) {`, ...cases, "}"];
}

/** The function that each thread runs, of these lines, and the one that starts them. */
function step(lines: readonly string[], scratchBytes: number): string {
  return `#if !defined PART || PART == 0
static void run(const I *table, I thread, I threads, void (*meet)(I)) {
  const I scratch = table[${SCRATCH_SLOT}] + thread * ${scratchBytes};
  (void)scratch;
${lines.map((l) => `  ${l}\n`).join("")}  meet(threads);
}

void tidu_pool_run(void (*)(const I *, I, I, void (*)(I)), const I *, I);
void tidu_step(const I *table, I threads) { tidu_pool_run(run, table, threads); }
#endif
`;
}
