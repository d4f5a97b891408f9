// Writes WebAssembly in its binary format.
import { INT, type ValueType, VECTOR } from "../emitter.js";
import { CORE, LANE, LANE_MEMORY, MEMORY, SIMD } from "./opcodes.js";

/** Value types of WebAssembly by their binary codes. */
const CODES = { [INT]: 0x7f, [VECTOR]: 0x7b } as const;

function unsigned(out: number[], value: number): void {
  let rest = value >>> 0;
  for (; rest > 0x7f; rest >>>= 7) out.push((rest & 0x7f) | 0x80);
  out.push(rest);
}

function signed(out: number[], value: number): void {
  let rest = value | 0;
  for (; rest < -0x40 || rest > 0x3f; rest >>= 7) out.push((rest & 0x7f) | 0x80);
  out.push(rest & 0x7f);
}

/** Writes one function's code. Instructions are called by their names in the specification. */
export class FunctionBuilder {
  readonly #code: number[] = [];
  /** Runs before everything else: constants that the rest of the function finds in locals. */
  readonly #prologue: number[] = [];
  readonly #constants = new Map<number, number>();
  readonly #locals: ValueType[] = [];
  /** Locals that are free again, and those in use since the current scope began. */
  readonly #free: Record<ValueType, number[]> = { [INT]: [], [VECTOR]: [] };
  #taken: number[] = [];

  constructor(readonly parameters: number) {}

  /** A new local variable's number; its first contents are arbitrary. */
  local(type: ValueType): number {
    const local = this.#free[type].pop() ?? this.#fresh(type);
    this.#taken.push(local);
    return local;
  }

