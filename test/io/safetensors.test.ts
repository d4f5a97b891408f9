import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";
import { isHalf } from "../../packages/tidu/src/base/half.js";
import { decodeSafetensors, encodeSafetensors, type TensorData } from "../../packages/tidu/src/io/safetensors.js";
import { loadGolden, readGoldenBytes } from "../goldens/load.js";
import { bytesOf, metadata, tensors } from "./tensor-arbitraries.js";

const f32 = (...values: number[]): TensorData => ({
  dtype: "f32",
  shape: [values.length],
  data: Float32Array.from(values),
});

function headerOf(bytes: Uint8Array): string {
  const length = new DataView(bytes.buffer).getUint32(0, true);
  return new TextDecoder().decode(bytes.subarray(8, 8 + length));
}

/** A file with this header and these data bytes. */
function fileOf(header: string, ...data: number[]): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

describe("encodeSafetensors", () => {
  it("writes the layout of the format", () => {
    const bytes = encodeSafetensors(
      { b: { dtype: "u8", shape: [3], data: Uint8Array.of(1, 2, 3) }, a: f32(1, -2) },
      { note: "hi" },
    );
    const header = headerOf(bytes);
    expect(header.length % 8).toBe(0);
    expect(header.trimEnd()).toBe(
      '{"__metadata__":{"note":"hi"},' +
        '"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
        '"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}',
    );
    expect([...bytes.subarray(8 + header.length)]).toEqual([0, 0, 128, 63, 0, 0, 0, 192, 1, 2, 3]);
  });

  it("comes back bit for bit, and is the same file in whatever order the tensors come", () => {
    fc.assert(
      fc.property(tensors, metadata, (written, notes) => {
        const bytes = encodeSafetensors(written, notes);
        const read = decodeSafetensors(bytes, "x");
        expect(read.metadata).toEqual(notes);
        expect([...read.tensors.keys()].sort()).toEqual(Object.keys(written).sort());
        for (const [name, { dtype, shape, data }] of Object.entries(written)) {
          expect(read.tensors.get(name)).toMatchObject({ dtype, shape });
          expect(bytesOf(read.tensors.get(name)!.data)).toEqual(bytesOf(data));
        }
        const reversed = Object.fromEntries(Object.entries(written).reverse());
        expect(encodeSafetensors(reversed, notes)).toEqual(bytes);
      }),
    );
  });

  it("aligns every tensor to its element", () => {
    fc.assert(
      fc.property(tensors, (written) => {
        const bytes = encodeSafetensors(written);
        const header = headerOf(bytes);
        for (const [name, entry] of Object.entries<{ data_offsets: [number, number] }>(JSON.parse(header))) {
          const { dtype, data } = Object.entries(written).find(([key]) => key === name)![1];
          const width = isHalf(dtype) ? 2 : data.BYTES_PER_ELEMENT;
          expect((8 + new TextEncoder().encode(header).length + entry.data_offsets[0]) % width).toBe(0);
        }
      }),
    );
  });

  it("writes only the view of a larger buffer", () => {
    const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    const { tensors } = decodeSafetensors(encodeSafetensors({ a: { dtype: "f32", shape: [2], data } }), "x");
    expect(tensors.get("a")).toEqual(f32(2, 3));
  });

  it.each<[string, Record<string, TensorData>, RegExp]>([
    ["the name of the metadata", { __metadata__: f32(1) }, /"__metadata__" has the name of the metadata/],
    ["too few values", { a: { ...f32(1), shape: [2] } as TensorData }, /"a" has shape \[2\].* 1 elements/],
    ["a negative size", { a: { ...f32(1), shape: [-1, -1] } as TensorData }, /shape \[-1, -1\]/],
    ["a fractional size", { a: { ...f32(1), shape: [0.5, 2] } as TensorData }, /shape \[0\.5, 2\]/],
    ["the wrong array", { a: { ...f32(1), data: Float64Array.of(1) } as never }, /is f32.*8-byte elements/],
    ["an unknown dtype", { a: { ...f32(1), dtype: "c64" } as never }, /is c64/],
  ])("refuses %s", (_, written, message) => {
    expect(() => encodeSafetensors(written)).toThrow(ArgumentError);
    expect(() => encodeSafetensors(written)).toThrow(message);
  });

  it("refuses metadata that is not text", () => {
    expect(() => encodeSafetensors({}, { epoch: 3 as never })).toThrow(/metadata "epoch" is 3; it must be a string/);
  });
});

