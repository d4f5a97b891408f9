import { threefry2x32 } from "../../base/threefry.js";

/** The error function in float64: e^(-x^2) times a series whose terms have one sign, so that no digits are lost. */
export function erfScalar(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = (2 / Math.sqrt(Math.PI)) * x * Math.exp(-x * x);
  let sum = term;
  for (let n = 3; Math.abs(term) > 1e-18 * Math.abs(sum); n += 2) sum += term *= (2 * x * x) / n;
  return sum;
}

/** Both words of Threefry-2x32-20, as signed 32-bit integers. */
export const threefryScalar = (key0: number, key1: number, counter0: number, counter1: number): number[] =>
  Array.from(threefry2x32(key0, key1, counter0, counter1), (word) => word | 0);

/** IEEE 754 pow, in which 1 to any power is 1, and so is -1 to an infinite one; Math.pow has NaN there. */
export const powScalar = (x: number, y: number): number =>
  x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y;
