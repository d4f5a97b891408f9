// Fetches digits of MNIST for the figures.
import { decodeIdx } from "tidu/data";
import { unpacked } from "../../engine/unpacked.js";

/** Side of a digit's picture. */
export const DIGIT_SIDE = 28;

/**
 * Digits of MNIST, which lie beside the pages.
 *
 * @param home the way to the folder of the first page.
 * @returns each digit's pixels from 0 (paper) to 1 (ink), row by row.
 * @throws TypeError where the file cannot be had.
 */
export async function fetchDigits(home: string, count: number): Promise<number[][]> {
  const response = await fetch(`${home}digits/test-images.idx`);
  if (!response.ok) throw new TypeError(`digits: the server answered ${response.status}`);
  return digitsOf(await unpacked(response), count);
}

/** The first pictures of a file of MNIST. */
export function digitsOf(file: Uint8Array, count: number): number[][] {
  const { data } = decodeIdx(file, "test-images.idx");
  const size = DIGIT_SIDE ** 2;
  return Array.from({ length: count }, (_, i) => Array.from(data.slice(i * size, (i + 1) * size), (v) => v / 255));
}
