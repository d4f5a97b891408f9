import { symlink, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type ImagePreprocess, openData } from "@tidu/cli/sources";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import "../../packages/tidu/src/index.js";
import { decodeImage } from "../../packages/cli/src/sources/images/decode.js";
import { FormatError } from "../../packages/tidu/src/base/errors.js";
import { folderOf, greyPng, plain } from "./folders.js";

const ramp = Uint8Array.from({ length: 12 }, (_, i) => 20 * i);
const [RED, BLUE] = [
  [255, 0, 0],
  [0, 0, 255],
] as const;

describe("decodeImage", () => {
  const grey = { height: 3, width: 4, channels: 1 } as const;
  const rgb = { ...grey, channels: 3 } as const;
  /** The pixels of the first row and column. */
  const corner = (pixels: Uint8Array): number[] => [0, 12, 24].map((at) => pixels[at]);

  it("gives the pixels of a gray PNG as they are", async () => {
    expect(new Uint8Array(await decodeImage(await greyPng(ramp, 3, 4), "a.png", grey))).toEqual(ramp);
  });

  it("gives channels one after the other", async () => {
    const pixels = Uint8Array.from({ length: 36 }, (_, i) => i);
    const file = await sharp(pixels, { raw: { height: 3, width: 4, channels: 3 } })
      .png()
      .toBuffer();
    const decoded = await decodeImage(file, "a.png", rgb);
    expect(decoded.subarray(0, 12)).toEqual(Uint8Array.from({ length: 12 }, (_, i) => 3 * i));
    expect(decoded.subarray(24)).toEqual(Uint8Array.from({ length: 12 }, (_, i) => 3 * i + 2));
  });

  it.each(["png", "jpeg", "webp"] as const)("reads %s, stretched to the frame", async (format) => {
    const file = await plain(30, 10, RED).toFormat(format, { quality: 100 }).toBuffer();
    const [r, g, b] = corner(await decodeImage(file, "a", rgb));
    expect(r).toBeGreaterThan(250);
    expect(Math.max(g, b)).toBeLessThan(5);
  });

  it("puts what is transparent on white", async () => {
    const file = await plain(3, 4, [255, 0, 0, 0.5]).png().toBuffer();
    const [r, g, b] = corner(await decodeImage(file, "a", rgb));
    expect([r, Math.abs(g - 127) <= 1, Math.abs(b - 127) <= 1]).toEqual([255, true, true]);
  });

  it("turns images as the camera says", async () => {
    // Stored lying on its side: left red, right blue; seen upright: red on top.
    const data = Uint8Array.of(...RED, ...BLUE);
    const file = await sharp(data, { raw: { height: 1, width: 2, channels: 3 } })
      .resize(16, 8, { kernel: "nearest" })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const pixels = await decodeImage(file, "a.png", { height: 2, width: 1, channels: 3 });
    expect(pixels[0]).toBeGreaterThan(200);
    expect(pixels[1]).toBeLessThan(60);
  });

  it("makes 8 bits of 16, and gray of a palette", async () => {
    const deep = await sharp(Uint16Array.of(0, 257, 65535), { raw: { height: 1, width: 3, channels: 1 } })
      .toColourspace("grey16")
      .png()
      .toBuffer();
    const pixels = await decodeImage(deep, "a.png", { height: 1, width: 3, channels: 1 });
    expect([...pixels]).toEqual([0, 1, 255]);
    const palette = await plain(3, 4, [77, 77, 77]).png({ palette: true }).toBuffer();
    expect((await decodeImage(palette, "a.png", grey))[0]).toBe(77);
  });

  const header = (width: number, height: number): Uint8Array => {
    const png = Buffer.alloc(60);
    Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1").copy(png);
    png.writeUInt32BE(width, 16);
    png.writeUInt32BE(height, 20);
    return png;
  };

  it.each<[string, Uint8Array | Promise<Uint8Array>, RegExp, number]>([
    ["an empty file", new Uint8Array(), /the file is empty; remove it, or copy it here again/, 0],
    [
      "another file",
      Buffer.from("onnx"),
      /this is not PNG, JPEG, WebP, GIF, TIFF or BMP; convert it to one of them/,
      0,
    ],
    ["a BMP cut in its header", Uint8Array.of(66, 77, 70, 0, 0, 0, 0, 0, 0, 0), /ends inside the image's header/, 10],
    ["an SVG", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), /not PNG/, 0],
    ["a PNG cut in its header", header(1, 1).subarray(0, 18), /ends inside the image's header/, 18],
    ["a PNG without pixels", header(0, 5), /the image has 0 × 5 pixels/, 16],
    ["a PNG of many pixels", header(50_000, 50_000), /50000 × 50000 pixels, more than 100000000; make it smaller/, 16],
    ["a PNG that is only a header", header(5, 5), /the image that is described here is damaged: /, 16],
    ["a JPEG without a frame", Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), /no frame header before its pixels/, 2],
    ["a JPEG with a bad segment", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 2, 7, 7), /must begin with 0xff/, 6],
    ["a WebP of nothing", Buffer.from("RIFF\0\0\0\0WEBPABCD"), /begins with the chunk VP8, VP8L or VP8X/, 12],
  ])("refuses %s", async (_, file, message, offset) => {
    const decoded = decodeImage(await file, "photo.png", grey);
    await expect(decoded).rejects.toThrow(FormatError);
    await expect(decoded).rejects.toThrow(message);
    await expect(decoded).rejects.toMatchObject({ file: "photo.png", offset });
  });

  it.each(["png", "jpeg", "webp"] as const)("refuses a %s that is cut short", async (format) => {
    const noise = Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => (i * 7919) % 251);
    const file = await sharp(noise, { raw: { height: 64, width: 64, channels: 3 } })
      .toFormat(format)
      .toBuffer();
    const decoded = decodeImage(file.subarray(0, file.length / 2), "a", rgb);
    await expect(decoded).rejects.toThrow(/^a: byte \d+: the image that is described here is damaged/);
  });
});

