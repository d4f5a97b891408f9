import type { Machine } from "../machine.js";

// Sums whose rounding errors are kept: Dekker, "A floating-point technique for extending the available precision", 1971.

/** a + b as rounded, and what rounding left out, exactly; for |a| >= |b|, or a = 0. */
export function sumWithError<V>(m: Machine<V>, a: V, b: V): [sum: V, error: V] {
  const sum = m.opaque(m.add(a, b));
  return [sum, m.sub(b, m.opaque(m.sub(sum, a)))];
}

/** The same for any two numbers. */
export function sumOfAny<V>(m: Machine<V>, a: V, b: V): [sum: V, error: V] {
  const sum = m.opaque(m.add(a, b));
  const taken = m.opaque(m.sub(sum, a));
  return [sum, m.add(m.sub(a, m.opaque(m.sub(sum, taken))), m.sub(b, taken))];
}

/** Keeps 12 significant bits. */
export const TOP_12 = 0xfffff000;

/** A number as a sum of two of 12 bits each, so that products of such parts are exact. */
export function split<V>(m: Machine<V>, x: V): [top: V, rest: V] {
  const top = m.and(x, m.i32(TOP_12));
  return [top, m.sub(x, top)];
}

/** The nearest number from `low` to `high`; NaN stays NaN. */
export const clamp = <V>(m: Machine<V>, x: V, low: number, high: number): V =>
  m.pmin(m.pmax(x, m.f32(low)), m.f32(high));

/** Gives a number that is not negative, or has that sign already, the sign of another. */
export const withSign = <V>(m: Machine<V>, size: V, like: V): V => m.or(size, m.and(like, m.i32(0x80000000)));
