// Pixels of BMP files: a header, then rows that are not compressed, which the decoder of the other formats does not read.
import { FormatError } from "tidu";

/** Pixels as they are seen, from the top left: gray, [height, width], or RGBA, [height, width, 4]. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 4;
  readonly pixels: Uint8Array;
}

/** What stands where in the file, and how. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Where the pixels begin. */
  readonly start: number;
  /** Where the palette begins, how many bytes a color has, and how many colors there are. */
  readonly palette: { readonly at: number; readonly bytes: 3 | 4; readonly colors: number };
  /** Where the masks of the channels stand; undefined where there are none. */
  readonly masks?: number;
}

/** Size of the header before those of the picture, and of the oldest of these. */
const [FILE, CORE] = [14, 12];
/** Kinds of compression: none, and masks that say which bits are which channel. */
const [PLAIN, FIELDS, ALPHA_FIELDS] = [0, 3, 6];

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** Width and height; undefined for a file of another format. Throws FormatError for a header that ends too soon. */
export function bmpSize(bytes: Uint8Array, file: string): { width: number; height: number } | undefined {
  return bytes[0] === 0x42 && bytes[1] === 0x4d ? layoutOf(bytes, file) : undefined;
}

/** @throws FormatError for a file that ends too soon, or is compressed. */
export function readBmp(bytes: Uint8Array, file: string): Bitmap {
  const layout = layoutOf(bytes, file);
  const { width, height, bits, compression, start, topDown } = layout;
  if (![PLAIN, FIELDS, ALPHA_FIELDS].includes(compression)) {
    throw new FormatError(
      file,
      30,
      `the BMP is compressed (kind ${compression}); save it without compression, or as PNG`,
    );
  }
  if (![1, 4, 8, 16, 24, 32].includes(bits)) {
    throw new FormatError(file, 28, `the BMP has ${bits} bits for each pixel; they must be 1, 4, 8, 16, 24 or 32`);
  }
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (start + stride * height > bytes.length)
    throw new FormatError(file, bytes.length, `the file ends inside the pixels, which take ${stride * height} bytes`);
  const rowAt = (y: number): number => start + stride * (topDown ? y : height - 1 - y);
  return bits <= 8 ? indexed(bytes, layout, rowAt) : direct(bytes, layout, rowAt);
}

function layoutOf(bytes: Uint8Array, file: string): Layout {
  const view = viewOf(bytes);
  const header = bytes.length < FILE + 4 ? 0 : view.getUint32(FILE, true);
  if (header < CORE || bytes.length < FILE + header)
    throw new FormatError(file, bytes.length, "the file ends inside the image's header");
  const start = view.getUint32(10, true);
  const colors = (bits: number): number => (bits <= 8 ? 2 ** bits : 0);
  if (header < 40) {
    const [width, height, bits] = [18, 20, 24].map((at) => view.getUint16(at, true));
    const palette = { at: FILE + header, bytes: 3, colors: colors(bits) } as const;
    return { width, height, topDown: false, bits, compression: PLAIN, start, palette };
  }
  const [width, signed] = [18, 22].map((at) => view.getInt32(at, true));
  const [bits, compression, used] = [view.getUint16(28, true), view.getUint32(30, true), view.getUint32(46, true)];
  const masks = compression === FIELDS || compression === ALPHA_FIELDS ? FILE + 40 : undefined;
  const most = colors(bits);
  const palette = { at: FILE + header, bytes: 4, colors: used === 0 ? most : Math.min(used, most) } as const;
  return {
    width: Math.abs(width),
    height: Math.abs(signed),
    topDown: signed < 0,
    bits,
    compression,
    start,
    palette,
    masks,
  };
}

/** Pixels that are numbers of colors in a palette. */
function indexed(bytes: Uint8Array, { width, height, bits, palette }: Layout, rowAt: (y: number) => number): Bitmap {
  const colorAt = (index: number): readonly [number, number, number] => {
    const at = palette.at + palette.bytes * index;
    return index < palette.colors && at + 2 < bytes.length ? [bytes[at + 2], bytes[at + 1], bytes[at]] : [0, 0, 0];
  };
  const colors = Array.from({ length: 2 ** bits }, (_, i) => colorAt(i));
  const isGray = colors.every(([r, g, b]) => r === g && g === b);
  const channels = isGray ? 1 : 4;
  const pixels = new Uint8Array(width * height * channels).fill(255);
  const inByte = 8 / bits;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = bytes[rowAt(y) + Math.floor(x / inByte)];
      const [r, g, b] = colors[(byte >> (8 - bits - bits * (x % inByte))) & (2 ** bits - 1)];
      const at = (y * width + x) * channels;
      pixels[at] = r;
      if (!isGray) [pixels[at + 1], pixels[at + 2]] = [g, b];
    }
  }
  return { width, height, channels, pixels };
}

/** Masks of red, green, blue and alpha in a pixel of 16, or of 24 and 32 bits, where the file has none. */
const USUAL = { 16: [0x7c00, 0x3e0, 0x1f, 0], 32: [0xff0000, 0xff00, 0xff, 0] } as const;

/** Pixels that are colors themselves. */
function direct(bytes: Uint8Array, layout: Layout, rowAt: (y: number) => number): Bitmap {
  const { width, height, bits, masks, start } = layout;
  const view = viewOf(bytes);
  // Of the headers with masks the newer ones have a fourth.
  const mask = (i: number): number =>
    masks === undefined
      ? USUAL[bits === 16 ? 16 : 32][i]
      : masks + 4 * i + 4 <= start
        ? view.getUint32(masks + 4 * i, true)
        : 0;
  const channels = [0, 1, 2, 3].map((i) => channelOf(mask(i)));
  const pixels = new Uint8Array(width * height * 4);
  const size = bits / 8;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = rowAt(y) + x * size;
      let pixel = 0;
      for (let i = size - 1; i >= 0; i--) pixel = pixel * 256 + bytes[at + i];
      const to = (y * width + x) * 4;
      for (let c = 0; c < 4; c++) pixels[to + c] = channels[c](pixel);
    }
  }
  return { width, height, channels: 4, pixels };
}

/** A channel's value, from 0 to 255, of a pixel; full where there is no mask. */
function channelOf(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 255;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (pixel) => Math.round((((pixel & mask) >>> shift) * 255) / most);
}
