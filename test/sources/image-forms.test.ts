// Images of other formats and shapes, and images whose targets stand in a table.
import { execFileSync } from "node:child_process";
import { openData, prepareSamples, restoreTargets, type Source } from "@tidu/cli/sources";
import { describe, expect, it } from "vitest";
import "../../packages/tidu/src/index.js";
import { readImageHeader } from "../../packages/cli/src/sources/images/header.js";
import { folderOf, greyPng, plain } from "./folders.js";

const told = ({ description }: Source): string => description.join("\n");
const RED = [200, 30, 40];
const pixelsOf = async ({ train }: Source): Promise<number[]> => [...(await train.inputs.data())];

describe("formats", () => {
  it("GIF and TIFF are read as PNG is", async () => {
    const image = () => plain(3, 5, RED);
    const big = await image().tiff({ compression: "lzw" }).toBuffer();
    const folder = await folderOf({
      "a/1.png": await image().png().toBuffer(),
      "a/2.gif": await image().gif().toBuffer(),
      "b/3.tiff": big,
      "b/4.TIF": await image().tiff({ compression: "deflate" }).toBuffer(),
    });
    const source = await openData(folder);
    expect(source.train.inputShape).toEqual([3, 3, 5]);
    const pixels = await pixelsOf(source);
    for (let i = 1; i < 4; i++) {
      // A GIF's colors are those of its palette, rounded.
      const off = pixels.slice(45 * i, 45 * (i + 1)).map((p, k) => Math.abs(p - pixels[k]));
      expect(Math.max(...off)).toBeLessThanOrEqual(i === 1 ? 1 : 0);
    }
    expect(source.origin("train", 2)).toBe("b/3.tiff");
  });

  it("say their size before they are decoded, and whether they are cut short", async () => {
    const [gif, tiff] = [await plain(3, 5, RED).gif().toBuffer(), await plain(3, 5, RED).tiff().toBuffer()];
    expect(readImageHeader(gif, "x")).toMatchObject({ format: "GIF", height: 3, width: 5 });
    expect(readImageHeader(tiff, "x")).toMatchObject({ format: "TIFF", height: 3, width: 5 });
    const motorola = new Uint8Array(40);
    motorola.set([
      77, 77, 0, 42, 0, 0, 0, 8, 0, 2, 1, 0, 0, 3, 0, 0, 0, 1, 0, 7, 0, 0, 1, 1, 0, 4, 0, 0, 0, 1, 0, 0, 0, 9,
    ]);
    expect(readImageHeader(motorola, "x")).toMatchObject({ format: "TIFF", height: 9, width: 7 });
    expect(() => readImageHeader(gif.subarray(0, 8), "x")).toThrow(/the file ends inside the image's header/);
    expect(() => readImageHeader(tiff.subarray(0, 8), "x")).toThrow(/the file ends inside the image's header/);
    motorola[11] = 9;
    expect(() => readImageHeader(motorola, "x")).toThrow(/has no width or height/);
  });
});

/** A TIFF file of one row of gray numbers, whole (format 1) or floating (3). */
function tiffOf(numbers: Uint16Array | Float32Array, format: 1 | 3): Uint8Array {
  const [short, long] = [3, 4];
  const entries = [
    [256, long, numbers.length],
    [257, long, 1],
    [258, short, 8 * numbers.BYTES_PER_ELEMENT],
    [259, short, 1],
    [262, short, 1],
    [273, long, 134],
    [277, short, 1],
    [278, long, 1],
    [279, long, numbers.byteLength],
    [339, short, format],
  ];
  const bytes = new DataView(new ArrayBuffer(134 + numbers.byteLength));
  bytes.setUint32(0, 0x49492a00);
  bytes.setUint32(4, 8, true);
  bytes.setUint16(8, entries.length, true);
  for (const [i, [tag, type, value]] of entries.entries()) {
    bytes.setUint16(10 + 12 * i, tag, true);
    bytes.setUint16(12 + 12 * i, type, true);
    bytes.setUint32(14 + 12 * i, 1, true);
    bytes.setUint32(18 + 12 * i, value, true);
  }
  new Uint8Array(bytes.buffer).set(new Uint8Array(numbers.buffer), 134);
  return new Uint8Array(bytes.buffer);
}

describe("pixels", () => {
  const numbers = Array.from({ length: 64 }, (_, i) => i * 4);

  it("of 16 bits become bytes; numbers without a largest one are refused", async () => {
    const deep = tiffOf(
      Uint16Array.from(numbers, (n) => n * 257),
      1,
    );
    const pixels = await pixelsOf(await openData(await folderOf({ "a/1.tiff": deep, "b/2.tiff": deep })));
    expect(pixels).toEqual([...numbers, ...numbers]);
    const floats = await folderOf({ "a/1.tiff": deep, "b/2.tiff": tiffOf(Float32Array.from(numbers), 3) });
    await expect(openData(floats)).rejects.toThrow(/2\.tiff: its pixels are of the type float, expected 8 or 16 bits/);
  });

  it("more than are allowed are refused, with what mends it in code", async () => {
    const folder = await folderOf({
      "a/1.png": await plain(9, 9, RED).png().toBuffer(),
      "b/1.png": await plain(9, 9, RED).png().toBuffer(),
    });
    await expect(openData(folder, { maxPixels: 80 })).rejects.toThrow(
      /9 × 9 pixels, more than 80; make it smaller or raise maxPixels$/,
    );
  });

  it.skipIf(process.platform === "win32")("pipes among images are passed over", async () => {
    const image = await plain(3, 5, RED).png().toBuffer();
    const folder = await folderOf({ "a/1.png": image, "b/1.png": image });
    execFileSync("mkfifo", [`${folder}/a/2.png`]);
    expect((await openData(folder)).train.count).toBe(2);
  });
});

describe("images of another shape", () => {
  // Left half dark, right half bright; twice as wide as high.
  const wide = () =>
    greyPng(
      Uint8Array.from({ length: 8 * 16 }, (_, i) => (i % 16 < 8 ? 40 : 240)),
      8,
      16,
    );
  const folder = async () => folderOf({ "a/1.png": await wide(), "b/2.png": await wide() });

  it.each(["stretch", "letterbox", "crop"] as const)("%s", async (fit) => {
    const source = await openData(await folder(), { size: 8, fit });
    const rows = (await pixelsOf(source)).slice(0, 64);
    const row = (y: number): number[] => rows.slice(8 * y, 8 * y + 8);
    if (fit === "letterbox") {
      for (const y of [0, 1, 6, 7]) expect(row(y)).toEqual(new Array(8).fill(0));
      expect([row(3)[0], row(3)[7]]).toEqual([40, 240]);
    } else for (const y of [0, 7]) expect([row(y)[0], row(y)[7]]).toEqual([40, 240]);
    // The middle of the image has four pixels of each half; stretched, their border is softer.
    if (fit === "crop") expect(row(0)).toEqual([40, 40, 40, 40, 240, 240, 240, 240]);
    const preprocess = JSON.parse(JSON.stringify(source.preprocess));
    expect(preprocess).toMatchObject({ kind: "image", fit });
    expect(told(source)).toMatch({ stretch: /stretched/, letterbox: /black beside/, crop: /cropped/ }[fit]);
    const again = await folder();
    const { input } = await prepareSamples(preprocess, [`${again}/a/1.png`]);
    const x = await input.data();
    expect([...x]).toEqual(
      rows.map((p) => expect.closeTo((p / 255 - preprocess.mean[0]) / preprocess.deviation[0], 4)),
    );
  });
});

describe("a table of targets", () => {
  const images = async (more: Readonly<Record<string, string>> = {}) =>
    folderOf({
      ...Object.fromEntries(
        await Promise.all(
          [1, 2, 3, 4].map(async (i) => [
            `photos/${i < 3 ? "day" : "night"}/${i}.png`,
            await plain(4, 4, [60 * i, 0, 0])
              .png()
              .toBuffer(),
          ]),
        ),
      ),
      ...more,
    });

  it("gives images values", async () => {
    const csv = "file;price;note\nday/1.png;1.000,5 €;x\nnight/4.png;400,25 €;y\nday/2.png;20,5 €;z\n";
    const folder = await images({ "prices.csv": csv });
    const source = await openData(`${folder}/photos`, { labels: `${folder}/prices.csv`, target: "price" });
    expect(source).toMatchObject({ kind: "images", task: "regression", outputs: 1, train: { count: 3 } });
    const prices = restoreTargets(source.preprocess, await source.train.targets.data());
    expect([...prices]).toEqual([1000.5, 400.25, 20.5].map((p) => expect.closeTo(p, 2)));
    const pixels = await pixelsOf(source);
    expect([0, 1, 2].map((i) => pixels[48 * i])).toEqual([60, 240, 120]);
    expect(told(source)).toMatch(/left out: 1 image that .*prices\.csv does not name/);
    expect(told(source)).toMatch(/targets: price of .*prices\.csv, whose column "file" names the images/);
    const again = await openData(`${folder}/photos`, {
      labels: `${folder}/prices.csv`,
      preprocess: JSON.parse(JSON.stringify(source.preprocess)),
    });
    expect([...(await again.train.targets.data())]).toEqual([...(await source.train.targets.data())]);
  });

  it("gives them classes, by names without endings, too", async () => {
    const folder = await images({ "labels.csv": "id,class\nday/1,cat\nday/2,dog\nnight/3,cat\nnight/4,dog\n" });
    const source = await openData(`${folder}/photos`, { labels: `${folder}/labels.csv`, validation: 0.5 });
    expect(source.classes).toEqual(["cat", "dog"]);
    expect([source.train.count, source.validation?.count]).toEqual([2, 2]);
    expect([source.origin("train", 0), source.origin("validation", 1)].join()).toMatch(
      /^(day|night)\/\d\.png,(day|night)/,
    );
  });

  it.each<[string, string, Parameters<typeof openData>[1], RegExp]>([
    ["names of nothing", "file,y\nx.png,1\n", {}, /no column names images in .*photos; one must have their paths/],
    [
      "a name of nothing",
      "file,y\nday/1.png,a\nday/9.png,b\n",
      {},
      /line 3, column "file": there is no image "day\/9\.png"/,
    ],
    ["no targets", "file\nday/1.png\n", {}, /there is no column beside "file"; add one of targets/],
    ["another target", "file,y\nday/1.png,a\n", { target: "z" }, /there is no column "z"/],
    ["what is about rows", "file,y\nday/1.png,a\n", { splitBy: "y" }, /splitBy is for data of the kind csv/],
  ])("is refused with %s", async (_, csv, options, message) => {
    const folder = await images({ "l.csv": csv });
    await expect(openData(`${folder}/photos`, { labels: `${folder}/l.csv`, ...options })).rejects.toThrow(message);
  });

  it("may name images that are not there, if a person says so", async () => {
    const folder = await images({ "l.csv": "file,y\nday/1.png,a\nday/9.png,b\nday/2.png,b\n" });
    const source = await openData(`${folder}/photos`, { labels: `${folder}/l.csv`, skipDamaged: true });
    expect(told(source)).toMatch(/left out: 1 row of .*l\.csv without an image in the folder/);
  });
});
