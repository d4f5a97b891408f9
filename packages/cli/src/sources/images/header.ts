// Reads format and size from the first bytes of an image file, before a decoder gets it.
import { FormatError } from "tidu";
import { bmpSize } from "./bmp.js";

export interface ImageHeader {
  readonly format: "PNG" | "JPEG" | "WebP" | "GIF" | "TIFF" | "BMP";
  readonly width: number;
  readonly height: number;
  /** First byte of the sizes. */
  readonly offset: number;
}

/** Formats of images, in words. */
export const FORMATS = "PNG, JPEG, WebP, GIF, TIFF or BMP";

/** Extensions of files that are taken for images. */
export const isImageName = (name: string): boolean => /\.(png|jpe?g|webp|gif|tiff?|bmp)$/i.test(name);

/**
 * Reads an image's format and size.
 *
 * @throws FormatError if the file is of no format that is known, ends within its header, or has no pixels.
 */
export function readImageHeader(bytes: Uint8Array, file: string): ImageHeader {
  const reader = new Reader(bytes, file);
  const header =
    readPng(reader) ??
    readJpeg(reader) ??
    readWebp(reader) ??
    readGif(reader) ??
    readTiff(reader) ??
    readBmpHeader(bytes, file);
  if (header === undefined) {
    const problem =
      bytes.length === 0
        ? "the file is empty; remove it, or copy it here again"
        : `this is not ${FORMATS}; convert it to one of them`;
    throw new FormatError(file, 0, problem);
  }
  if (header.width === 0 || header.height === 0) {
    throw new FormatError(file, header.offset, `the image has ${header.width} × ${header.height} pixels`);
  }
  return header;
}

/** Numbers at offsets of a file; reading past its end is a FormatError. */
class Reader {
  readonly #view: DataView;
  constructor(
    bytes: Uint8Array,
    readonly file: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #check(offset: number, length: number): void {
    const end = this.#view.byteLength;
    if (offset + length > end) throw new FormatError(this.file, end, "the file ends inside the image's header");
  }
  u8(offset: number): number {
    this.#check(offset, 1);
    return this.#view.getUint8(offset);
  }
  u16(offset: number, little = false): number {
    this.#check(offset, 2);
    return this.#view.getUint16(offset, little);
  }
  u24(offset: number): number {
    return this.u16(offset, true) + this.u8(offset + 2) * 2 ** 16;
  }
  u32(offset: number, little = false): number {
    this.#check(offset, 4);
    return this.#view.getUint32(offset, little);
  }
  /** Whether the file has these characters here. */
  has(offset: number, text: string): boolean {
    if (offset + text.length > this.#view.byteLength) return false;
    return [...text].every((char, i) => this.#view.getUint8(offset + i) === char.charCodeAt(0));
  }
}

function readPng(reader: Reader): ImageHeader | undefined {
  if (!reader.has(0, "\x89PNG\r\n\x1a\n")) return undefined;
  if (!reader.has(12, "IHDR")) throw new FormatError(reader.file, 8, "a PNG begins with the chunk IHDR");
  return { format: "PNG", width: reader.u32(16), height: reader.u32(20), offset: 16 };
}

/** Goes from segment to segment until one begins a frame, which has the sizes. */
function readJpeg(reader: Reader): ImageHeader | undefined {
  if (!reader.has(0, "\xff\xd8\xff")) return undefined;
  for (let at = 2; ; ) {
    if (reader.u8(at) !== 0xff) throw new FormatError(reader.file, at, "a JPEG segment must begin with 0xff");
    const marker = reader.u8(at + 1);
    if (marker === 0xff) at++;
    else if (isFrame(marker)) {
      return { format: "JPEG", width: reader.u16(at + 7), height: reader.u16(at + 5), offset: at + 5 };
    } else if (marker === 0xda || marker === 0xd9) {
      throw new FormatError(reader.file, at, "the JPEG has no frame header before its pixels");
    } else at += 2 + reader.u16(at + 2);
  }
}

/** SOF0…SOF15, among whose numbers three markers have other meanings. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function readWebp(reader: Reader): ImageHeader | undefined {
  if (!reader.has(0, "RIFF") || !reader.has(8, "WEBP")) return undefined;
  if (reader.has(12, "VP8 ")) {
    const [width, height] = [26, 28].map((at) => reader.u16(at, true) & 0x3fff);
    return { format: "WebP", width, height, offset: 26 };
  }
  if (reader.has(12, "VP8L")) {
    const bits = reader.u32(21, true);
    return { format: "WebP", width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, offset: 21 };
  }
  if (reader.has(12, "VP8X")) {
    return { format: "WebP", width: reader.u24(24) + 1, height: reader.u24(27) + 1, offset: 24 };
  }
  throw new FormatError(reader.file, 12, "a WebP begins with the chunk VP8, VP8L or VP8X");
}

/** Of an animation its first picture counts. */
function readGif(reader: Reader): ImageHeader | undefined {
  if (!reader.has(0, "GIF87a") && !reader.has(0, "GIF89a")) return undefined;
  return { format: "GIF", width: reader.u16(6, true), height: reader.u16(8, true), offset: 6 };
}

function readBmpHeader(bytes: Uint8Array, file: string): ImageHeader | undefined {
  const size = bmpSize(bytes, file);
  return size && { format: "BMP", width: size.width, height: size.height, offset: 18 };
}

/** The tags that say how wide and high a picture is, and the types of their values: 16 or 32 bits. */
const [WIDTH, HEIGHT, SHORT, LONG] = [256, 257, 3, 4];

/** Of several pictures the first counts. */
function readTiff(reader: Reader): ImageHeader | undefined {
  const little = reader.has(0, "II*\0");
  if (!little && !reader.has(0, "MM\0*")) return undefined;
  const directory = reader.u32(4, little);
  const sizes = new Map<number, number>();
  const count = reader.u16(directory, little);
  for (let i = 0; i < count; i++) {
    const at = directory + 2 + 12 * i;
    const [tag, type] = [reader.u16(at, little), reader.u16(at + 2, little)];
    if (type === SHORT) sizes.set(tag, reader.u16(at + 8, little));
    else if (type === LONG) sizes.set(tag, reader.u32(at + 8, little));
  }
  const [width, height] = [sizes.get(WIDTH), sizes.get(HEIGHT)];
  if (width === undefined || height === undefined) {
    throw new FormatError(reader.file, directory, "the TIFF's first picture has no width or height");
  }
  return { format: "TIFF", width, height, offset: directory };
}
