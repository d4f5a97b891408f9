// A program as a C file that needs nothing else: a function that calls the kernels in order, on one thread.
import { type TypedArray, typedArray } from "../../base/dtype.js";
import { type Buffer, buffersRead, buffersWritten, type Kernel } from "../../compile/kernel.js";
import type { Program } from "../../compile/program.js";
import { type Storage, valueBytes } from "../../graph/node.js";
import type { Registers } from "../../plan/registers.js";
import { type Scratch, scratchFor, wholeLines } from "../../plan/scratch.js";
import type { Call } from "../program.js";
import { stretchesOf } from "../stretches.js";
import { callOf, eachPiece, generateKernels, type Share } from "./program.js";

/**
 * Forbids compilers to change results, so that all give the same bits; as pragmas, which hold whatever flags are given.
 */
const EXACT = `#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off", "no-fast-math", "wrapv", "no-strict-aliasing")
#endif
`;

/** Bytes behind the last element that vectors may read; what is read there changes nothing. */
export const READ_PAST = 64;

export interface StandaloneOptions {
  /** The function's name, and its parameters before `void *work`, memory that it uses during a call. */
  readonly name: string;
  readonly parameters: string;
  /** The caller's arrays, of exactly the size that they are said to have: those that the program reads are copied. */
  readonly exact: ReadonlyMap<Storage, string>;
  /** Where any other storage lies, with room behind it: an expression of the parameters' names. */
  readonly place: (storage: Storage) => string;
}

/** The text of the function and of everything it needs, and the bytes of memory that it works on. */
export function generateStandalone(
  program: Program,
  registers: Registers,
  { name, parameters, exact, place }: StandaloneOptions,
): { head: string; text: string; workBytes: number } {
  const { bodies, calls, groups, head, scratchBytes } = leanKernels(program, registers);
  const { copies, first, last, end } = copied(program, exact, scratchBytes + program.memory.arenaBytes);
  const address = ({ storage, offset }: Buffer): string =>
    storage === undefined
      ? `arena + ${offset}`
      : (copies.get(storage) ?? `(I)(${exact.get(storage) ?? place(storage)})`);
  const loops = calls.some(({ kernel }) => kernel.kind === "loop");
  const code = (call: Call, share?: Share): string => callOf(call, address, "(I)meet1", share);
  const steps = stretchesOf(calls, groups).flatMap(({ calls, pieces }) =>
    pieces === undefined
      ? calls.map((call) => code(call))
      : ["{", ...eachPiece(calls, pieces, code).map((line) => `  ${line}`), "}"],
  );
  const lines = [...first, ...steps, ...last];
  const text = `${bodies.join("\n")}
${loops ? ALONE : ""}${name.startsWith("static ") ? name.replace(" ", " void ") : `void ${name}`}(${parameters}, void *work) {
  const I thread = 0, threads = 1, scratch = (I)work, arena = scratch + ${scratchBytes};
  (void)arena;
${lines.map((line) => `  ${line}\n`).join("")}}
`;
  return { head: EXACT + head, text, workBytes: end + READ_PAST };
}

/** One thread has no others to wait for. */
const ALONE = "static void meet1(I threads) { (void)threads; }\n";

/**
 * Copies of the caller's arrays that the program reads, in the memory for the call from `end` on: vectors may read past
 * their last elements. Those that it writes, too, are copied back.
 */
function copied({ kernels }: Program, exact: ReadonlyMap<Storage, string>, end: number) {
  const storages = (of: (kernel: Kernel) => Iterable<Buffer>) =>
    new Set(kernels.flatMap((kernel) => [...of(kernel)].map(({ storage }) => storage)));
  const [read, written] = [storages(buffersRead), storages(buffersWritten)];
  const copies = new Map<Storage, string>();
  const [first, last]: [string[], string[]] = [[], []];
  for (const [storage, name] of exact) {
    if (!read.has(storage)) continue;
    const [copy, bytes] = [`scratch + ${end}`, valueBytes(storage)];
    copies.set(storage, copy);
    if (written.has(storage)) last.push(`__builtin_memcpy(${name}, (const void *)(${copy}), ${bytes});`);
    else first.push(`__builtin_memcpy((void *)(${copy}), ${name}, ${bytes});`);
    end += wholeLines(bytes);
  }
  return { copies, first, last, end };
}

/** The parts of a thread's own memory, in order. */
const PARTS = ["panels", "rows", "sums", "chains", "groups"] as const;

/** A program's kernels, with memory of their own only for what they use. */
function leanKernels(program: Program, registers: Registers): ReturnType<typeof generateKernels> {
  const all = scratchFor(registers);
  const used = new Set<string>();
  const noting = new Proxy(all, {
    get(space, part: keyof Scratch) {
      used.add(part);
      return space[part];
    },
  });
  const write = (space: Scratch) => generateKernels(program, registers, "intptr_t", undefined, space);
  const kernels = write(noting);
  const unused = PARTS.filter((part) => !used.has(part));
  return unused.length === 0 ? kernels : write(without(all, unused));
}

/** A thread's own memory without some of its parts. */
function without(space: Scratch, unused: readonly (keyof Scratch)[]): Scratch {
  const places: Record<keyof Scratch, number> = { ...space };
  let bytes = 0;
  PARTS.forEach((part, i) => {
    places[part] = bytes;
    if (!unused.includes(part)) bytes += (i + 1 < PARTS.length ? space[PARTS[i + 1]] : space.bytes) - space[part];
  });
  return { ...places, bytes };
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ f32: "float", i32: "int32_t", bool: "int32_t", u8: "uint8_t" },
  ...{ f16: "uint16_t", bf16: "uint16_t" },
};

/** C's type of a storage's elements. Booleans are 32 bits, all ones where true; halves their bits. */
export const typeOf = ({ dtype }: Storage): string => TYPES[dtype];

/**
 * An array with these elements, as exact as they are, and with room for so many more; constant unless the program writes
 * it.
 */
export function staticArray(name: string, storage: Storage, data: TypedArray, room = 0, written = false): string {
  const finite = storage.dtype !== "f32" || data.every((x) => Number.isFinite(x));
  // NaN and infinity have no decimals, so the bits are written.
  const values = finite ? data : typedArray("i32", data.length, data.buffer as ArrayBuffer, data.byteOffset);
  const type = finite ? typeOf(storage) : "int32_t";
  const items = Array.from(values, (x) => (type === "float" ? float(x) : integer(x)));
  const lines = Array.from({ length: Math.ceil(items.length / 8) }, (_, i) => items.slice(8 * i, 8 * i + 8).join(", "));
  return `static ${written ? "" : "const "}${type} ${name}[${items.length + room}] = {\n  ${lines.join(",\n  ")}};\n`;
}

/** The shortest decimal that is read as this float32. */
function float(x: number): string {
  const text = Object.is(x, -0) ? "-0" : String(Number(x.toPrecision(9)));
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`;
}

const integer = (x: number): string => (x === -(2 ** 31) ? "(-2147483647 - 1)" : String(x));
