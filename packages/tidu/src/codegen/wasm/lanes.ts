import type { Machine } from "../../graph/machine.js";
import { bitsOf, type FunctionBuilder, V128 } from "./assembler.js";
import { SIMD } from "./opcodes.js";

/** The instruction set of the op table as WebAssembly SIMD. A value is the number of the local that holds it. */
export function wasmMachine(f: FunctionBuilder): Machine<number> {
  const apply = (name: keyof typeof SIMD, ...x: number[]): number => {
    for (const v of x) f.get(v);
    return f.simd(name).keep(V128);
  };
  const shift = (name: keyof typeof SIMD, a: number, bits: number): number => f.get(a).i32(bits).simd(name).keep(V128);
  // f32x4.add is add, i32x4.add is iadd, v128.and is and; of what else this makes nobody knows.
  const same = (Object.keys(SIMD) as (keyof typeof SIMD)[]).map((name) => [
    name.replace(/^(f32x4|v128)./, "").replace("i32x4.", "i"),
    (...x: number[]) => apply(name, ...x),
  ]);
  const m: Machine<number> = {
    ...Object.fromEntries(same),
    i32: (value) => f.constant(value),
    f32: (value) => f.constant(bitsOf(value)),
    // The instructions of these names take eight of the machine's, to order zeros by their signs. All ones are a NaN.
    min: (a, b) => m.or(m.pmin(a, b), m.ne(b, b)),
    max: (a, b) => m.or(m.pmax(a, b), m.ne(b, b)),
    shl: (a, bits) => shift("i32x4.shl", a, bits),
    shrU: (a, bits) => shift("i32x4.shr_u", a, bits),
    opaque: (a) => a,
    select: (mask, a, b) => apply("v128.bitselect", a, b, mask),
    rarely(mask, rare, usual) {
      const result = f.get(usual).keep(V128);
      f.get(mask).simd("v128.any_true");
      f.if(() => f.scoped(() => f.get(m.select(mask, rare(), usual)).set(result)));
      return result;
    },
    toI32: (a) => apply("i32x4.trunc_sat_f32x4_s", a),
    toF32: (a) => apply("f32x4.convert_i32x4_s", a),
  };
  return m;
}
