import { threefry2x32 } from "../../base/threefry.js";

/** The error function in float64: its Maclaurin series near 0, a continued fraction for the tail. */
export function erfScalar(x: number): number {
  if (Number.isNaN(x)) return x;
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 200; n++) {
      term *= -(x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let tail = 0;
  for (let n = 60; n > 0; n--) tail = n / 2 / (a + tail);
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * (a + tail)));
}

/** Both words of Threefry-2x32-20, as signed 32-bit integers. */
export const threefryScalar = (key0: number, key1: number, counter0: number, counter1: number): number[] =>
  Array.from(threefry2x32(key0, key1, counter0, counter1), (word) => word | 0);

/** IEEE 754 pow, in which 1 to any power is 1, and so is -1 to an infinite one; Math.pow has NaN there. */
export const powScalar = (x: number, y: number): number =>
  x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y;
