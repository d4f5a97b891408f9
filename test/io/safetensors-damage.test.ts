import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError } from "../../packages/tidu/src/base/errors.js";
import { decodeSafetensors, encodeSafetensors } from "../../packages/tidu/src/io/safetensors.js";
import { damaged, mutations } from "./mutations.js";
import { metadata, tensors } from "./tensor-arbitraries.js";

/** A file with this header, `data` zero bytes, and a header length that is off by `off`. */
function fileOf(header: string | Uint8Array, data = 0, off = 0): Uint8Array {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length + off), true);
  bytes.set(text, 8);
  return bytes;
}

const entry = (dtype: string, shape: string, offsets: string): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;

/** The error that decoding must end with. */
function failure(bytes: Uint8Array): FormatError {
  try {
    decodeSafetensors(bytes, "model.safetensors");
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return error as FormatError;
  }
  return expect.fail("the file was accepted");
}

const u8 = (from: number, to: number): string => entry("U8", `[${to - from}]`, `[${from},${to}]`);

const faults: [what: string, file: Uint8Array, offset: number, message: RegExp][] = [
  ["an empty file", new Uint8Array(), 0, /ends inside the 8-byte header length/],
  ["a file of 7 bytes", new Uint8Array(7), 7, /ends inside the 8-byte header length/],
  ["a header longer than the file", fileOf("{}", 0, 1), 0, /header length is 3, but only 2 bytes follow/],
  ["a header beyond the limit", fileOf("{}", 0, 1e8), 0, /header length is 100000002, expected at most 100000000/],
  ["a header of 2^64 - 1 bytes", new Uint8Array(16).fill(255), 0, /header length is 1844674407370955/],
  ["no header", fileOf(""), 8, /not JSON/],
  ["a header that is not UTF-8", fileOf(Uint8Array.of(0x7b, 0xff, 0x7d)), 8, /not UTF-8/],
  ["a byte order mark", fileOf("\ufeff{}"), 8, /not JSON/],
  ["a header that is not JSON", fileOf("{,}"), 8, /not JSON/],
  ["a header that starts with a space", fileOf(" {}"), 8, /starts with \{/],
  ["an array", fileOf("[]"), 8, /not a JSON object/],
  ["null", fileOf("null"), 8, /not a JSON object/],
  ["a tensor twice", fileOf(`{"a":${u8(0, 1)},"a":${u8(0, 1)}}`, 1), 61, /key "a" twice/],
  ["a key twice, once escaped", fileOf('{"é":0,"\\u00e9":0}'), 8 + 8, /key "é" twice/],
  ["a dtype twice", fileOf('{"a":{"dtype":"U8","dtype":"U8"}}'), 8 + 19, /key "dtype" twice/],
  ["metadata that is a list", fileOf('{"__metadata__":["x"]}'), 9, /"__metadata__" must be an object of strings/],
  ["metadata with a number", fileOf('{"__metadata__":{"x":1}}'), 9, /"__metadata__" must be an object of strings/],
  ["a tensor that is a number", fileOf('{"a":1}'), 9, /"a" must be an object with dtype/],
  ["a tensor that is a list", fileOf('{"a":[]}'), 9, /"a" must be an object with dtype/],
  ["no dtype", fileOf('{"a":{"shape":[],"data_offsets":[0,1]}}', 1), 9, /"a" has dtype undefined/],
  ["an unknown dtype", fileOf(`{"a":${entry("F7", "[1]", "[0,1]")}}`, 1), 9, /"F7", expected one of F64, /],
  ["no shape", fileOf('{"a":{"dtype":"U8","data_offsets":[0,1]}}', 1), 9, /has shape undefined/],
  [
    "a negative size",
    fileOf(`{"a":${entry("U8", "[-1,-1]", "[0,1]")}}`, 1),
    9,
    /has shape \[-1,-1\], expected integers/,
  ],
  ["a fractional size", fileOf(`{"a":${entry("U8", "[0.5,2]", "[0,1]")}}`, 1), 9, /has shape \[0.5,2\]/],
  ["a size of minus zero", fileOf(`{"a":${entry("U8", "[-0]", "[0,0]")}}`), 9, /has shape/],
  ["a size beyond 2^53", fileOf(`{"a":${entry("U8", "[9007199254740992]", "[0,1]")}}`, 1), 9, /expected integers/],
  ["a shape that overflows", fileOf(`{"a":${entry("F64", "[4294967296,4294967296]", "[0,0]")}}`), 9, /span 0/],
  [
    "a shape that overflows, with a zero",
    fileOf(`{"a":${entry("U8", `[${"9007199254740991,".repeat(30)}0]`, "[0,0]")}}`),
    9,
    /NaN bytes|span 0/,
  ],
  ["no offsets", fileOf('{"a":{"dtype":"U8","shape":[0]}}'), 9, /has data_offsets undefined/],
  ["one offset", fileOf(`{"a":${entry("U8", "[0]", "[0]")}}`), 9, /has data_offsets \[0\], expected \[begin, end\]/],
  ["offsets that are strings", fileOf(`{"a":${entry("U8", "[0]", '["0","0"]')}}`), 9, /has data_offsets/],
  ["offsets that go back", fileOf(`{"a":${entry("U8", "[1]", "[1,0]")}}`, 1), 9, /with 0 <= begin <= end/],
  ["too few bytes for the shape", fileOf(`{"a":${entry("F32", "[2]", "[0,7]")}}`, 7), 9, /8 bytes, but .* span 7/],
  ["a fault in the second tensor", fileOf(`{"é":${u8(0, 1)},"b":1}`, 1), 62, /"b" must be/],
  ["bytes before the first tensor", fileOf(`{"a":${u8(1, 2)}}`, 2), 61, /no tensor covers 1 bytes before "a"/],
  ["a gap", fileOf(`{"a":${u8(0, 1)},"b":${u8(3, 4)}}`, 4), 114, /no tensor covers 2 bytes before "b"/],
  ["an overlap", fileOf(`{"a":${u8(0, 3)},"b":${u8(2, 4)}}`, 4), 115, /"b" overlaps the tensor before it/],
  ["the same bytes twice", fileOf(`{"a":${u8(0, 1)},"b":${u8(0, 1)}}`, 1), 113, /"b" overlaps the tensor before it/],
  ["offsets outside the file", fileOf(`{"a":${u8(0, 4)}}`, 3), 64, /"a" ends at byte 65, the file at 64/],
  ["bytes after the last tensor", fileOf(`{"a":${u8(0, 1)}}`, 3), 62, /no tensor covers the last 2 bytes/],
  ["deep nesting", fileOf(`{"a":${"[".repeat(1e5)}${"]".repeat(1e5)}}`), 9, /"a" must be an object/],
];

describe("a damaged safetensors file", () => {
  it.each(faults)("is refused for %s", (_, file, offset, message) => {
    const error = failure(file);
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ file: "model.safetensors", offset });
  });

  it("is refused at every truncation", () => {
    const whole = encodeSafetensors({ a: { dtype: "f32", shape: [3], data: Float32Array.of(1, 2, 3) } }, { k: "v" });
    for (let length = 0; length < whole.length; length++) failure(whole.subarray(0, length));
  });

  it("gives a FormatError or tensors no larger than the file, whatever happens to its bytes", () => {
    const file = fc.tuple(tensors, metadata).map(([written, notes]) => encodeSafetensors(written, notes));
    fc.assert(
      fc.property(file, mutations, (whole, list) => {
        const bytes = damaged(whole, list);
        expect(decodedSize(bytes)).toBeLessThanOrEqual(2 * bytes.length);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Bytes of all decoded tensors; 0 if the file is refused as it should be. Half floats may double. */
function decodedSize(bytes: Uint8Array): number {
  try {
    const { tensors } = decodeSafetensors(bytes, "x");
    return [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return 0;
  }
}
