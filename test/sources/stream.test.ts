// Samples that are read some at a time, and tables in their other forms.
import { execFileSync, spawn } from "node:child_process";
import { gzipSync } from "node:zlib";
import { openData, type Preprocess, prepareSamples, streamSamples } from "@tidu/cli/sources";
import { describe, expect, it } from "vitest";
import "../../packages/tidu/src/index.js";
import { npy } from "../fuzz/npy-files.js";
import { folderOf, greyPng } from "./folders.js";

const TRAIN = "n,c,t\n1,x,p\n3,y,q\n5,,q\n";

async function collected(preprocess: Preprocess, paths: string[], skipDamaged = false) {
  const [sizes, names, numbers, notes] = [[] as number[], [] as string[], [] as number[], [] as string[]];
  const note = (text: string): void => void notes.push(text);
  for await (const batch of streamSamples(preprocess, paths, { skipDamaged }, note)) {
    sizes.push(batch.input.shape[0]);
    names.push(...batch.names);
    for (const number of await batch.input.data()) numbers.push(number);
  }
  return { sizes, names, numbers, notes };
}

describe("streamSamples", () => {
  it("gives a table of any length in pieces of 1000 rows, with the counts of the whole", async () => {
    const rows = Array.from({ length: 4321 }, (_, i) => `${i % 7 === 0 ? "" : i},${["x", "y", "new"][i % 3]},"a\nb"`);
    const folder = await folderOf({ "a.csv": TRAIN, "b.csv": `n,c,more\n${rows.join("\n")}\n` });
    const { preprocess } = await openData(`${folder}/a.csv`);
    const streamed = await collected(preprocess, [`${folder}/b.csv`]);
    expect(streamed.sizes).toEqual([1000, 1000, 1000, 1000, 321]);
    expect(streamed.names.slice(0, 2)).toEqual(["b.csv:3", "b.csv:5"]);
    expect(streamed.names.at(-1)).toBe("b.csv:8643");
    expect(streamed.notes).toEqual([
      `${folder}/b.csv: column "n": 618 missing numbers in 4,321 rows became the mean`,
      `${folder}/b.csv: column "c": 1,440 unknown names in 4,321 rows became no category`,
    ]);
    const whole = await prepareSamples(preprocess, [`${folder}/b.csv`]);
    expect(whole.names).toEqual(streamed.names);
    expect(whole.notes).toEqual(streamed.notes);
    expect([...(await whole.input.data())]).toEqual(streamed.numbers);
  });

  it.each([
    ["a byte order mark", (text: string) => Buffer.from(`\ufeff${text}`)],
    ["UTF-16", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["Latin-1, of which the first sign comes late", (text: string) => Buffer.from(text, "latin1")],
    ["Windows' line ends", (text: string) => Buffer.from(text.replaceAll("\n", "\r\n"))],
    ["semicolons", (text: string) => Buffer.from(text.replaceAll(",", ";"))],
  ])("reads %s, as it reads the file at once", async (_, encode) => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `${i},x`);
    const text = `n,c\n${rows.join("\n")}\n3,été\n`;
    const folder = await folderOf({ "a.csv": "n,c,t\n1,x,p\n3,été,q\n", "b.csv": encode(text) });
    const { preprocess } = await openData(`${folder}/a.csv`);
    const { numbers, names, notes } = await collected(preprocess, [`${folder}/b.csv`]);
    expect(names).toHaveLength(30_001);
    // The deviation of 1 and 3 is 1, their mean 2; x and été are categories.
    expect(numbers.slice(0, 3)).toEqual([-2, 1, 0]);
    expect(numbers.slice(-3)).toEqual([1, 0, 1]);
    expect(notes).toEqual([]);
  });

  it("reads arrays and images in pieces, and leaves out damaged images if asked", async () => {
    const folder = await folderOf({
      "x.npy": npy("<f8", "(2500, 1)", new Uint8Array(Float64Array.from({ length: 2500 }, (_, i) => i).buffer)),
      ...Object.fromEntries(
        await Promise.all(
          Array.from({ length: 40 }, async (_, i) => [
            `p/${String(i).padStart(2, "0")}.png`,
            i === 35 ? "no image" : await greyPng(Uint8Array.of(i, 2 * i), 1, 2),
          ]),
        ),
      ),
    });
    const learned = { task: "regression", targets: [{ name: "t", mean: 0, deviation: 1 }] } as const;
    const array: Preprocess = { kind: "array", shape: [1], mean: [0], deviation: [1], ...learned };
    const numbers = await collected(array, [`${folder}/x.npy`]);
    expect(numbers.sizes).toEqual([1000, 1000, 500]);
    expect(numbers.names.at(-1)).toBe("x.npy:2499");
    expect(numbers.numbers[2499]).toBe(2499);
    const image: Preprocess = {
      kind: "image",
      height: 1,
      width: 2,
      channels: 1,
      mean: [0],
      deviation: [1],
      ...learned,
    };
    await expect(collected(image, [`${folder}/p`])).rejects.toThrow(/35\.png: this is not PNG/);
    const pictures = await collected(image, [`${folder}/p`], true);
    expect(pictures.sizes).toEqual([32, 7]);
    expect(pictures.notes).toEqual([
      expect.stringMatching(/^left out: 1 damaged image, such as .*35\.png: this is not PNG/),
    ]);
    expect(pictures.numbers.slice(-1)[0] * 255).toBeCloseTo(78, 4);
    expect((await prepareSamples(image, [`${folder}/p`], { skipDamaged: true })).input.shape).toEqual([39, 1, 1, 2]);
    const bad = await folderOf({ "only.png": "no image" });
    await expect(collected(image, [`${bad}/only.png`], true)).rejects.toThrow(/only\.png: this is not PNG/);
  });

  it("refuses numbers that float32 cannot compute with, wherever they are read", async () => {
    const far = new Uint8Array(Float64Array.of(1, 1e38).buffer);
    const folder = await folderOf({ "x.npy": npy("<f8", "(2, 1)", far), "a.csv": "n,c,t\n1,x,1.5\n3,y,2.5\n5,,9\n" });
    const learned = { task: "regression", targets: [{ name: "t", mean: 0, deviation: 1 }] } as const;
    const array: Preprocess = { kind: "array", shape: [1], mean: [0], deviation: [1], ...learned };
    await expect(collected(array, [`${folder}/x.npy`])).rejects.toThrow(/x\.npy: sample 0 .*1e\+38 is too far/);
    const { preprocess } = await openData(`${folder}/a.csv`);
    const other = await folderOf({ "b.csv": "n,c,t\n1,x,1e38\n" });
    await expect(openData(`${other}/b.csv`, { preprocess })).rejects.toThrow(/1e\+38 is too far from the mean/);
  });

  it("says which file and line are at fault, when they are reached", async () => {
    const many = Array.from({ length: 2000 }, (_, i) => `${i},x`).join("\n");
    const folder = await folderOf({
      "a.csv": TRAIN,
      "short.csv": `n,c\n${many}\n7\n`,
      "text.csv": `n,c\n${many}\nseven,x\n`,
      "quote.csv": `n,c\n${many}\n1,"x\n`,
      "empty.csv": "",
      "damaged.csv.gz": "no gzip",
    });
    const { preprocess } = await openData(`${folder}/a.csv`);
    const reading = (name: string) => collected(preprocess, [`${folder}/${name}`]);
    await expect(reading("short.csv")).rejects.toThrow(/short\.csv: line 2002: 1 fields between ","/);
    await expect(reading("text.csv")).rejects.toThrow(/text\.csv: line 2002, column "n": "seven" is not a number/);
    await expect(reading("quote.csv")).rejects.toThrow(
      /quote\.csv: byte \d+: line 2002: a quote is opened here and not closed/,
    );
    await expect(reading("empty.csv")).rejects.toThrow(/empty\.csv: line 1: the file is empty/);
    await expect(reading("none.csv")).rejects.toThrow(/cannot read .*none\.csv: there is no such file/);
    await expect(reading("damaged.csv.gz")).rejects.toThrow(/damaged\.csv\.gz: it cannot be unpacked/);
    await expect(collected(preprocess, [])).rejects.toThrow(/streamSamples: paths is \[\]; it must be a list of paths/);
  });
});

