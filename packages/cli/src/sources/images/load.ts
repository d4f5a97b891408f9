// Loads the images of a folder into memory.
import { FormatError, MemoryError } from "tidu";
import { readFile } from "tidu/internal";
import { forEachBounded } from "../bounded.js";
import { availableParallelism, readlink } from "../node.js";
import type { DecodeOptions } from "../source.js";
import { decodeImage, type Frame } from "./decode.js";

/** Bytes that the engine can address. */
const MOST_BYTES = 2 ** 32;

export interface LoadedImages {
  readonly count: number;
  /** Pixels of all images, [images, channels, height, width]; zeros for a damaged one. */
  readonly pixels: Uint8Array;
  /** Why images could not be decoded, by their number, in that order. */
  readonly damaged: ReadonlyMap<number, FormatError>;
}

/**
 * Decodes image files, a few at a time.
 *
 * @param seen called with the content of each file.
 * @throws FormatError at a damaged image unless `skipDamaged` is set; MemoryError if the engine cannot hold all.
 */
export async function loadImages(
  paths: readonly string[],
  frame: Frame,
  options: DecodeOptions & { readonly skipDamaged?: boolean },
  seen?: (index: number, bytes: Uint8Array) => void,
): Promise<LoadedImages> {
  const size = frame.height * frame.width * frame.channels;
  const pixels = allocate(paths.length, size);
  const damaged = new Map<number, FormatError>();
  const { concurrency = 2 * availableParallelism(), maxPixels, skipDamaged = false, onProgress } = options;
  let done = 0;
  await forEachBounded(paths.length, concurrency, async (index) => {
    try {
      const bytes = await readImage(paths[index]);
      seen?.(index, bytes);
      pixels.set(await decodeImage(bytes, paths[index], frame, maxPixels), index * size);
    } catch (error) {
      if (!skipDamaged || !(error instanceof FormatError)) throw error;
      damaged.set(index, error);
    }
    onProgress?.({ done: ++done, total: paths.length });
  });
  return { count: paths.length, pixels, damaged: new Map([...damaged].sort(([a], [b]) => a - b)) };
}

/** Reads an image. A link to nothing is one that is damaged. */
async function readImage(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const link = await readlink(path).catch(() => undefined);
    if (link === undefined) throw error;
    throw new FormatError(path, 0, `this is a link to ${link}, which cannot be read`);
  }
}

function allocate(count: number, size: number): Uint8Array {
  const bytes = count * size;
  if (bytes < MOST_BYTES) return new Uint8Array(bytes);
  throw new MemoryError(
    bytes,
    `images: ${count} images of ${size} bytes each need ${bytes} bytes, and the engine can address ${MOST_BYTES}; choose a smaller size, or gray`,
  );
}
