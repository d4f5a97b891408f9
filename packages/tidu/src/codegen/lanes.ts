// The instruction set of the op table, written with an emitter.
import type { Machine } from "../graph/machine.js";
import { bitsOf, type Emitter, LANE_OPS, type Local, VECTOR, type VectorOp } from "./emitter.js";

/** A value is the local that holds it. */
export function laneMachine(f: Emitter): Machine<Local> {
  const apply = (op: VectorOp, ...x: Local[]): Local => {
    for (const v of x) f.get(v);
    return f.vector(op).keep(VECTOR);
  };
  const shift = (op: VectorOp) => (a: Local, bits: number) => f.get(a).i32(bits).vector(op).keep(VECTOR);
  const own = LANE_OPS.map((op) => [op, (...x: Local[]) => apply(op, ...x)]);
  const m: Machine<Local> = {
    ...Object.fromEntries(own),
    i32: (value) => f.constant(value),
    f32: (value) => f.constant(bitsOf(value)),
    // Instructions of these names order zeros by their signs, which takes eight of x86's. All ones are a NaN.
    min: (a, b) => m.or(m.pmin(a, b), m.ne(b, b)),
    max: (a, b) => m.or(m.pmax(a, b), m.ne(b, b)),
    shl: shift("shl"),
    shrU: shift("shrU"),
    opaque: (a) => a,
    select: (mask, a, b) => apply("select", a, b, mask),
    rarely(mask, rare, usual) {
      const result = f.get(usual).keep(VECTOR);
      f.get(mask).any();
      f.if(() => f.scoped(() => f.get(m.select(mask, rare(), usual)).set(result)));
      return result;
    },
  };
  return m;
}