describe("pipes", () => {
  it.skipIf(process.platform === "win32")("are read once, in every form", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ n: i % 7, c: i % 3 ? "x" : "é", t: i % 2 ? "p" : "q" }));
    const folder = await folderOf({
      "a.csv": `n,c,t\n${rows.map(({ n, c, t }) => `${n},${c},${t}`).join("\n")}\n`,
      "a.jsonl": rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
    });
    const { preprocess } = await openData(`${folder}/a.csv`);
    for (const name of ["a.csv", "a.jsonl"]) {
      const pipe = `${folder}/pipe-${name}`;
      execFileSync("mkfifo", [pipe]);
      spawn("sh", ["-c", `cat '${folder}/${name}' > '${pipe}'`]);
      const [piped, plain] = [await collected(preprocess, [pipe]), await collected(preprocess, [`${folder}/${name}`])];
      expect(piped.numbers).toEqual(plain.numbers);
    }
  });
});

describe("tables packed by gzip", () => {
  it("are read as those that are not", async () => {
    const folder = await folderOf({ "a.csv": TRAIN, "b.csv.gz": gzipSync(TRAIN), "p/train.csv.gz": gzipSync(TRAIN) });
    const plain = await openData(`${folder}/a.csv`);
    for (const name of ["b.csv.gz", "p"]) {
      const packed = await openData(`${folder}/${name}`);
      expect(packed.preprocess).toEqual(plain.preprocess);
      expect(await packed.train.inputs.data()).toEqual(await plain.train.inputs.data());
    }
    const { names } = await collected(plain.preprocess, [`${folder}/b.csv.gz`]);
    expect(names).toEqual(["b.csv.gz:2", "b.csv.gz:3", "b.csv.gz:4"]);
    const bad = await folderOf({ "a.csv.gz": gzipSync(TRAIN).subarray(0, 30) });
    await expect(openData(`${bad}/a.csv.gz`)).rejects.toThrow(/a\.csv\.gz: it cannot be unpacked/);
  });
});
