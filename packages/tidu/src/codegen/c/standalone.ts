// A program as a C file that needs nothing else: a function that calls the kernels in order, on one thread.
import { type TypedArray, typedArray } from "../../base/dtype.js";
import type { Buffer } from "../../compile/kernel.js";
import type { Program } from "../../compile/program.js";
import type { Storage } from "../../graph/node.js";
import type { Registers } from "../../plan/registers.js";
import { callOf, generateKernels } from "./program.js";

/**
 * Forbids compilers to change results, so that all give the same bits; as pragmas, which hold whatever flags are given.
 */
const EXACT = `#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off", "no-fast-math", "wrapv", "no-strict-aliasing")
#endif
`;

export interface StandaloneOptions {
  /** The function's name, and its parameters before `void *work`, memory that it uses during a call. */
  readonly name: string;
  readonly parameters: string;
  /** Where a storage lies: an expression of the parameters' names. */
  readonly place: (storage: Storage) => string;
}

/** The text of the function and of everything it needs, and the bytes of memory that it works on. */
export function generateStandalone(
  program: Program,
  registers: Registers,
  { name, parameters, place }: StandaloneOptions,
): { head: string; text: string; workBytes: number } {
  const { bodies, calls, head, scratchBytes } = generateKernels(program, registers, "intptr_t");
  const address = ({ storage, offset }: Buffer): string =>
    storage === undefined ? `arena + ${offset}` : `(I)(${place(storage)})`;
  const text = `${bodies.join("\n")}
${name.startsWith("static ") ? name.replace(" ", " void ") : `void ${name}`}(${parameters}, void *work) {
  const I thread = 0, threads = 1, scratch = (I)work, arena = scratch + ${scratchBytes};
  (void)arena;
${calls.map((call) => `  ${callOf(call, address, "0")}\n`).join("")}}
`;
  return { head: EXACT + head, text, workBytes: scratchBytes + program.memory.arenaBytes };
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ f32: "float", i32: "int32_t", bool: "int32_t", u8: "uint8_t" },
  ...{ f16: "uint16_t", bf16: "uint16_t" },
};

/** C's type of a storage's elements. Booleans are 32 bits, all ones where true; halves their bits. */
export const typeOf = ({ dtype }: Storage): string => TYPES[dtype];

/** An array with these elements, as exact as they are; constant unless the program writes it. */
export function staticArray(name: string, storage: Storage, data: TypedArray, written = false): string {
  const finite = storage.dtype !== "f32" || data.every((x) => Number.isFinite(x));
  // NaN and infinity have no decimals, so the bits are written.
  const values = finite ? data : typedArray("i32", data.length, data.buffer as ArrayBuffer, data.byteOffset);
  const type = finite ? typeOf(storage) : "int32_t";
  const items = Array.from(values, (x) => (type === "float" ? float(x) : integer(x)));
  const lines = Array.from({ length: Math.ceil(items.length / 8) }, (_, i) => items.slice(8 * i, 8 * i + 8).join(", "));
  return `static ${written ? "" : "const "}${type} ${name}[${items.length}] = {\n  ${lines.join(",\n  ")}};\n`;
}

/** The shortest decimal that is read as this float32. */
function float(x: number): string {
  const text = Object.is(x, -0) ? "-0" : String(Number(x.toPrecision(9)));
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`;
}

const integer = (x: number): string => (x === -(2 ** 31) ? "(-2147483647 - 1)" : String(x));