  #fresh(type: ValueType): number {
    return this.parameters + this.#locals.push(type) - 1;
  }

  /**
   * Locals that `body` takes are free for others after it. Engines follow each local through each loop that sets it:
   * the fewer there are, the faster they compile.
   */
  scoped(body: () => void): void {
    const outer = this.#taken;
    this.#taken = [];
    body();
    for (const local of this.#taken) this.#free[this.#locals[local - this.parameters]].push(local);
    this.#taken = outer;
  }

  /** A byte, and a number behind it: mostly a small one, which takes one call. */
  #write(byte: number, number: number): this {
    const code = this.#code;
    if (number < 0x80) code.push(byte, number);
    else {
      code.push(byte);
      unsigned(code, number);
    }
    return this;
  }

  get(local: number): this {
    if (local >= 0x80) return this.#write(0x20, local);
    this.#code.push(0x20, local);
    return this;
  }
  set(local: number): this {
    return this.#write(0x21, local);
  }
  tee(local: number): this {
    return this.#write(0x22, local);
  }

  /** Pops a value into a new local and returns its number. */
  keep(type: ValueType): number {
    const local = this.local(type);
    this.#write(0x21, local);
    return local;
  }

  /** Adds `bytes` to the address in a local. */
  advance(pointer: number, bytes: number): this {
    return bytes === 0 ? this : this.get(pointer).i32(bytes).op("add").set(pointer);
  }

  /** A local that holds the same 32 bits in all lanes from the start of the function on. */
  constant(bits: number): number {
    let local = this.#constants.get(bits | 0);
    if (local === undefined) {
      local = this.#fresh(VECTOR);
      this.#constants.set(bits | 0, local);
      this.#prologue.push(0xfd, 0x0c);
      for (let lane = 0; lane < 4; lane++) {
        this.#prologue.push(bits & 255, (bits >>> 8) & 255, (bits >>> 16) & 255, (bits >>> 24) & 255);
      }
      this.#prologue.push(0x21);
      unsigned(this.#prologue, local);
    }
    return local;
  }

  i32(value: number): this {
    this.#code.push(0x41);
    signed(this.#code, value);
    return this;
  }
  i64(value: number): this {
    this.#code.push(0x42);
    signed(this.#code, value);
    return this;
  }
  v128(lanes: readonly number[]): this {
    this.#write(0xfd, 0x0c);
    for (const b of lanes) this.#code.push(b & 255, (b >>> 8) & 255, (b >>> 16) & 255, (b >>> 24) & 255);
    return this;
  }
  op(name: keyof typeof CORE): this {
    this.#code.push(CORE[name]);
    return this;
  }
  vector(name: keyof typeof SIMD): this {
    return this.#write(0xfd, SIMD[name]);
  }
  lane(name: keyof typeof LANE, lane: number): this {
    this.#write(0xfd, LANE[name]);
    this.#code.push(lane);
    return this;
  }
  /** Picks four lanes out of the eight of two vectors. */
  shuffle(lanes: readonly number[]): this {
    this.#write(0xfd, 0x0d);
    for (const l of lanes) this.#code.push(4 * l, 4 * l + 1, 4 * l + 2, 4 * l + 3);
    return this;
  }
  /** @param offset of a load may be negative. The instruction's own cannot, so that is added to the address first. */
  memory(name: keyof typeof MEMORY, offset = 0): this {
    if (offset >= 0) return this.#access(MEMORY[name], offset);
    return this.i32(offset).op("add").memory(name);
  }
  laneMemory(name: keyof typeof LANE_MEMORY, lane: number, offset = 0): this {
    this.#access(LANE_MEMORY[name], offset).#code.push(lane);
    return this;
  }
  #access(bytes: readonly number[], offset: number): this {
    this.#code.push(...bytes);
    unsigned(this.#code, offset);
    return this;
  }
  /** @param index the function's number in its module, or LOOK. */
  call(index: number): this {
    return this.#write(0x10, index + 1);
  }

  /** `body` again and again while it leaves a true number on the stack. */
  loop(body: () => void): this {
    this.#code.push(0x03, 0x40);
    body();
    this.#code.push(0x0d, 0x00, 0x0b);
    return this;
  }
  /** Runs `yes` if the number on the stack is true, else `no`. */
  if(yes: () => void, no?: () => void): this {
    this.#code.push(0x04, 0x40);
    yes();
    if (no !== undefined) {
      this.#code.push(0x05);
      no();
    }
    this.#code.push(0x0b);
    return this;
  }

  /** The function's body in the binary format, its size in front. */
  finish(): Bytes {
    const locals: number[] = [];
    const runs: [number, ValueType][] = [];
    for (const type of this.#locals) {
      const last = runs[runs.length - 1];
      if (last !== undefined && last[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    unsigned(locals, runs.length);
    for (const [count, type] of runs) {
      unsigned(locals, count);
      locals.push(CODES[type]);
    }
    const parts = [locals, this.#prologue, this.#code, [END]];
    return [sized(lengthOf(parts)), ...parts];
  }
}

const END = 0x0b;

/** Bytes in pieces, one after the other. */
export type Bytes = readonly ArrayLike<number>[];
const lengthOf = (parts: Bytes): number => parts.reduce((n, p) => n + p.length, 0);

/** In place of a function's number: `env.look`, for which all others move up by one. */
export const LOOK = -1;

/** Most 64 KiB pages that a 32-bit memory can have. */
export const MAX_PAGES = 65536;

/**
 * Puts functions together to a module that imports `env.memory`. All functions take i32 parameters and return nothing.
 * Where memory is shared it also imports `env.look`: a thread calls that while it waits long for others.
 *
 * @param exports names, and the numbers of the functions that they stand for.
 */
export function assembleModule(
  functions: readonly FunctionBuilder[],
  exports: readonly (readonly [string, number])[],
  shared: boolean,
): Uint8Array<ArrayBuffer> {
  // With one thread there is no waiting; an empty function keeps the numbers the same.
  const own = shared ? functions : [new FunctionBuilder(0), ...functions];
  const counts = [...new Set([0, ...functions.map((f) => f.parameters)])];
  const types = counts.map((n) => [0x60, ...sized(n), ...new Array<number>(n).fill(CODES.int), 0]);
  const memory = [...name("env"), ...name("memory"), 0x02, shared ? 0x03 : 0x01, 0, ...sized(MAX_PAGES)];
  const look = [...name("env"), ...name("look"), 0x00, 0];
  const imports = shared ? [memory, look] : [memory];
  const kinds = own.map((f) => sized(counts.indexOf(f.parameters)));
  const exported = exports.map(([text, at]) => [...name(text), 0x00, ...sized(at + 1)]);
  return join([
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types.length, types),
    ...section(2, imports.length, imports),
    ...section(3, kinds.length, kinds),
    ...section(7, exported.length, exported),
    ...section(
      10,
      own.length,
      own.flatMap((f) => f.finish()),
    ),
  ]);
}

/** A number that is not negative, in the format's own encoding. */
export function sized(value: number): number[] {
  const out: number[] = [];
  unsigned(out, value);
  return out;
}

/** A number of 32 bits, as constants are encoded. */
export function signedNumber(value: number): number[] {
  const out: number[] = [];
  signed(out, value);
  return out;
}

const name = (text: string): number[] => [...sized(text.length), ...[...text].map((c) => c.charCodeAt(0))];

/** A section of `count` items, which the parts hold. */
export function section(id: number, count: number, parts: Bytes): Bytes {
  const start = sized(count);
  return [[id, ...sized(lengthOf(parts) + start.length)], start, ...parts];
}

/** Pieces as one. */
export function join(parts: Bytes): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
