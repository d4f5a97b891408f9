import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { readZip } from "../../packages/cli/src/sources/arrays/zip.js";
import { FormatError } from "../../packages/tidu/src/base/errors.js";

const content = strToU8("a".repeat(500));
const archive = (level: 0 | 9 = 9): Uint8Array => zipSync({ "a.txt": content, "b/c.txt": strToU8("bc") }, { level });

/** The archive with some of its bytes changed. The first directory entry is at `directory`. */
function changed(change: (view: DataView, directory: number) => void, level: 0 | 9 = 9): Uint8Array {
  const bytes = archive(level).slice();
  const view = new DataView(bytes.buffer);
  change(view, view.getUint32(bytes.length - 6, true));
  return bytes;
}
const readAll = (bytes: Uint8Array): Uint8Array[] => readZip(bytes, "a.npz").map((entry) => entry.read());

describe("readZip", () => {
  it.each([0, 9] as const)("reads what is packed by level %d", (level) => {
    const entries = readZip(archive(level), "a.npz");
    expect(entries.map(({ name }) => name)).toEqual(["a.txt", "b/c.txt"]);
    expect(new Uint8Array(entries[0].read())).toEqual(content);
  });

  it("reads an archive with a comment", () => {
    const bytes = new Uint8Array([...archive(), ...strToU8("hello")]);
    new DataView(bytes.buffer).setUint16(archive().length - 2, 5, true);
    expect(readAll(bytes).length).toBe(2);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["an empty file", new Uint8Array(), /the ZIP directory is missing/],
    ["an archive cut short", archive().slice(0, -1), /directory is missing: the file is cut short/],
    ["a directory elsewhere", changed((v) => v.setUint32(v.byteLength - 6, 7, true)), /byte 7: entry 0 .* is damaged/],
    ["a directory outside", changed((v) => v.setUint32(v.byteLength - 6, 9999, true)), /entry 0 .* is damaged/],
    ["encryption", changed((v, at) => v.setUint16(at + 8, 1, true)), /"a.txt" is encrypted; save it without/],
    ["another method", changed((v, at) => v.setUint16(at + 10, 12, true)), /packed by method 12, expected 0 or 8/],
    ["a size of 64 bits", changed((v, at) => v.setUint32(at + 24, 2 ** 32 - 1, true)), /has 4 GiB or more/],
    ["a bomb's size", changed((v, at) => v.setUint32(at + 24, 2 ** 31, true)), /cannot hold 2147483648 bytes in \d+/],
    ["a larger size", changed((v, at) => v.setUint32(at + 24, 501, true)), /has 500 bytes, expected 501/],
    ["a smaller size", changed((v, at) => v.setUint32(at + 24, 499, true)), /"a.txt" is damaged/],
    ["a stored size that differs", changed((v, at) => v.setUint32(at + 24, 1, true), 0), /cannot hold 1 bytes in 500/],
    ["a file outside", changed((v, at) => v.setUint32(at + 42, 2 ** 31, true)), /"a.txt" is not there/],
    ["a file beyond the end", changed((v, at) => v.setUint32(at + 20, 9999, true)), /ends at byte \d+, the file at/],
    ["a changed byte", changed((v) => v.setUint8(50, v.getUint8(50) ^ 1), 0), /"a.txt" does not have its checksum/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readAll(bytes)).toThrow(FormatError);
    expect(() => readAll(bytes)).toThrow(message);
    expect(() => readAll(bytes)).toThrow(bytes.length === 0 ? /^a\.npz: the/ : /^a\.npz: byte \d+: /);
  });
});