describe("openData reads a folder of images", () => {
  const images = async (): Promise<Record<string, Uint8Array>> => ({
    "cat/b.png": await greyPng(ramp, 3, 4),
    "cat/a.PNG": await greyPng(
      ramp.map((v) => v + 1),
      3,
      4,
    ),
    "ant/more/c.png": await greyPng(
      ramp.map((v) => v + 2),
      3,
      4,
    ),
  });

  it("of class folders, in the order of their names", async () => {
    const folder = await folderOf({
      ...(await images()),
      "cat/notes.txt": "",
      "cat/.hidden.png": "",
      "cat/.cache/d.png": "",
      ".git/x": "",
    });
    const source = await openData(folder);
    expect(source).toMatchObject({ kind: "images", task: "classification", inputShape: [1, 3, 4], outputs: 2 });
    expect(source.classes).toEqual(["ant", "cat"]);
    expect([...(await source.train.targets.data())]).toEqual([0, 1, 1]);
    const pixels = await source.train.inputs.data();
    expect(pixels).toEqual(Uint8Array.from([...ramp.map((v) => v + 2), ...ramp.map((v) => v + 1), ...ramp]));
    expect(source.description).toEqual([
      "3 images to train",
      "2 classes (ant, cat), 1 to 2 samples each",
      expect.stringMatching(/^gray images of 3 × 4 pixels/),
      "left out: 1 file of other formats than PNG, JPEG, WebP, GIF, TIFF or BMP",
    ]);
  });

  it("divided into parts", async () => {
    const files = await images();
    const folder = await folderOf({
      ...Object.fromEntries(Object.entries(files).map(([name, file]) => [`Train/${name}`, file])),
      "val/cat/x.png": files["cat/b.png"],
      "test/ant/x.png": files["cat/b.png"],
    });
    const { train, validation, test, description } = await openData(folder, { validation: 0.5 });
    expect([train.count, validation?.count, test?.count]).toEqual([3, 1, 1]);
    expect([...(await test!.targets.data())]).toEqual([0]);
    expect(description.join("\n")).toMatch(/the data has a part for validation, so none is set apart/);
  });

  it("whose class folders are links", async () => {
    const folder = await folderOf({
      "real/a.png": await greyPng(ramp, 3, 4),
      "links/b/a.png": await greyPng(ramp, 3, 4),
    });
    await symlink(`${folder}/real`, `${folder}/links/a`, "junction");
    expect((await openData(`${folder}/links`)).classes).toEqual(["a", "b"]);
  });

  it("with a class that is called train", async () => {
    const file = await greyPng(ramp, 3, 4);
    const source = await openData(await folderOf({ "train/a.png": file, "bus/a.png": file }));
    expect(source.classes).toEqual(["bus", "train"]);
  });

  it("in color if one has colors, and of a usual size if sizes differ", async () => {
    const [small, large] = [await plain(8, 8, RED).png().toBuffer(), await plain(9, 8, BLUE).jpeg().toBuffer()];
    const source = await openData(await folderOf({ "a/1.png": small, "b/1.jpg": large }));
    expect(source.inputShape).toEqual([3, 64, 64]);
    const same = await openData(
      await folderOf({ "a/1.png": small, "b/1.png": await greyPng(new Uint8Array(64), 8, 8) }),
    );
    expect(same.inputShape).toEqual([3, 8, 8]);
    const told = await openData(await folderOf({ "a/1.png": small, "b/1.png": small }), { size: [2, 5], channels: 1 });
    expect(told.inputShape).toEqual([1, 2, 5]);
  });

  it("standardized by channel, as networks see them", async () => {
    const colours = [RED, BLUE, [255, 255, 0], [9, 9, 9]];
    const files = await Promise.all(colours.map((colour) => plain(2, 2, colour).png().toBuffer()));
    const { train, preprocess } = await openData(
      await folderOf(Object.fromEntries(files.map((file, i) => [`${i}/a.png`, file]))),
    );
    const { mean, deviation } = preprocess as ImagePreprocess;
    expect(mean[0]).toBeCloseTo((255 + 0 + 255 + 9) / 4 / 255, 10);
    const seen = (await train.transform(train.inputs).array()) as number[][][][];
    expect(seen[0][0][0][0]).toBeCloseTo((1 - mean[0]) / deviation[0], 5);
    for (const channel of [0, 1, 2]) {
      const values = seen.map((image) => image[channel][0][0]);
      expect(values.reduce((a, b) => a + b)).toBeCloseTo(0, 5);
      expect(Math.hypot(...values)).toBeCloseTo(2, 5);
    }
  });

  it("and tells how far it is", async () => {
    const progress: string[] = [];
    const folder = await folderOf(await images());
    await openData(folder, { onProgress: ({ done, total }) => progress.push(`${done}/${total}`) });
    expect(progress).toEqual(["1/3", "2/3", "3/3"]);
  });

  it("the same for any number of decoders", async () => {
    const folder = fileURLToPath(new URL("../../examples/data/digits", import.meta.url));
    const [one, many] = [await openData(folder, { concurrency: 1 }), await openData(folder, { concurrency: 16 })];
    expect(await many.train.inputs.data()).toEqual(await one.train.inputs.data());
    expect(many).toMatchObject({ fingerprint: one.fingerprint, preprocess: one.preprocess });
    expect([one.train.count, one.inputShape]).toEqual([200, [1, 28, 28]]);
  });

  describe("with damaged ones", () => {
    const damaged = async (): Promise<string> => {
      const folder = await folderOf(await images());
      for (const name of ["cat/c.png", "cat/d.png"]) {
        await writeFile(`${folder}/${name}`, (await greyPng(ramp, 3, 4)).subarray(0, 50));
      }
      return folder;
    };

    it("says which is the first, whichever is decoded first", async () => {
      const folder = await damaged();
      for (const concurrency of [1, 8]) {
        await expect(openData(folder, { concurrency })).rejects.toThrow(/cat\/c\.png: byte 16: .* is damaged/);
      }
    });

    it("leaves them out when told so, and says how many", async () => {
      const source = await openData(await damaged(), { skipDamaged: true });
      expect(source.train.count).toBe(3);
      expect([...(await source.train.targets.data())]).toEqual([0, 1, 1]);
      expect([...(await source.train.inputs.data())].slice(24)).toEqual([...ramp]);
      expect(source.description.at(-1)).toMatch(/left out: 2 damaged images, such as .*cat\/c\.png: byte 16/);
    });
  });

  describe("with links to nothing", () => {
    it("in the place of images, which are damaged", async () => {
      const folder = await folderOf(await images());
      await symlink("nowhere.png", `${folder}/cat/z.png`);
      await expect(openData(folder)).rejects.toThrow(/cat\/z\.png: this is a link to nowhere\.png/);
      const source = await openData(folder, { skipDamaged: true });
      expect(source.description.at(-1)).toMatch(/left out: 1 damaged image, such as .*z\.png/);
    });

    it("in the place of a class's folder, which is named", async () => {
      const folder = await folderOf(await images());
      await symlink("nowhere", `${folder}/green`);
      await expect(openData(folder, { skipDamaged: true })).rejects.toThrow(
        /\/green: this is a link to nowhere, which does not exist; fix or remove it/,
      );
    });
  });

  it("and refuses one that has none that is sound", async () => {
    const folder = await folderOf({ "a/1.png": "not", "b/2.png": "one" });
    await expect(openData(folder, { skipDamaged: true })).rejects.toThrow(/a\/1\.png: this is not PNG/);
  });

  it("and refuses what cannot be one", async () => {
    const file = await greyPng(ramp, 3, 4);
    const refused = async (files: Record<string, string | Uint8Array>, message: RegExp, options = {}): Promise<void> =>
      expect(openData(await folderOf(files), options)).rejects.toThrow(message);
    await refused(
      { "a/1.png": file, "b/x.txt": "" },
      /b: there are no files of PNG, JPEG, WebP, GIF, TIFF or BMP in it; add some or remove/,
    );
    await refused({ "train/x.png": file }, /train: there are no folders in it; put the images of each class/);
    await refused(
      { "train/a/1.png": file, "train/c/1.png": file, "test/b/1.png": file },
      /b\/1\.png: "b" is not one of the classes learned, a, c/,
    );
    await refused(
      { "a/1.png": file },
      /a\/1\.png: every sample is of the class "a", so there is nothing to tell apart/,
    );
    await refused(
      { "a/1.png": file, "b/1.png": file },
      /openData: size is 0; it must be a whole number from 1 to 65535/,
      { size: 0 },
    );
    await refused(
      { "a/1.png": file, "b/1.png": file },
      /a\/1\.png: byte 16: the image has 4 × 3 pixels, more than 11/,
      {
        maxPixels: 11,
      },
    );
    await refused({ "a/1.png": file, "b/1.png": file }, /needs? .* bytes, and the engine can address/, {
      size: 65_535,
      channels: 3,
    });
    await refused({ "a/1.png": file }, /a\/1\.png: .* regression needs numbers/, { task: "regression" });
  });
});
