// BMP files of every depth and header, as programs write them.
import { describe, expect, it } from "vitest";
import { FormatError } from "../../packages/tidu/src/index.js";
import "../../packages/tidu/src/index.js";
import { readBmp } from "../../packages/cli/src/sources/images/bmp.js";
import { decodeImage, inspectImage } from "../../packages/cli/src/sources/images/decode.js";

type Color = readonly [r: number, g: number, b: number];
const [WIDTH, HEIGHT] = [5, 3];
const PLACES = Array.from({ length: WIDTH * HEIGHT }, (_, i) => i);

interface Form {
  readonly bits: number;
  /** Size of the picture's header. */
  readonly header?: number;
  readonly topDown?: boolean;
  readonly compression?: number;
  readonly masks?: readonly number[];
  readonly palette?: readonly Color[];
}

/** A file whose pixels, from the top left, are such numbers. */
function bmp(
  pixel: (i: number) => number,
  { bits, header = 40, topDown, compression = 0, masks = [], palette = [] }: Form,
) {
  const colorBytes = header === 12 ? 3 : 4;
  const outside = header === 40 ? 4 * masks.length : 0;
  const start = 14 + header + outside + colorBytes * palette.length;
  const stride = Math.ceil((WIDTH * bits) / 32) * 4;
  const bytes = new Uint8Array(start + stride * HEIGHT);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, header, true);
  if (header === 12) [18, 20, 22, 24].forEach((at, i) => view.setUint16(at, [WIDTH, HEIGHT, 1, bits][i], true));
  else {
    view.setInt32(18, WIDTH, true);
    view.setInt32(22, topDown ? -HEIGHT : HEIGHT, true);
    view.setUint16(26, 1, true);
    view.setUint16(28, bits, true);
    view.setUint32(30, compression, true);
    view.setUint32(46, palette.length, true);
    masks.forEach((mask, i) => view.setUint32(54 + 4 * i, mask, true));
  }
  palette.forEach(([r, g, b], i) => bytes.set([b, g, r], start - colorBytes * (palette.length - i)));
  for (const i of PLACES) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const row = start + stride * (topDown ? y : HEIGHT - 1 - y);
    const value = pixel(i);
    if (bits < 8) bytes[row + Math.floor((x * bits) / 8)] |= value << (8 - bits - ((x * bits) % 8));
    else for (let b = 0; b < bits / 8; b++) bytes[row + (x * bits) / 8 + b] = Math.floor(value / 256 ** b) % 256;
  }
  return bytes;
}

const color = (i: number): Color => [(i * 17) % 256, (i * 29) % 256, (i * 53 + 7) % 256];
const rgba = (of: (i: number) => readonly number[]): number[] => PLACES.flatMap((i) => [...of(i), 255].slice(0, 4));
const packed = ([r, g, b]: Color): number => r * 65536 + g * 256 + b;

describe("BMP", () => {
  it.each([
    ["24 bits", { bits: 24 }],
    ["24 bits, top down", { bits: 24, topDown: true }],
    ["24 bits of OS/2", { bits: 24, header: 12 }],
    ["32 bits", { bits: 32, header: 124 }],
    ["32 bits with masks", { bits: 32, compression: 3, masks: [0xff0000, 0xff00, 0xff] }],
  ])("%s", (_, form) => {
    const { channels, pixels } = readBmp(
      bmp((i) => packed(color(i)), form),
      "a.bmp",
    );
    expect([channels, [...pixels]]).toEqual([4, rgba(color)]);
  });

  it("other masks, with transparency", () => {
    const form = { bits: 32, header: 108, compression: 3, masks: [0xff000000, 0xff0000, 0xff00, 0xff] };
    const { pixels } = readBmp(
      bmp((i) => packed(color(i)) * 256 + i, form),
      "a.bmp",
    );
    expect([...pixels]).toEqual(PLACES.flatMap((i) => [...color(i), i]));
  });

  it.each([
    ["5, 5 and 5", { bits: 16 }, [5, 5, 5]],
    ["5, 6 and 5", { bits: 16, compression: 3, masks: [0xf800, 0x7e0, 0x1f] }, [5, 6, 5]],
  ])("16 bits, %s", (_, form, [r, g, b]) => {
    const parts = (i: number): Color => [i * 2, (i * 3) % 2 ** g, 31 - i];
    const pixel = (i: number) => parts(i)[0] * 2 ** (g + b) + parts(i)[1] * 2 ** b + parts(i)[2];
    const full = [r, g, b].map((bits) => 2 ** bits - 1);
    const { pixels } = readBmp(bmp(pixel, form), "a.bmp");
    expect([...pixels]).toEqual(rgba((i) => parts(i).map((part, c) => Math.round((part * 255) / full[c]))));
  });

  it.each([
    [1, 40],
    [4, 40],
    [8, 40],
    [8, 12],
  ])("%i bits of a palette (header of %i)", (bits, header) => {
    const palette = Array.from({ length: 2 ** bits }, (_, i) => color(i + 1));
    const { channels, pixels } = readBmp(
      bmp((i) => (i * 7) % 2 ** bits, { bits, header, palette }),
      "a.bmp",
    );
    expect([channels, [...pixels]]).toEqual([4, rgba((i) => palette[(i * 7) % 2 ** bits])]);
  });

  it("of grays is gray, of colors is not, and both are decoded as other formats", async () => {
    const grays = Array.from({ length: 256 }, (_, i): Color => [i, i, i]);
    const gray = bmp((i) => i * 16, { bits: 8, palette: grays });
    expect(await inspectImage(gray, "a.bmp")).toEqual({ width: WIDTH, height: HEIGHT, grey: true });
    const frame = { width: WIDTH, height: HEIGHT };
    expect([...(await decodeImage(gray, "a.bmp", { ...frame, channels: 1 }))]).toEqual(PLACES.map((i) => i * 16));
    const colors = bmp((i) => packed(color(i)), { bits: 24 });
    expect(await inspectImage(colors, "a.bmp")).toMatchObject({ grey: false });
    const planes = [...(await decodeImage(colors, "a.bmp", { ...frame, channels: 3 }))];
    expect(planes).toEqual([0, 1, 2].flatMap((c) => PLACES.map((i) => color(i)[c])));
  });

  it("what cannot be read is an error, wherever the file ends", async () => {
    const whole = bmp((i) => packed(color(i)), { bits: 24 });
    for (let length = 2; length < whole.length; length++) {
      const cut = decodeImage(whole.subarray(0, length), "a.bmp", { width: 5, height: 3, channels: 3 });
      await expect(cut).rejects.toThrow(FormatError);
    }
    const compressed = bmp(() => 0, { bits: 8, compression: 1 });
    expect(() => readBmp(compressed, "a.bmp")).toThrow(
      /a\.bmp: byte 30: the BMP is compressed \(kind 1\); save it without/,
    );
    expect(() =>
      readBmp(
        bmp(() => 0, { bits: 2 }),
        "a.bmp",
      ),
    ).toThrow(/has 2 bits for each pixel; they must be 1, 4, 8/);
    const huge = whole.slice();
    new DataView(huge.buffer).setInt32(18, 0x7fffffff, true);
    await expect(inspectImage(huge, "a.bmp")).rejects.toThrow(/more than 100000000/);
  });
});
