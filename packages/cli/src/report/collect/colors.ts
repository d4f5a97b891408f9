// Maps numbers to the colors of the report's pictures.
import { interleave } from "../picture.js";

type Color = readonly [red: number, green: number, blue: number];

/** Blue for what is below 0, orange for what is above, which all eyes tell apart; 0 is almost white. */
const NEGATIVE: Color = [5, 79, 145];
const ZERO: Color = [247, 247, 244];
const POSITIVE: Color = [196, 78, 0];

/** Numbers from -1 to 1 as colors, three bytes each. */
export const diverging = (values: readonly number[]): Uint8Array =>
  Uint8Array.from(
    values.flatMap((v) => {
      const end = v < 0 ? NEGATIVE : POSITIVE;
      return ZERO.map((zero, c) => Math.round(zero + Math.abs(v) * (end[c] - zero)));
    }),
  );

/** Numbers from -1 to 1 for red, then green, then blue, as the colors of pixels; 0 is half bright. */
export const signed = (planes: readonly number[]): Uint8Array =>
  interleave(
    planes.map((v) => Math.round(127.5 * (v + 1))),
    3,
  );
