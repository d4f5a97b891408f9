// Makes of a drawing a picture like those that the network learned from: MNIST's digits fit into 20 by 20 pixels of 28
// by 28, with their center of mass in the middle (LeCun, Bottou, Bengio and Haffner, 1998).
import { type Point, paint, type Stroke } from "./strokes.js";

export const SIDE = 28;
const FIT = 20;
/** Typical of the digits, in pixels. */
const PEN = 2.4;

/** Gray values, 0 (paper) to 255 (ink), of SIDE rows of SIDE pixels. */
export function pictureOf(strokes: readonly Stroke[]): Float32Array {
  const fitted = fit(strokes);
  const [x, y] = centre(render(fitted));
  return render(fitted.map((stroke) => stroke.map((p): Point => [p[0] + SIDE / 2 - x, p[1] + SIDE / 2 - y])));
}

/** The strokes in pixels, as large as the digits are, somewhere near the middle. */
function fit(strokes: readonly Stroke[]): Stroke[] {
  const range = (axis: 0 | 1) => {
    const values = strokes.flatMap((stroke) => stroke.map((point) => point[axis]));
    return { least: Math.min(...values), most: Math.max(...values) };
  };
  const [x, y] = [range(0), range(1)];
  const size = Math.max(x.most - x.least, y.most - y.least, 0.05);
  const scale = (FIT - PEN) / size;
  const place = (value: number, { least, most }: typeof x) => (value - (least + most) / 2) * scale + SIDE / 2;
  return strokes.map((stroke) => stroke.map((point): Point => [place(point[0], x), place(point[1], y)]));
}

function render(strokes: readonly Stroke[]): Float32Array {
  const context = new OffscreenCanvas(SIDE, SIDE).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser has no canvas to draw on");
  paint(context, strokes, PEN);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return Float32Array.from({ length: SIDE * SIDE }, (_, i) => data[4 * i + 3]);
}

/** Center of mass in pixels. */
function centre(picture: Float32Array): Point {
  let [mass, x, y] = [0, 0, 0];
  picture.forEach((ink, i) => {
    mass += ink;
    x += ink * ((i % SIDE) + 0.5);
    y += ink * (Math.floor(i / SIDE) + 0.5);
  });
  return [x / mass, y / mass];
}
