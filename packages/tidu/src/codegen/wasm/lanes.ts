import type { Machine } from "../../graph/machine.js";
import { bitsOf, type FunctionBuilder, V128 } from "./assembler.js";
import type { SIMD } from "./opcodes.js";

/** The instruction set of the op table as WebAssembly SIMD. A value is the number of the local that holds it. */
export class WasmMachine implements Machine<number> {
  constructor(readonly f: FunctionBuilder) {}

  #apply(name: keyof typeof SIMD, ...x: number[]): number {
    for (const v of x) this.f.get(v);
    return this.f.simd(name).keep(V128);
  }

  #shift(name: keyof typeof SIMD, a: number, bits: number): number {
    return this.f.get(a).i32(bits).simd(name).keep(V128);
  }

  i32 = (value: number) => this.f.constant(value);
  f32 = (value: number) => this.f.constant(bitsOf(value));
  add = (a: number, b: number) => this.#apply("f32x4.add", a, b);
  sub = (a: number, b: number) => this.#apply("f32x4.sub", a, b);
  mul = (a: number, b: number) => this.#apply("f32x4.mul", a, b);
  div = (a: number, b: number) => this.#apply("f32x4.div", a, b);
  sqrt = (a: number) => this.#apply("f32x4.sqrt", a);
  neg = (a: number) => this.#apply("f32x4.neg", a);
  abs = (a: number) => this.#apply("f32x4.abs", a);
  floor = (a: number) => this.#apply("f32x4.floor", a);
  // The instructions of these names take eight of the machine's, to order zeros by their signs. All ones are a NaN.
  min = (a: number, b: number) => this.or(this.pmin(a, b), this.ne(b, b));
  max = (a: number, b: number) => this.or(this.pmax(a, b), this.ne(b, b));
  pmax = (a: number, b: number) => this.#apply("f32x4.pmax", a, b);
  pmin = (a: number, b: number) => this.#apply("f32x4.pmin", a, b);
  lt = (a: number, b: number) => this.#apply("f32x4.lt", a, b);
  le = (a: number, b: number) => this.#apply("f32x4.le", a, b);
  eq = (a: number, b: number) => this.#apply("f32x4.eq", a, b);
  ne = (a: number, b: number) => this.#apply("f32x4.ne", a, b);
  iadd = (a: number, b: number) => this.#apply("i32x4.add", a, b);
  isub = (a: number, b: number) => this.#apply("i32x4.sub", a, b);
  imul = (a: number, b: number) => this.#apply("i32x4.mul", a, b);
  ieq = (a: number, b: number) => this.#apply("i32x4.eq", a, b);
  and = (a: number, b: number) => this.#apply("v128.and", a, b);
  or = (a: number, b: number) => this.#apply("v128.or", a, b);
  xor = (a: number, b: number) => this.#apply("v128.xor", a, b);
  not = (a: number) => this.#apply("v128.not", a);
  shl = (a: number, bits: number) => this.#shift("i32x4.shl", a, bits);
  shrU = (a: number, bits: number) => this.#shift("i32x4.shr_u", a, bits);
  select = (mask: number, a: number, b: number) => this.#apply("v128.bitselect", a, b, mask);
  toI32 = (a: number) => this.#apply("i32x4.trunc_sat_f32x4_s", a);
  toF32 = (a: number) => this.#apply("f32x4.convert_i32x4_s", a);
}
