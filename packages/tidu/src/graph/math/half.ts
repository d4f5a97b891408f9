// Halves as lanes hold them, their 16 bits as whole numbers, and the numbers that they stand for. By bits alone where
// a machine may take very small numbers for 0.
import type { Machine } from "../machine.js";

const SIGN = 0x8000;
/** A float32's exponent counts from 127, a half's from 15. */
const EXPONENTS = (127 - 15) << 23;

/** Of binary16. */
export function fromHalf<V>(m: Machine<V>, bits: V): V {
  const size = m.and(bits, m.i32(SIGN - 1));
  const usual = m.iadd(m.shl(size, 13), m.i32(EXPONENTS));
  // Below 2^-14 that has a first bit which the half does not imply: twice as much is too large by 2^-14.
  const number = m.add(usual, m.pmin(m.sub(usual, m.f32(2 ** -14)), m.f32(0)));
  // Exponents of infinities and NaN are the largest that there are, before and after.
  const whole = m.iadd(number, m.and(m.ilt(m.i32(0x7bff), size), m.i32(EXPONENTS)));
  return m.or(whole, m.shl(m.and(bits, m.i32(SIGN)), 16));
}

/** The nearest, of two the even one; of what is not a number one without sign. */
export function toHalf<V>(m: Machine<V>, x: V): V {
  const size = m.and(x, m.i32(0x7fffffff));
  const odd = m.and(m.shrU(size, 13), m.i32(1));
  const usual = m.shrU(m.iadd(m.isub(size, m.i32(EXPONENTS - 0xfff)), odd), 13);
  // Beside a half, sums have the last bit that the smallest halves have.
  const small = m.isub(m.add(size, m.f32(0.5)), m.f32(0.5));
  const near = m.select(m.ilt(size, m.i32((127 - 14) << 23)), small, m.imin(usual, m.i32(0x7c00)));
  const signed = m.or(near, m.and(m.shrU(x, 16), m.i32(SIGN)));
  return m.select(m.ilt(m.i32(0x7f800000), size), m.i32(0x7e00), signed);
}

/** Of bfloat16. */
export const fromBrain = <V>(m: Machine<V>, bits: V): V => m.shl(bits, 16);

/** The nearest, of two the even one; of what is not a number one without sign. */
export function toBrain<V>(m: Machine<V>, x: V): V {
  const odd = m.and(m.shrU(x, 16), m.i32(1));
  const near = m.shrU(m.iadd(m.iadd(x, m.i32(0x7fff)), odd), 16);
  return m.select(m.ilt(m.i32(0x7f800000), m.and(x, m.i32(0x7fffffff))), m.i32(0x7fc0), near);
}
