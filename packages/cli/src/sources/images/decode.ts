// Decodes image files into pixels of one size and form.
import type { Sharp, default as SharpModule } from "sharp";
import { DataError, FormatError } from "tidu";
import { inCode } from "../speech.js";
import { readBmp } from "./bmp.js";
import { readImageHeader } from "./header.js";

/** Default limit of an image's pixels. */
export const MAX_PIXELS = 100_000_000;

/** The form that images are brought into. */
export interface Frame {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** How an image of another shape is fitted. Default "stretch". */
  readonly fit?: Fit;
}

/** Stretched; whole, with black beside it; or its middle, as large as fills the frame. */
export type Fit = "stretch" | "letterbox" | "crop";

/** What the decoder calls them. */
const FITS = { stretch: "fill", letterbox: "contain", crop: "cover" } as const;

/**
 * Decodes an image file: rotated by its EXIF orientation, fitted to the frame, transparency composited on white, in
 * sRGB or converted to gray by the luma of ITU-R 601, as Pillow and OpenCV do.
 *
 * @returns channels × height × width values from 0 to 255.
 * @throws FormatError if the file is damaged, another format, or has more than `maxPixels` pixels.
 */
export async function decodeImage(
  bytes: Uint8Array,
  file: string,
  { height, width, channels, fit = "stretch" }: Frame,
  maxPixels = MAX_PIXELS,
): Promise<Uint8Array> {
  const image = await openImage(bytes, file, maxPixels);
  const pipeline = image
    .flatten({ background: "white" })
    .resize(width, height, { fit: FITS[fit], background: "black" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" });
  const pixels = await pipeline.toBuffer().catch((error: unknown) => fail(file, bytes, error));
  if (pixels.length !== height * width * 3) {
    throw new FormatError(file, 0, `decoded to ${pixels.length} values, expected ${height * width * 3}`);
  }
  return channels === 1 ? luma(pixels) : planes(pixels, 3);
}

/** The size of an image as people see it, and whether it is gray. */
export async function inspectImage(
  bytes: Uint8Array,
  file: string,
  maxPixels = MAX_PIXELS,
): Promise<{ height: number; width: number; grey: boolean }> {
  const image = await openImage(bytes, file, maxPixels);
  const { autoOrient, space } = await image.metadata().catch((error: unknown) => fail(file, bytes, error));
  return { ...autoOrient, grey: space === "b-w" || space === "grey16" };
}

/** Checks what the header says, then hands the file to the decoder. */
async function openImage(bytes: Uint8Array, file: string, maxPixels: number): Promise<Sharp> {
  const { format, width, height, offset } = readImageHeader(bytes, file);
  if (width * height > maxPixels) {
    throw new FormatError(
      file,
      offset,
      `the image has ${width} × ${height} pixels, more than ${maxPixels}; make it smaller${inCode(" or raise maxPixels")}`,
    );
  }
  const sharp = await loadSharp();
  if (format === "BMP") {
    const { pixels, ...raw } = readBmp(bytes, file);
    return raw.channels === 1 ? sharp(pixels, { raw }).toColourspace("b-w") : sharp(pixels, { raw });
  }
  const image = sharp(bytes, { autoOrient: true, failOn: "warning", limitInputPixels: maxPixels });
  if (format === "TIFF") await checkDepth(image, bytes, file);
  return image;
}

/** Throws FormatError for numbers of which nothing says how they become bytes; TIFF files may hold them. */
async function checkDepth(image: Sharp, bytes: Uint8Array, file: string): Promise<void> {
  const { depth = "" } = await image.metadata().catch((error: unknown) => fail(file, bytes, error));
  if (WHOLE.includes(depth)) return;
  throw new FormatError(file, 0, `its pixels are of the type ${depth}, expected 8 or 16 bits without sign; convert it`);
}

/** Types of pixels from black, 0, to white, the largest number. */
const WHOLE: readonly string[] = ["uchar", "ushort"];

async function loadSharp(): Promise<typeof SharpModule> {
  try {
    return (await import("sharp")).default;
  } catch (cause) {
    throw new DataError("images are decoded by an optional package that is not installed; run npm install sharp", {
      cause,
    });
  }
}

function fail(file: string, bytes: Uint8Array, error: unknown): never {
  // The decoder does not say where; the file is at fault from its header on.
  const [problem] = (error as Error).message.split(/:?\s*\n|:?\s*$/);
  const { offset } = readImageHeader(bytes, file);
  throw new FormatError(file, offset, `the image that is described here is damaged: ${problem}`);
}

/** 0.299 R + 0.587 G + 0.114 B of sRGB values, rounded: ITU-R BT.601, in the fixed-point numbers of Pillow's mode L. */
function luma(pixels: Uint8Array): Uint8Array {
  const grey = new Uint8Array(pixels.length / 3);
  for (let i = 0; i < grey.length; i++) {
    const [r, g, b] = [pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]];
    grey[i] = (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16;
  }
  return grey;
}

/** From height × width × channels to channels × height × width. */
function planes(pixels: Uint8Array, channels: number): Uint8Array {
  const size = pixels.length / channels;
  const out = new Uint8Array(pixels.length);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < size; i++) out[c * size + i] = pixels[i * channels + c];
  }
  return out;
}