describe("decodeSafetensors", () => {
  it("reads a file with nothing in it", () => {
    expect(decodeSafetensors(fileOf("{}"), "x")).toEqual({ tensors: new Map(), metadata: {} });
  });

  it("reads bytes that start at an odd place of a larger buffer, and copies them", () => {
    const file = encodeSafetensors({ a: f32(1, 2) });
    const larger = new Uint8Array(file.length + 3);
    larger.set(file, 3);
    const { tensors } = decodeSafetensors(larger.subarray(3), "x");
    larger.fill(0);
    expect(tensors.get("a")).toEqual(f32(1, 2));
  });

  it("reads shared memory", () => {
    const file = encodeSafetensors({ a: f32(1, 2) });
    const shared = new Uint8Array(new SharedArrayBuffer(file.length));
    shared.set(file);
    expect(decodeSafetensors(shared, "x").tensors.get("a")).toEqual(f32(1, 2));
  });

  it("has the numbers of F16 exactly", () => {
    const halves = [0x3c00, 0x0001, 0x7bff, 0xc000, 0x7c00, 0xfc00, 0x8000, 0x7e00, 0x3555, 0x03ff, 0x0400];
    const bytes = halves.flatMap((half) => [half & 255, half >> 8]);
    const header = `{"h":{"dtype":"F16","shape":[${halves.length}],"data_offsets":[0,${bytes.length}]}}`;
    const numbers = f32(1, 2 ** -24, 65504, -2, Infinity, -Infinity, -0, NaN, 1365 / 4096, 1023 * 2 ** -24, 2 ** -14);
    expect(decodeSafetensors(fileOf(header, ...bytes), "x").tensors.get("h")).toEqual({ ...numbers, dtype: "f16" });
  });

  it("has the numbers of BF16 exactly", () => {
    const file = fileOf('{"h":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]}}', 0x80, 0x3f, 0x49, 0x40, 0x80, 0xff);
    expect(decodeSafetensors(file, "x").tensors.get("h")).toEqual({
      ...f32(1, 3.140625, -Infinity),
      dtype: "bf16",
    });
  });

  it("takes any order of tensors in the header, and empty tensors", () => {
    const file = fileOf(
      '{"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"e":{"dtype":"F32","shape":[0,7],"data_offsets":[1,1]},' +
        '"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}',
      5,
      6,
    );
    const { tensors } = decodeSafetensors(file, "x");
    expect([...tensors.keys()]).toEqual(["a", "e", "b"]);
    expect(tensors.get("e")).toEqual({ dtype: "f32", shape: [0, 7], data: new Float32Array() });
  });
});

describe("files of the safetensors library and PyTorch", () => {
  const goldens = loadGolden("safetensors").cases;

  it.each(goldens)("$name comes with every type, shape and value", (golden) => {
    const { tensors, metadata } = decodeSafetensors(readGoldenBytes(golden), golden.file);
    expect(metadata).toEqual(golden.metadata);
    expect([...tensors.keys()].sort()).toEqual(Object.keys(golden.tensors).sort());
    for (const [name, { shape, data }] of Object.entries(golden.tensors)) {
      const read = tensors.get(name)!;
      expect(read.shape).toEqual(shape);
      expect(read.dtype).toBe(golden.dtypes[name].toLowerCase());
      expect(Array.from<number | bigint, number>(read.data, Number)).toEqual([...data]);
    }
  });

  it.each(goldens.filter(({ name }) => name !== "types"))("$name is written the same, byte for byte", (golden) => {
    const { tensors, metadata } = decodeSafetensors(readGoldenBytes(golden), golden.file);
    expect(encodeSafetensors(Object.fromEntries(tensors), metadata)).toEqual(readGoldenBytes(golden));
  });
});
