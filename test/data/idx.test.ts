import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArgumentError, FormatError } from "../../packages/tidu/src/base/errors.js";
import { decodeIdx, encodeIdx, type IdxData } from "../../packages/tidu/src/data/idx.js";
import { damaged, mutations } from "../io/mutations.js";

const LOADERS: ((shape: number[], buffer: ArrayBuffer) => IdxData)[] = [
  (shape, buffer) => ({ dtype: "u8", shape, data: new Uint8Array(buffer) }),
  (shape, buffer) => ({ dtype: "i8", shape, data: new Int8Array(buffer) }),
  (shape, buffer) => ({ dtype: "i16", shape, data: new Int16Array(buffer) }),
  (shape, buffer) => ({ dtype: "i32", shape, data: new Int32Array(buffer) }),
  (shape, buffer) => ({ dtype: "f32", shape, data: new Float32Array(buffer) }),
  (shape, buffer) => ({ dtype: "f64", shape, data: new Float64Array(buffer) }),
];

const idxData: fc.Arbitrary<IdxData> = fc
  .tuple(
    fc.constantFrom(...LOADERS),
    fc.array(fc.nat(4), { maxLength: 4 }),
    fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
  )
  .map(([load, shape, bits]) => {
    const width = load([0], new ArrayBuffer(0)).data.BYTES_PER_ELEMENT;
    const length = shape.reduce((product, size) => product * size, width);
    return load(shape, Uint8Array.from({ length }, () => bits.next().value as number).buffer);
  });

const bytesOf = ({ data }: IdxData): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

describe("encodeIdx and decodeIdx", () => {
  it("bring any array back bit for bit", () => {
    fc.assert(
      fc.property(idxData, (array) => {
        const read = decodeIdx(encodeIdx(array), "x");
        expect(read).toMatchObject({ dtype: array.dtype, shape: array.shape });
        expect(read.data.constructor).toBe(array.data.constructor);
        expect(bytesOf(read)).toEqual(bytesOf(array));
      }),
    );
  });

  it("use the layout of the format: big-endian, zero zero type rank, sizes, values", () => {
    const bytes = encodeIdx({ dtype: "i16", shape: [1, 2], data: Int16Array.of(1, -2) });
    expect([...bytes]).toEqual([0, 0, 0x0b, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 255, 254]);
    const real = Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 1, 0x40, 0x49, 0x0f, 0xdb);
    expect(decodeIdx(real, "x").data[0]).toBeCloseTo(Math.PI, 6);
  });

  it("read bytes of one byte per value in place, wherever they start", () => {
    const larger = Uint8Array.of(9, 0, 0, 8, 1, 0, 0, 0, 2, 5, 6);
    const { data } = decodeIdx(larger.subarray(1), "x");
    expect(data).toEqual(Uint8Array.of(5, 6));
    expect(data.buffer).toBe(larger.buffer);
  });
});

const header = (...bytes: number[]): Uint8Array => Uint8Array.of(0, 0, ...bytes);
const huge = [255, 255, 255, 255];

describe("decodeIdx refuses", () => {
  it.each<[string, Uint8Array, number, RegExp]>([
    ["an empty file", new Uint8Array(), 0, /ends inside the 4-byte IDX prefix/],
    ["three bytes", header(8), 3, /ends inside the 4-byte IDX prefix/],
    ["a wrong magic number", Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 0, /0x89 0x50, expected 0x00 0x00/],
    ["a wrong second byte", Uint8Array.of(0, 1, 8, 0, 0), 0, /0x00 0x01, expected 0x00 0x00/],
    ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0), 0, /this is gzip.*decompress/],
    ["an unknown type", header(0x0a, 0, 0), 2, /unknown element type 0x0a, expected one of 0x08 \(u8\), 0x09 \(i8\)/],
    ["sizes cut short", header(8, 2, 0, 0, 0, 1, 0, 0, 0), 11, /ends inside the sizes of 2 dimensions \(12 bytes\)/],
    ["sizes that overflow", header(8, 2, ...huge, ...huge, 1), 4, /more elements than can be counted/],
    ["bytes that overflow", header(0x0e, 2, 0, 255, 255, 255, ...huge), 4, /more elements than can be counted/],
    ["255 huge sizes", header(8, 255, ...Array.from({ length: 1020 }, () => 255)), 4, /more elements than can/],
    ["infinitely many times none", header(8, 41, ...Array(160).fill(255), 0, 0, 0, 0), 4, /more elements/],
    ["too few values", header(8, 1, 0, 0, 0, 3, 1, 2), 10, /\[3\] with 1-byte elements makes 11 bytes.* has 10/],
    ["far too few values", header(8, 1, ...huge, 1), 9, /makes 4294967303 bytes, the file has 9/],
    ["half a value", header(0x0c, 1, 0, 0, 0, 1, 1, 2), 10, /with 4-byte elements makes 12 bytes/],
    ["too many values", header(8, 1, 0, 0, 0, 1, 1, 2), 9, /makes 9 bytes, the file has 10/],
    ["a scalar that is missing", header(8, 0), 4, /shape \[\] with 1-byte elements makes 5 bytes/],
  ])("%s", (_, bytes, offset, message) => {
    const decode = () => decodeIdx(bytes, "digits.idx");
    expect(decode).toThrow(FormatError);
    expect(decode).toThrow(message);
    expect(decode).toThrow(expect.objectContaining({ file: "digits.idx", offset }));
  });

  it("every truncation", () => {
    const whole = encodeIdx({ dtype: "f64", shape: [2, 1], data: Float64Array.of(1, 2) });
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeIdx(whole.subarray(0, length), "x")).toThrow(FormatError);
    }
  });

  it("whatever is not an array that fills the file", () => {
    const file = idxData.map(encodeIdx);
    fc.assert(
      fc.property(file, mutations, (whole, list) => {
        const bytes = damaged(whole, list);
        expect(decodedSize(bytes)).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Bytes of the decoded values; 0 if the file is refused as it should be. */
function decodedSize(bytes: Uint8Array): number {
  try {
    return decodeIdx(bytes, "x").data.byteLength;
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return 0;
  }
}

describe("encodeIdx refuses", () => {
  const u8 = (shape: number[], length: number): IdxData => ({ dtype: "u8", shape, data: new Uint8Array(length) });

  it.each<[string, IdxData, RegExp]>([
    ["256 dimensions", u8(Array(256).fill(1), 1), /256 dimensions; IDX allows at most 255/],
    ["a negative size", u8([-1], 1), /size of -1; it must be a whole number from 0 to 4294967295/],
    ["a fractional size", u8([0.5, 2], 1), /size of 0.5/],
    ["a size beyond 32 bits", u8([2 ** 32, 0], 0), /size of 4294967296/],
    [
      "the wrong number of values",
      u8([2, 2], 3),
      /data is Uint8Array\(3\); it must be a Uint8Array of 4 elements, for u8 \[2, 2\]/,
    ],
    [
      "the wrong array",
      { ...u8([1], 1), dtype: "f32" } as never,
      /data is Uint8Array\(1\); it must be a Float32Array of 1/,
    ],
  ])("%s", (_, array, message) => {
    expect(() => encodeIdx(array)).toThrow(ArgumentError);
    expect(() => encodeIdx(array)).toThrow(message);
  });
});
