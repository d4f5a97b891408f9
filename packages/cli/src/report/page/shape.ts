// Draws the shape of a layer's output.
import { type Html, html } from "./html.js";

/** Sizes of the drawing. */
const [WIDTH, HEIGHT] = [64, 48];
/** Sheets that stand for channels, and how far they are apart. */
const [MOST_SHEETS, APART] = [6, 3];
const LARGEST = 30;

/**
 * What a layer gives for one sample: images as sheets behind each other, features as a column.
 *
 * @param largest the longest side of all images in the network.
 */
export function drawShape(shape: readonly number[], largest: number): Html {
  const [count = 1, height = 1, width = height] = shape;
  const drawn = shape.length > 1 ? sheets(count, side(height, largest), side(width, largest)) : column(count);
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true">${drawn}</svg>`;
}

/** Areas rather than sides are in proportion, so that small ones can be seen. */
const side = (size: number, largest: number): number => Math.max(LARGEST * Math.sqrt(size / largest), 3);

function sheets(count: number, height: number, width: number): Html[] {
  const shown = Math.min(1 + Math.round(Math.log2(count)), MOST_SHEETS);
  const [left, top] = [width, height].map((size, i) => ([WIDTH, HEIGHT][i] - size - (shown - 1) * APART) / 2);
  return Array.from({ length: shown }, (_, i) => rectangle(left + i * APART, top + i * APART, width, height));
}

function column(count: number): Html {
  const height = Math.min(4 + 4 * Math.log2(count), HEIGHT - 6);
  return rectangle((WIDTH - 7) / 2, (HEIGHT - height) / 2, 7, height);
}

const rectangle = (x: number, y: number, width: number, height: number): Html =>
  html`<rect x="${tenths(x)}" y="${tenths(y)}" width="${tenths(width)}" height="${tenths(height)}" rx="1.5"/>`;

const tenths = (value: number): number => Math.round(value * 10) / 10;
