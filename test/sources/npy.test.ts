import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readNpy } from "../../packages/cli/src/sources/arrays/npy.js";
import { FormatError } from "../../packages/tidu/src/base/errors.js";
import { npy } from "../fuzz/npy-files.js";

const golden = (name: string): Promise<Uint8Array> =>
  readFile(fileURLToPath(new URL(`../goldens/numpy/${name}.npy`, import.meta.url)));

describe("readNpy reads what NumPy writes", () => {
  it.each([
    ["big-endian", [2, 3], Int16Array.of(-3, -2, -1, 0, 1, 2), true],
    ["fortran", [2, 3, 4], Float32Array.from({ length: 24 }, (_, i) => i), false],
    ["half", [4], Float32Array.of(1, 0.5, -2, 65504), false],
    ["truth", [2], Uint8Array.of(1, 0), true],
    ["unicode", [3], ["cat", "büg", ""], false],
    ["bytes", [2], ["cat", "x"], false],
    ["long", [3], Float64Array.of(1, -2, 2 ** 40), true],
    ["scalar", [], Float64Array.of(3.5), false],
  ])("%s", async (name, shape, values, whole) => {
    expect(readNpy(await golden(name), "a.npy")).toEqual({ file: "a.npy", shape, values, whole });
  });

  it("of version 2, whose header's length has four bytes", () => {
    expect(readNpy(npy("|i1", "(2,)", Uint8Array.of(255, 3), false, 2), "x").values).toEqual(Int8Array.of(-1, 3));
  });

  it("in a buffer that begins elsewhere", () => {
    const file = npy("<f4", "(1,)", new Uint8Array(Float32Array.of(1.5).buffer));
    const larger = Buffer.concat([Buffer.alloc(3), file]).subarray(3);
    expect(readNpy(larger, "x").values).toEqual(Float32Array.of(1.5));
  });
});

const one = Uint8Array.of(1);
/** With the header's length changed. */
const lengthened = (length: number): Uint8Array => {
  const file = npy("|u1", "(1,)", one);
  new DataView(file.buffer).setUint16(8, length, true);
  return file;
};

describe("readNpy refuses", () => {
  it.each<[string, Uint8Array, number, RegExp]>([
    ["an empty file", new Uint8Array(), 0, /this is not NPY/],
    ["a file of another format", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0, 0, 0), 0, /must begin with/],
    ["a prefix cut short", npy("|u1", "(1,)", one).slice(0, 9), 9, /ends inside the prefix/],
    ["version 9", npy("|u1", "(1,)", one, false, 9), 6, /version 9 of NPY, expected 1, 2 or 3/],
    ["a header longer than the file", lengthened(5000), 8, /header's length is 5000, expected at most 119/],
    ["a header cut short", lengthened(20), 8, /the header has no fortran_order/],
    ["Python objects", npy("|O", "(1,)", one), 8, /holds Python objects; save numbers instead/],
    ["a type that is none", npy("<f3", "(1,)", one), 8, /has the type <f3, expected numbers/],
    ["complex numbers", npy("<c8", "(1,)", new Uint8Array(8)), 8, /has the type <c8/],
    ["texts of no length", npy("<U0", "(99999999999,)", new Uint8Array()), 8, /has the type <U0/],
    ["a shape that is none", npy("|u1", "(1.5,)", one), 8, /has no shape/],
    [
      "too few values",
      npy("<f4", "(2,)", new Uint8Array(7)),
      135,
      /\[2\] with 4-byte values makes 136 bytes.* has 135/,
    ],
    ["too many values", npy("|u1", "(2,)", new Uint8Array(3)), 130, /makes 130 bytes, the file has 131/],
    ["a shape beyond counting", npy("<f8", `(${"9007199254740991, ".repeat(3)})`, one), 129, /makes .*e\+\d+ bytes/],
    ["a shape beyond numbers", npy("<f8", `(0, ${"9".repeat(400)})`, new Uint8Array()), 8, /makes NaN bytes/],
    ["characters that are none", npy("<U1", "(1,)", Uint8Array.of(0, 0, 0x20, 0)), 8, /character 0 .* is 2097152/],
  ])("%s", (_, bytes, offset, message) => {
    const read = () => readNpy(bytes, "a.npy");
    expect(read).toThrow(FormatError);
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ file: "a.npy", offset }));
  });
});
