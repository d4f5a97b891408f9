import { ATOMIC, CORE, LANE, MEMORY, SIMD, SIMD_LANE_MEMORY, SIMD_MEMORY } from "./opcodes.js";

/** A value type of WebAssembly by its binary code. */
export const I32 = 0x7f;
export const V128 = 0x7b;
export type ValueCode = typeof I32 | typeof V128;

function unsigned(out: number[], value: number): void {
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    out.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
}

function signed(out: number[], value: number): void {
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    out.push(last ? low : low | 0x80);
    if (last) return;
  }
}

const floatBits = new Int32Array(1);
const floatValue = new Float32Array(floatBits.buffer);

/** The 32 bits of a float32. */
export function bitsOf(value: number): number {
  floatValue[0] = value;
  return floatBits[0];
}

/** Writes one function's code. Instructions are called by their names in the specification. */
export class FunctionBuilder {
  readonly #code: number[] = [];
  /** Runs before everything else: constants that the rest of the function finds in locals. */
  readonly #prologue: number[] = [];
  readonly #constants = new Map<number, number>();
  readonly #locals: ValueCode[] = [];

  constructor(readonly parameters: number) {}

  /** A new local variable's number. */
  local(type: ValueCode): number {
    this.#locals.push(type);
    return this.parameters + this.#locals.length - 1;
  }

  get(local: number): this {
    this.#code.push(0x20);
    unsigned(this.#code, local);
    return this;
  }
  set(local: number): this {
    this.#code.push(0x21);
    unsigned(this.#code, local);
    return this;
  }
  tee(local: number): this {
    this.#code.push(0x22);
    unsigned(this.#code, local);
    return this;
  }

  /** Pops a value into a new local and returns its number. */
  keep(type: ValueCode): number {
    const local = this.local(type);
    this.set(local);
    return local;
  }

  /** A local that holds the same 32 bits in all lanes from the start of the function on. */
  constant(bits: number): number {
    let local = this.#constants.get(bits | 0);
    if (local === undefined) {
      local = this.local(V128);
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
    this.#simd(0x0c);
    for (const b of lanes) this.#code.push(b & 255, (b >>> 8) & 255, (b >>> 16) & 255, (b >>> 24) & 255);
    return this;
  }
  op(name: keyof typeof CORE): this {
    this.#code.push(CORE[name]);
    return this;
  }
  simd(name: keyof typeof SIMD): this {
    return this.#simd(SIMD[name]);
  }
  lane(name: keyof typeof LANE, lane: number): this {
    this.#simd(LANE[name]);
    this.#code.push(lane);
    return this;
  }
  /** Picks four lanes out of the eight of two vectors. */
  shuffle(lanes: readonly number[]): this {
    this.#simd(0x0d);
    for (const l of lanes) this.#code.push(4 * l, 4 * l + 1, 4 * l + 2, 4 * l + 3);
    return this;
  }
  memory(name: keyof typeof MEMORY | keyof typeof SIMD_MEMORY, offset = 0): this {
    if (name in MEMORY) {
      const [code, align] = MEMORY[name as keyof typeof MEMORY];
      this.#code.push(code, align);
    } else {
      const [code, align] = SIMD_MEMORY[name as keyof typeof SIMD_MEMORY];
      this.#simd(code);
      this.#code.push(align);
    }
    unsigned(this.#code, offset);
    return this;
  }
  laneMemory(name: keyof typeof SIMD_LANE_MEMORY, lane: number, offset = 0): this {
    const [code, align] = SIMD_LANE_MEMORY[name];
    this.#simd(code);
    this.#code.push(align);
    unsigned(this.#code, offset);
    this.#code.push(lane);
    return this;
  }
  atomic(name: keyof typeof ATOMIC, offset = 0): this {
    this.#code.push(0xfe, ATOMIC[name], 2);
    unsigned(this.#code, offset);
    return this;
  }
  call(index: number): this {
    this.#code.push(0x10);
    unsigned(this.#code, index);
    return this;
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

  #simd(code: number): this {
    this.#code.push(0xfd);
    unsigned(this.#code, code);
    return this;
  }

  /** The function's body in the binary format. */
  finish(): number[] {
    const out: number[] = [];
    const runs: [number, ValueCode][] = [];
    for (const type of this.#locals) {
      const last = runs[runs.length - 1];
      if (last !== undefined && last[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    unsigned(out, runs.length);
    for (const [count, type] of runs) {
      unsigned(out, count);
      out.push(type);
    }
    for (const byte of this.#prologue) out.push(byte);
    for (const byte of this.#code) out.push(byte);
    out.push(0x0b);
    return out;
  }
}

/** Most 64 KiB pages that a 32-bit memory can have. */
export const MAX_PAGES = 65536;

/**
 * Puts functions together to a module that imports `env.memory`. All functions take i32 parameters and return nothing.
 * Each is exported under its number, the last one also as `run`.
 */
export function assembleModule(functions: readonly FunctionBuilder[], shared: boolean): Uint8Array<ArrayBuffer> {
  const counts = [...new Set(functions.map((f) => f.parameters))];
  const types = counts.map((n) => [0x60, ...sized(n), ...new Array<number>(n).fill(I32), 0]);
  const memory = [...name("env"), ...name("memory"), 0x02, shared ? 0x03 : 0x01, 0, ...sized(MAX_PAGES)];
  const out = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  section(out, 1, types);
  section(out, 2, [memory]);
  section(
    out,
    3,
    functions.map((f) => sized(counts.indexOf(f.parameters))),
  );
  const exported = functions.map((_, i) => [...name(String(i)), 0x00, ...sized(i)]);
  section(out, 7, [...exported, [...name("run"), 0x00, ...sized(functions.length - 1)]]);
  section(
    out,
    10,
    functions.map((f) => {
      const body = f.finish();
      return [...sized(body.length), ...body];
    }),
  );
  return Uint8Array.from(out);
}

function sized(value: number): number[] {
  const out: number[] = [];
  unsigned(out, value);
  return out;
}

const name = (text: string): number[] => [...sized(text.length), ...[...text].map((c) => c.charCodeAt(0))];

function section(out: number[], id: number, items: readonly (readonly number[])[]): void {
  const count = sized(items.length);
  const length = items.reduce((n, item) => n + item.length, count.length);
  out.push(id);
  unsigned(out, length);
  for (const b of count) out.push(b);
  for (const item of items) for (const b of item) out.push(b);
}
