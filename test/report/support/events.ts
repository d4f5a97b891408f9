// Reads event files by the descriptions of TFRecord and of protocol buffers, with nothing of what writes them.
import { expect } from "vitest";

/** The contents of a TFRecord file's records, once all checksums are found right. */
export function recordsOf(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const content = file.subarray(at + 12, at + 12 + length);
    expect(content).toHaveLength(length);
    expect(file.readUInt32LE(at + 8)).toBe(masked(file.subarray(at, at + 8)));
    expect(file.readUInt32LE(at + 12 + length)).toBe(masked(content));
    found.push(content);
    at += length + 16;
  }
  return found;
}

/** CRC-32C bit by bit, by division in the other direction than tables are made for; then turned and shifted. */
function masked(bytes: Buffer): number {
  let remainder = 0xffffffffn;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const top = (remainder >> 31n) ^ BigInt((byte >> bit) & 1);
      remainder = ((remainder << 1n) & 0xffffffffn) ^ (top === 1n ? 0x1edc6f41n : 0n);
    }
  }
  const mirrored = BigInt(`0b${[...remainder.toString(2).padStart(32, "0")].reverse().join("")}`) ^ 0xffffffffn;
  const turned = (mirrored >> 15n) | ((mirrored << 17n) & 0xffffffffn);
  return Number((turned + 0xa282ead8n) & 0xffffffffn);
}

/** A message's fields by their numbers: numbers as they are, the rest as bytes. */
export type Fields = Map<number, (number | Buffer)[]>;

export function fieldsOf(bytes: Buffer): Fields {
  const found: Fields = new Map();
  let at = 0;
  const take = (size: number): Buffer => bytes.subarray(at, (at += size));
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (; bytes[at] >= 0x80; scale *= 0x80) value += (bytes[at++] - 0x80) * scale;
    return value + bytes[at++] * scale;
  };
  const kinds: Record<number, () => number | Buffer> = {
    0: varint,
    1: () => take(8).readDoubleLE(),
    2: () => take(varint()),
    5: () => take(4).readFloatLE(),
  };
  while (at < bytes.length) {
    const key = varint();
    const value = kinds[key & 7]();
    found.set(key >> 3, [...(found.get(key >> 3) ?? []), value]);
  }
  expect(at).toBe(bytes.length);
  return found;
}
