// Colors as numbers, and pictures made of many small fields.

/** An opaque color as the pixels of a canvas have it: a byte each of red (the lowest), green and blue. */
export type Pixel = number;

const pixel = (red: number, green: number, blue: number): Pixel =>
  ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;

/** Red, green and blue, 0 to 255. */
export const parts = (own: Pixel): readonly [red: number, green: number, blue: number] => [
  own & 255,
  (own >> 8) & 255,
  (own >> 16) & 255,
];

/** Reads "rgb(1, 2, 3)", as `colour` of the theme gives it. */
export function rgb(text: string): Pixel {
  const [red = 0, green = 0, blue = 0] = (text.match(/[\d.]+/g) ?? []).map(Number);
  return pixel(red, green, blue);
}

/** A color on the way from one (0) to another (1). */
export function blend(from: Pixel, to: Pixel, share: number): Pixel {
  const mix = (shift: number): number => {
    const start = (from >> shift) & 255;
    return start + (((to >> shift) & 255) - start) * share;
  };
  return pixel(mix(0), mix(8), mix(16));
}

/** From orange (-1) over near white or black (0) to blue (1): told apart with any kind of color vision. */
const LOW = pixel(230, 126, 0);
const HIGH = pixel(0, 114, 204);

/** The color of a number from -1 to 1, on such a paper. */
export const divergingAt = (paper: Pixel, value: number): Pixel =>
  blend(paper, value < 0 ? LOW : HIGH, Math.min(1, Math.abs(value)));

/** Colors of numbers from -reach to reach, in so many even steps; what lies beyond has the color of the end. */
export interface Palette {
  readonly reach: number;
  readonly colours: Uint32Array;
}

export const palette = (steps: number, reach: number, colourAt: (value: number) => Pixel): Palette => ({
  reach,
  colours: Uint32Array.from({ length: steps }, (_, i) => colourAt(reach * ((2 * i + 1) / steps - 1))),
});

/** Gives pixels the colors of numbers, each times `factor`. What is no finite number has the color in the middle. */
export function shade(pixels: Uint32Array, values: Float32Array, { reach, colours }: Palette, factor: number): void {
  // One loop without calls: this is done for every picture as often as the page draws.
  const [half, last] = [colours.length / 2, colours.length - 1];
  const times = (half / reach) * factor;
  for (let i = 0; i < pixels.length; i++) {
    const at = values[i] * times + half;
    pixels[i] = colours[at >= last ? last : at > 0 ? at | 0 : at <= 0 ? 0 : half | 0];
  }
}

/** Steps of the colors from orange to blue; an odd number, so that 0 has one of its own. */
const STEPS = 129;
const known = new Map<Pixel, Palette>();

/** The colors of numbers from -1 to 1. */
export function diverging(paper: Pixel): Palette {
  let own = known.get(paper);
  if (own === undefined) {
    own = palette(STEPS, STEPS / (STEPS - 1), (value) => divergingAt(paper, value));
    known.set(paper, own);
  }
  return own;
}

/** Where something lies on a canvas. */
export type Place = readonly [x: number, y: number, width: number, height: number];

/** Fills a rectangle of a canvas with `columns` by `rows` fields, to which `fill` gives colors, row by row. */
export function fillFields(
  context: CanvasRenderingContext2D,
  place: Place,
  columns: number,
  rows: number,
  fill: (pixels: Uint32Array) => void,
  smooth = false,
): void {
  fillTiles(context, [place], columns, rows, fill, smooth);
}

/**
 * Fills several rectangles, each with `columns` by `rows` fields, whose colors follow each other. Pixels are handed over
 * once for all of them, which takes most of the time.
 */
export function fillTiles(
  context: CanvasRenderingContext2D,
  places: readonly Place[],
  columns: number,
  rows: number,
  fill: (pixels: Uint32Array) => void,
  smooth = false,
): void {
  if (places.length === 0) return;
  const { own, image, pixels } = fieldsOf(columns, rows * places.length);
  fill(pixels);
  own.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = smooth;
  places.forEach((place, i) => context.drawImage(own.canvas, 0, i * rows, columns, rows, ...place));
}

interface Fields {
  readonly own: OffscreenCanvasRenderingContext2D;
  readonly image: ImageData;
  /** The image's own numbers. */
  readonly pixels: Uint32Array;
}

const made = new Map<string, Fields>();

/** A canvas of so many pixels to fill; the same one each time, as there are many pictures a second. */
function fieldsOf(columns: number, rows: number): Fields {
  const size = `${columns} ${rows}`;
  let fields = made.get(size);
  if (fields === undefined) {
    const own = new OffscreenCanvas(columns, rows).getContext("2d", { willReadFrequently: true });
    if (own === null) throw new Error("this browser has no canvas to draw on");
    const image = own.createImageData(columns, rows);
    made.set(size, (fields = { own, image, pixels: new Uint32Array(image.data.buffer) }));
  }
  return fields;
}
