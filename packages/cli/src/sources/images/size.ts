// Default size and channels of images.
import { readFile } from "tidu/internal";
import type { OpenOptions } from "../source.js";
import { type Frame, inspectImage } from "./decode.js";

/** Side of images, in pixels, where they are of different sizes, or larger than what one trains on. */
const [USUAL_SIDE, LARGEST_SIDE] = [64, 224];
/** Images that decide about all; if there are more, so many from first to last. */
const INSPECTED = 256;

/**
 * The frame that images are put into: as the options say, else of the images' own size if it is the same for all, and
 * gray if all are gray. Damaged images do not count; decoding them will say what is wrong.
 *
 * @throws ArgumentError if an option is out of range.
 */
export async function inferFrame(paths: readonly string[], options: OpenOptions): Promise<Frame> {
  const fit = options.fit === undefined ? {} : { fit: options.fit };
  const given = options.size === undefined ? undefined : checkSize(options.size);
  if (given !== undefined && options.channels !== undefined) return { ...given, channels: options.channels, ...fit };
  const step = Math.max(1, paths.length / INSPECTED);
  const found: { height: number; width: number; grey: boolean }[] = [];
  for (let i = 0; i < paths.length; i += step) {
    const path = paths[Math.floor(i)];
    const image = await readFile(path)
      .then((bytes) => inspectImage(bytes, path, options.maxPixels))
      .catch(() => undefined);
    if (image !== undefined) found.push(image);
  }
  const channels = options.channels ?? (found.every(({ grey }) => grey) ? 1 : 3);
  return { ...(given ?? commonSize(found)), channels, ...fit };
}

function commonSize(found: readonly { height: number; width: number }[]): { height: number; width: number } {
  const [first] = found;
  const same = found.every(({ height, width }) => height === first.height && width === first.width);
  if (first === undefined || !same || Math.max(first.height, first.width) > LARGEST_SIDE) {
    return { height: USUAL_SIDE, width: USUAL_SIDE };
  }
  return { height: first.height, width: first.width };
}

function checkSize(size: number | readonly [number, number]): { height: number; width: number } {
  const [height, width] = typeof size === "number" ? [size, size] : size;
  return { height, width };
}
