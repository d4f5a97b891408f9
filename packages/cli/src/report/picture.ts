// fast-png: small, typed, kept up, and without native code.
import { encode } from "fast-png";
import type { Picture } from "./data.js";

/** An image as bytes, row by row; the channels of a pixel stand side by side. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 1 for gray, 3 for red, green and blue. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** An image as the bytes of a PNG file. */
export const toPng = (pixels: Pixels): Uint8Array => encode({ ...pixels, depth: 8 });

/** An image as a picture for a page. */
export function toPicture(pixels: Pixels): Picture {
  const { width, height } = pixels;
  return { width, height, source: `data:image/png;base64,${Buffer.from(toPng(pixels)).toString("base64")}` };
}

/** Puts channels [channels, height, width] side by side: [height, width, channels]. */
export const interleave = (planes: ArrayLike<number>, channels: number): Uint8Array => {
  const area = planes.length / channels;
  return Uint8Array.from({ length: planes.length }, (_, i) => planes[(i % channels) * area + Math.floor(i / channels)]);
};
