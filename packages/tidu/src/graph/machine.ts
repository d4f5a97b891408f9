/**
 * The instruction set on which every elementwise op is defined: what a SIMD lane can do, no more.
 *
 * An op's `lower` rule is written once against this interface; each backend supplies the instructions.
 * `V` is a backend's handle of a 32-bit lane value (a float, an integer or a mask; lanes are untyped bits,
 * a mask is all ones or all zeros). No instruction may contract `mul` and `add` into one rounding: the same
 * bits must come out on every machine.
 */
export interface Machine<V> {
  /** Constant float32. */
  f32(value: number): V;
  /** Constant 32-bit integer (taken modulo 2^32). */
  i32(value: number): V;

  add(a: V, b: V): V;
  sub(a: V, b: V): V;
  mul(a: V, b: V): V;
  div(a: V, b: V): V;
  sqrt(a: V): V;
  neg(a: V): V;
  abs(a: V): V;
  floor(a: V): V;
  /**
   * The smaller; NaN if either is. Of equal numbers, and of 0 and -0, it is the first: to order zeros by sign, as IEEE
   * 754 does, costs more.
   */
  min(a: V, b: V): V;
  /** The larger, likewise. */
  max(a: V, b: V): V;
  /** `a < b ? b : a`; one instruction, where `max` is three. */
  pmax(a: V, b: V): V;
  /** `b < a ? b : a`. */
  pmin(a: V, b: V): V;

  /** Float comparisons; the result is a mask. */
  lt(a: V, b: V): V;
  le(a: V, b: V): V;
  eq(a: V, b: V): V;
  ne(a: V, b: V): V;

  iadd(a: V, b: V): V;
  isub(a: V, b: V): V;
  /** Low 32 bits of the product. */
  imul(a: V, b: V): V;
  ieq(a: V, b: V): V;
  /** Whether the first is less, as signed integers. */
  ilt(a: V, b: V): V;
  imin(a: V, b: V): V;
  imax(a: V, b: V): V;
  and(a: V, b: V): V;
  or(a: V, b: V): V;
  xor(a: V, b: V): V;
  not(a: V): V;
  shl(a: V, bits: number): V;
  /** Logical shift right. */
  shrU(a: V, bits: number): V;

  /**
   * The same bits, behind which a compiler must not rearrange: one that simplifies (v + c) - c to v would undo a
   * rounding that is intended. Backends that compute floats as written do nothing here.
   */
  opaque(a: V): V;
  /** Bitwise choice: bits of `a` where the mask has ones, else of `b`. */
  select(mask: V, a: V, b: V): V;
  /** `select(mask, rare(), usual)` where the mask is seldom set: `rare` need run only if it is, in some lane. */
  rarely(mask: V, rare: () => V, usual: V): V;
  /** Float to signed integer, toward zero, saturating; NaN becomes 0. */
  toI32(a: V): V;
  /** Signed integer to float. */
  toF32(a: V): V;
}
