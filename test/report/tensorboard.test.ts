import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TensorBoardWriter } from "@tidu/cli/report";
import { decode } from "fast-png";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { crc32c } from "../../packages/cli/src/report/tensorboard/record.js";
import { ArgumentError, TiduError } from "../../packages/tidu/src/base/errors.js";
import { type Fields, fieldsOf, recordsOf } from "./support/events.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-board-"));
});
afterEach(() => rm(folder, { recursive: true }));

const text = (fields: Fields, number: number): string => String(fields.get(number)?.[0]);
const inside = (fields: Fields, number: number): Fields[] =>
  (fields.get(number) ?? []).map((b) => fieldsOf(b as Buffer));

/** Every event after the first one, with the values in it. */
async function valuesIn(path: string): Promise<{ event: Fields; values: Fields[] }[]> {
  const [first, ...events] = recordsOf(await readFile(path)).map(fieldsOf);
  expect(text(first, 3)).toBe("brain.Event:2");
  return events.map((event) => ({ event, values: inside(inside(event, 5)[0], 1) }));
}

// RFC 3720, appendix B.4.
describe("crc32c", () => {
  it.each<[string, Uint8Array, number]>([
    ["32 zeros", new Uint8Array(32), 0x8a9136aa],
    ["32 ones", new Uint8Array(32).fill(255), 0x62a8ab43],
    ["0 to 31", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ["31 to 0", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ])("of %s", (_, bytes, expected) => expect(crc32c(bytes)).toBe(expected));
});

describe("TensorBoardWriter", () => {
  it("writes numbers under their tags, in the order of the calls", async () => {
    const writer = new TensorBoardWriter(join(folder, "deep", "logs"));
    const before = Date.now() / 1000;
    await Promise.all([
      writer.addScalars(1, { "loss/train": 0.5, "loss/validation": undefined, höhe: -2 }),
      writer.addScalars(2 ** 40, { "loss/train": 0.25 }),
    ]);
    expect(writer.path).toMatch(/deep.logs.events\.out\.tfevents\.\d{10}\./);
    const seen = await valuesIn(writer.path);
    const found = seen.map(({ event, values }) => [event.get(2)?.[0], values.map((v) => [text(v, 1), v.get(2)?.[0]])]);
    expect(found).toEqual([
      [
        1,
        [
          ["loss/train", 0.5],
          ["höhe", -2],
        ],
      ],
      [2 ** 40, [["loss/train", 0.25]]],
    ]);
    for (const { event } of seen) {
      expect(event.get(1)?.[0]).toBeGreaterThanOrEqual(before);
      expect(event.get(1)?.[0]).toBeLessThanOrEqual(Date.now() / 1000);
    }
  });

  it("writes how numbers are spread", async () => {
    const writer = new TensorBoardWriter(folder);
    await writer.addHistogram(7, "weights", Float32Array.of(-1, 0, 3, Number.NaN));
    const [{ event, values }] = await valuesIn(writer.path);
    expect([event.get(2), text(values[0], 1)]).toEqual([[7], "weights"]);
    const [histogram] = inside(values[0], 5);
    expect([1, 2, 3, 4, 5].map((field) => histogram.get(field)?.[0])).toEqual([-1, 3, 3, 2, 10]);
    const [limits, counts] = [6, 7].map((field) => doubles(histogram.get(field)?.[0] as Buffer));
    expect(limits).toHaveLength(32);
    expect([limits[0], limits[31]]).toEqual([-0.875, 3]);
    expect(counts.flatMap((count, bin) => (count > 0 ? [[bin, count]] : []))).toEqual([
      [0, 1],
      [8, 1],
      [31, 1],
    ]);
  });

  it("gives bins of numbers that are all the same a width", async () => {
    const writer = new TensorBoardWriter(folder);
    await writer.addHistogram(0, "bias", [2, 2]);
    const [{ values }] = await valuesIn(writer.path);
    const limits = doubles(inside(values[0], 5)[0].get(6)?.[0] as Buffer);
    for (let i = 1; i < limits.length; i++) expect(limits[i]).toBeGreaterThan(limits[i - 1]);
    expect(limits[0]).toBeGreaterThan(2);
  });

  it("writes pictures", async () => {
    const writer = new TensorBoardWriter(folder);
    const data = Uint8Array.of(255, 0, 0, 0, 0, 255);
    await writer.addImage(3, "kernel", { width: 2, height: 1, channels: 3, data });
    const [{ values }] = await valuesIn(writer.path);
    const [image] = inside(values[0], 4);
    expect([1, 2, 3].map((field) => image.get(field)?.[0])).toEqual([1, 2, 3]);
    expect([...decode(image.get(4)?.[0] as Buffer).data]).toEqual([...data]);
  });

  it("makes a file of its own each time, and none until there is something to write", async () => {
    const [one, two] = [new TensorBoardWriter(folder), new TensorBoardWriter(folder)];
    expect(one.path).not.toBe(two.path);
    await two.addScalars(0, { a: 1 });
    await expect(readFile(one.path)).rejects.toThrow("ENOENT");
    expect(await valuesIn(two.path)).toHaveLength(1);
  });

  it.each([-1, 0.5, Number.NaN])("refuses step %s", async (step) => {
    const adding = new TensorBoardWriter(folder).addScalars(step, { a: 1 });
    await expect(adding).rejects.toThrow(ArgumentError);
    await expect(adding).rejects.toThrow(`step is ${step}`);
  });

  it("says what it cannot write", async () => {
    await writeFile(join(folder, "file"), "");
    const writer = new TensorBoardWriter(join(folder, "file"));
    for (const step of [1, 2]) {
      await expect(writer.addScalars(step, { a: 1 })).rejects.toThrow(TiduError);
      await expect(writer.addScalars(step, { a: 1 })).rejects.toThrow(`cannot write ${writer.path}: `);
    }
  });
});

const doubles = (bytes: Buffer): number[] =>
  Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
