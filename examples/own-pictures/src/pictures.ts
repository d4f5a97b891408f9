// Pictures as a backbone takes them: the middle square, as many pixels as it wants, numbers from 0 to 1.
import type { Backbone } from "./backbone.js";

type Shape = Backbone["shape"];

/** A picture in the size in which it is kept; backbones of other sizes take it from there. */
export const KEPT = 224;

/** The middle square of a picture. */
export function squareOf(source: CanvasImageSource, width: number, height: number): OffscreenCanvas {
  const square = new OffscreenCanvas(KEPT, KEPT);
  const side = Math.min(width, height);
  contextOf(square).drawImage(source, (width - side) / 2, (height - side) / 2, side, side, 0, 0, KEPT, KEPT);
  return square;
}

/** Reads a file. Throws Error if it is not a picture. */
export async function readPicture(file: File): Promise<OffscreenCanvas> {
  const image = await createImageBitmap(file).catch(() => {
    throw new Error(`${file.name} is not a picture that this browser can read`);
  });
  const square = squareOf(image, image.width, image.height);
  image.close();
  return square;
}

/** The numbers of a picture: red, green and blue one after the other, or how far gray is from the ground. */
export function numbersOf(picture: OffscreenCanvas, [channels, height, width]: Shape): Float32Array {
  const small = new OffscreenCanvas(width, height);
  const context = contextOf(small);
  context.imageSmoothingQuality = "high";
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const area = width * height;
  if (channels === 3)
    return Float32Array.from({ length: 3 * area }, (_, i) => data[4 * (i % area) + Math.floor(i / area)] / 255);
  // Red, green and blue by how bright they look (ITU-R BT.601).
  const gray = Float32Array.from(
    { length: area },
    (_, i) => 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2],
  );
  return strokesOf(gray, width, height);
}

/** Strokes are light on a dark ground, as in MNIST: the ground is what is at the border. */
function strokesOf(gray: Float32Array, width: number, height: number): Float32Array {
  const border = [...gray].filter((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
  const ground = border.sort((a, b) => a - b)[border.length >> 1];
  const far = gray.map((value) => Math.abs(value - ground));
  const most = Math.max(...far, 1);
  return far.map((value) => value / most);
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser has no canvas to draw on");
  return context;
}
