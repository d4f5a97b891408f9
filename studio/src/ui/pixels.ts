/** A color: red, green and blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** From orange (-1) over near white or black (0) to blue (1): told apart with any kind of color vision. */
const LOW: Rgb = [230, 126, 0];
const HIGH: Rgb = [0, 114, 204];

/** Colors that are told apart on either side of 0. */
const SHADES = 64;

/** The colors from paper to a strong one, for values from -1 to 1. */
export function diverging(paper: Rgb): (value: number) => Rgb {
  const between = (end: Rgb, share: number): Rgb => {
    const mix = (i: number) => paper[i] + (end[i] - paper[i]) * share;
    return [mix(0), mix(1), mix(2)];
  };
  const shades = Array.from({ length: 2 * SHADES + 1 }, (_, i) =>
    between(i < SHADES ? LOW : HIGH, Math.abs(i - SHADES) / SHADES),
  );
  return (value) => {
    const held = Math.max(-1, Math.min(1, Number.isFinite(value) ? value : 0));
    return shades[Math.round((held + 1) * SHADES)];
  };
}

/** From paper (0) to ink (1). */
export const grey =
  (paper: Rgb, ink: Rgb) =>
  (value: number): Rgb => {
    const held = Math.max(0, Math.min(1, value));
    const mix = (i: number) => paper[i] + (ink[i] - paper[i]) * held;
    return [mix(0), mix(1), mix(2)];
  };

/** Reads "rgb(1, 2, 3)", as `colour` of the theme gives it. */
export function rgb(text: string): Rgb {
  const [red = 0, green = 0, blue = 0] = (text.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}

/** Where something lies on a canvas. */
export type Place = readonly [x: number, y: number, width: number, height: number];

/** Fills a rectangle of a canvas with `columns` by `rows` colored fields. */
export function fillFields(
  context: CanvasRenderingContext2D,
  place: Place,
  columns: number,
  rows: number,
  colourAt: (index: number) => Rgb,
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
  colourAt: (index: number) => Rgb,
  smooth = false,
): void {
  const { own, image } = fieldsOf(columns, rows * places.length);
  for (let i = 0; i < columns * rows * places.length; i++) {
    const [red, green, blue] = colourAt(i);
    image.data[4 * i] = red;
    image.data[4 * i + 1] = green;
    image.data[4 * i + 2] = blue;
    image.data[4 * i + 3] = 255;
  }
  own.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = smooth;
  places.forEach((place, i) => context.drawImage(own.canvas, 0, i * rows, columns, rows, ...place));
}

interface Fields {
  readonly own: OffscreenCanvasRenderingContext2D;
  readonly image: ImageData;
}

const made = new Map<string, Fields>();

/** A canvas of so many pixels to fill; the same one each time, as there are many pictures a second. */
function fieldsOf(columns: number, rows: number): Fields {
  const size = `${columns} ${rows}`;
  let fields = made.get(size);
  if (fields === undefined) {
    const own = new OffscreenCanvas(columns, rows).getContext("2d", { willReadFrequently: true });
    if (own === null) throw new Error("this browser has no canvas to draw on");
    made.set(size, (fields = { own, image: own.createImageData(columns, rows) }));
  }
  return fields;
}
