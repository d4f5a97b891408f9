// Halves by their definition alone, in float64: all numbers that a type has, in order, and the nearest of them.
import type { Half } from "../../packages/tidu/src/base/half.js";

const FRACTION = { f16: 10, bf16: 7 } as const;
const BIAS = { f16: 15, bf16: 127 } as const;
/** The bits of infinity: whatever is above them stands for no number. */
export const INFINITY = { f16: 0x7c00, bf16: 0x7f80 } as const;
export const NAN = { f16: 0x7e00, bf16: 0x7fc0 } as const;

/** IEEE 754: (-1)^s · 2^(e - bias) · (1 + f), or without the 1 and with the least exponent where e is 0. */
export function numberOf(dtype: Half, bits: number): number {
  const [fraction, bias] = [FRACTION[dtype], BIAS[dtype]];
  const size = bits & 0x7fff;
  const sign = bits >= 0x8000 ? -1 : 1;
  if (size > INFINITY[dtype]) return Number.NaN;
  if (size === INFINITY[dtype]) return sign * Number.POSITIVE_INFINITY;
  const [e, f] = [size >> fraction, (size & (2 ** fraction - 1)) / 2 ** fraction];
  return sign * (e === 0 ? f * 2 ** (1 - bias) : (1 + f) * 2 ** (e - bias));
}

/** All numbers from 0 on that are finite: their bits are their places. */
const sizes = new Map<Half, Float64Array>();
function sizesOf(dtype: Half): Float64Array {
  const known = sizes.get(dtype) ?? Float64Array.from({ length: INFINITY[dtype] }, (_, bits) => numberOf(dtype, bits));
  sizes.set(dtype, known);
  return known;
}

/** The bits of the nearest number, of two of the one with an even last bit: found among all numbers that there are. */
export function nearestBits(dtype: Half, x: number): number {
  if (Number.isNaN(x)) return NAN[dtype];
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const size = Math.abs(x);
  const all = sizesOf(dtype);
  // Where the next number would be, if there was one.
  const last = all.length - 1;
  const beyond = all[last] + (all[last] - all[last - 1]);
  if (size >= (all[last] + beyond) / 2) return sign | INFINITY[dtype];
  if (size >= all[last]) return sign | last;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (all[middle] <= size) low = middle;
    else high = middle;
  }
  const [below, above] = [size - all[low], all[high] - size];
  if (below === above) return sign | (low % 2 === 0 ? low : high);
  return sign | (below < above ? low : high);
}

const floats = new Float32Array(1);
const bitsOf = new Int32Array(floats.buffer);

/** The float32 just above or below. */
function beside(x: number, by: 1 | -1): number {
  floats[0] = x;
  bitsOf[0] += by;
  return floats[0];
}

/**
 * Float32 numbers by which rounding is tried: every number that a type has, every middle between two of them and the numbers just
 * beside it, of both signs; and numbers of any bits.
 */
export function numbersAround(dtype: Half, drawn: number): Float32Array {
  const all = sizesOf(dtype);
  const found: number[] = [];
  for (let i = 0; i < all.length; i++) {
    const middle = i + 1 < all.length ? (all[i] + all[i + 1]) / 2 : all[i] + (all[i] - all[i - 1]) / 2;
    const near = i === 0 ? [middle] : [middle, beside(middle, -1), beside(middle, 1)];
    for (const x of [all[i], ...near]) found.push(x, -x);
  }
  let state = 1;
  for (let i = 0; i < drawn; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bitsOf[0] = state ^ (state >>> 15);
    found.push(floats[0]);
  }
  for (const x of [1e-45, 1.17549421e-38, 3.4028234663852886e38]) found.push(x, -x);
  return Float32Array.from([...found, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
}
