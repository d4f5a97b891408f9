// Draws small images as text, for `npm start`.
import { ArgumentError } from "tidu";
import { center, visibleName } from "./terminal.js";

export interface DigitImage {
  /** Row by row; any range, since each image is stretched from its own darkest to its own brightest pixel. */
  pixels: Float32Array | Uint8Array;
  width: number;
  height: number;
  truth: string;
  predicted: string;
}

const GAP = "  ";
/** Below this much of the brightest pixel, an edge of the image counts as empty. */
const INK = 0.15;
/** The 24 grays of a terminal with 256 colors begin here. */
const FIRST_GREY = 232;
const GREYS = 24;

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Draws images side by side, as many in a row as fit into `columns` characters, with "truth → predicted" under each.
 * A character holds two pixels, one above the other. Edges that are empty in every image are not drawn.
 */
export function digits(images: DigitImage[], columns: number, { color = false } = {}): string {
  if (images.length === 0) return "";
  for (const image of images) check(image);

  const grey = images.map(stretch);
  const box = images.map((image, i) => inkBox(image, grey[i])).reduce(union);
  const width = box.right - box.left;
  const perRow = Math.max(1, Math.floor((columns + GAP.length) / (width + GAP.length)));

  const rows: string[] = [];
  for (let first = 0; first < images.length; first += perRow) {
    const row = images.slice(first, first + perRow);
    const drawn = row.map((image, i) => draw(image, grey[first + i], box, color));
    const lines = drawn[0].map((_, y) => drawn.map((tile) => tile[y]).join(GAP));
    const captions = row.map(({ truth, predicted }) => center(visibleName(`${truth} → ${predicted}`), width)).join(GAP);
    rows.push([...lines, captions].map((line) => line.trimEnd()).join("\n"));
  }
  return rows.join("\n\n");
}

function check({ pixels, width, height }: DigitImage): void {
  if (width > 0 && height > 0 && pixels.length === width * height) return;
  throw new ArgumentError(`digits: a ${width}×${height} image needs ${width * height} pixels; given ${pixels.length}`);
}

/** Brings pixels to 0..1, whatever normalization they went through. */
function stretch({ pixels }: DigitImage): Float32Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const pixel of pixels) {
    low = Math.min(low, pixel);
    high = Math.max(high, pixel);
  }
  const span = high - low || 1;
  return Float32Array.from(pixels, (pixel) => (pixel - low) / span);
}

function inkBox({ width, height }: DigitImage, grey: Float32Array): Box {
  const box: Box = { left: width, top: height, right: 0, bottom: 0 };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (grey[y * width + x] < INK) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x + 1);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y + 1);
    }
  }
  return box.right === 0 ? { left: 0, top: 0, right: width, bottom: height } : box;
}

function union(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

function draw({ width, height }: DigitImage, grey: Float32Array, box: Box, color: boolean): string[] {
  const at = (x: number, y: number) => (x < width && y < height ? grey[y * width + x] : 0);
  const lines: string[] = [];
  for (let y = box.top; y < box.bottom; y += 2) {
    let line = "";
    for (let x = box.left; x < box.right; x++) {
      const above = at(x, y);
      const below = y + 1 < box.bottom ? at(x, y + 1) : 0;
      line += color ? greyBlock(above, below) : shadeBlock(above, below);
    }
    lines.push(color ? `${line}\x1b[0m` : line);
  }
  return lines;
}

/** The upper half in one gray on the lower half in another: exact, but needs a color terminal. */
function greyBlock(above: number, below: number): string {
  const code = (value: number) => FIRST_GREY + Math.round(value * (GREYS - 1));
  return `\x1b[38;5;${code(above)};48;5;${code(below)}m▀`;
}

/** A half block where the two pixels differ clearly, otherwise the shade of both. */
function shadeBlock(above: number, below: number): string {
  const contrast = above - below;
  if (Math.abs(contrast) > 0.4) return contrast > 0 ? "▀" : "▄";
  return " ░▒▓█"[Math.round(2 * (above + below))];
}
