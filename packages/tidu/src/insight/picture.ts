/** Numbers as a picture, in plain arrays that a page, a terminal or a file can show. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Row-major, from 0 for the smallest number to 1 for the largest; all 0 where they are equal. */
  readonly pixels: Float32Array;
  /** The smallest and the largest number: a pixel v stands for low + v · (high - low). */
  readonly low: number;
  readonly high: number;
}

/**
 * The matrices along the last two axes of an array as pictures, [first axis][second axis]. Of an array with three axes
 * each row is a picture of height 1.
 */
export function pictures(data: ArrayLike<number>, shape: readonly number[]): Picture[][] {
  const [rows, columns] = shape;
  const width = shape[shape.length - 1];
  const height = shape.length === 4 ? shape[2] : 1;
  const size = width * height;
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => {
      const start = (r * columns + c) * size;
      return picture(
        Float32Array.from({ length: size }, (_, i) => data[start + i]),
        width,
        height,
      );
    }),
  );
}

function picture(values: Float32Array, width: number, height: number): Picture {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of values) [low, high] = [Math.min(low, v), Math.max(high, v)];
  const range = high - low || 1;
  return { width, height, pixels: values.map((v) => (v - low) / range), low, high };
}
