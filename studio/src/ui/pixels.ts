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

/** Colors that are told apart on either side of 0. */
const SHADES = 64;
const known = new Map<Pixel, Uint32Array>();

/** The colors from paper to a strong one, for values from -1 to 1. */
export function diverging(paper: Pixel): (value: number) => Pixel {
  const shades = known.get(paper) ?? shadesOf(paper);
  return (value) => {
    const held = Math.max(-1, Math.min(1, Number.isFinite(value) ? value : 0));
    return shades[Math.round((held + 1) * SHADES)];
  };
}

function shadesOf(paper: Pixel): Uint32Array {
  const shades = Uint32Array.from({ length: 2 * SHADES + 1 }, (_, i) =>
    blend(paper, i < SHADES ? LOW : HIGH, Math.abs(i - SHADES) / SHADES),
  );
  known.set(paper, shades);
  return shades;
}

/** From paper (0) to ink (1). */
export const grey =
  (paper: Pixel, ink: Pixel) =>
  (value: number): Pixel =>
    blend(paper, ink, Math.max(0, Math.min(1, value)));

/** Where something lies on a canvas. */
export type Place = readonly [x: number, y: number, width: number, height: number];

/** Fills a rectangle of a canvas with `columns` by `rows` colored fields. */
export function fillFields(
  context: CanvasRenderingContext2D,
  place: Place,
  columns: number,
  rows: number,
  colourAt: (index: number) => Pixel,
  smooth = false,
): void {
  fillTiles(context, [place], columns, rows, colourAt, smooth);
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
  colourAt: (index: number) => Pixel,
  smooth = false,
): void {
  const { own, image, pixels } = fieldsOf(columns, rows * places.length);
  for (let i = 0; i < pixels.length; i++) pixels[i] = colourAt(i);
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
