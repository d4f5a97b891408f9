import { openData, type Preprocess, prepareSamples, restoreTargets } from "@tidu/cli/sources";
import { describe, expect, it } from "vitest";
import "../../packages/tidu/src/index.js";
import { npy } from "../fuzz/npy-files.js";
import { folderOf, greyPng } from "./folders.js";

/** As it comes out of a model's file. */
const stored = (preprocess: Preprocess): Preprocess => JSON.parse(JSON.stringify(preprocess));
const pixels = (seed: number): Uint8Array => Uint8Array.from({ length: 12 }, (_, i) => (seed * 50 + i * 13) % 256);

describe("prepareSamples gives the inputs that training had", () => {
  it("of images, from files and folders", async () => {
    const folder = await folderOf({
      "a/1.png": await greyPng(pixels(1), 3, 4),
      "a/2.png": await greyPng(pixels(2), 3, 4),
      "b/3.png": await greyPng(pixels(3), 3, 4),
    });
    const { train, preprocess } = await openData(folder);
    const { input, names, notes } = await prepareSamples(stored(preprocess), [`${folder}/a`, `${folder}/b/3.png`]);
    expect(names).toEqual([`${folder}/a/1.png`, `${folder}/a/2.png`, `${folder}/b/3.png`]);
    expect(notes).toEqual([]);
    expect(input.shape).toEqual([3, 1, 3, 4]);
    expect(await input.data()).toEqual(await train.transform(train.inputs).data());
  });

  it("of rows, whatever their order of columns", async () => {
    const folder = await folderOf({
      "a.csv": "n,c,t\n1,x,p\n3,y,q\n5,,q\n",
      "b.csv": "c;more;n\n;0;5\nx;0;1\n",
      "c.csv": "n,c\n,z\n",
    });
    const { train, preprocess } = await openData(`${folder}/a.csv`);
    const all = await prepareSamples(stored(preprocess), [`${folder}/a.csv`]);
    expect(all.names).toEqual(["a.csv:2", "a.csv:3", "a.csv:4"]);
    expect(await all.input.data()).toEqual(await train.inputs.data());
    const some = await prepareSamples(stored(preprocess), [`${folder}/b.csv`, `${folder}/c.csv`]);
    const rows = (await train.inputs.array()) as number[][];
    expect(await some.input.array()).toEqual([rows[2], rows[0], [0, 0, 0, 0]]);
    expect(some.names).toEqual(["b.csv:2", "b.csv:3", "c.csv:2"]);
    expect(some.notes.join("\n")).toMatch(/c\.csv: column "n": 1 missing number in 1 row became the mean/);
    expect(some.notes.join("\n")).toMatch(/c\.csv: column "c": 1 unknown name in 1 row became no category/);
  });

  it.each(["|u1", "|i1"])("of arrays of type %s", async (type) => {
    const data = Uint8Array.of(1, 2, 3, 40, 5, 60);
    const folder = await folderOf({
      "x.npy": npy(type, "(3, 2)", data),
      "y.npy": npy("|u1", "(3,)", Uint8Array.of(0, 1, 0)),
    });
    const { train, preprocess } = await openData(folder);
    const { input, names } = await prepareSamples(stored(preprocess), [`${folder}/x.npy`]);
    expect(names).toEqual(["x.npy:0", "x.npy:1", "x.npy:2"]);
    const [prepared, seen] = [await input.data(), await train.transform(train.inputs).data()];
    prepared.forEach((value, i) => expect(value).toBeCloseTo(seen[i], 5));
  });

  it("or says what is wrong with which file", async () => {
    const folder = await folderOf({ "a.csv": "n,c,t\n1,x,p\n3,y,q\n", "b.csv": "n\n1\n", "empty/x": "" });
    const { preprocess } = await openData(`${folder}/a.csv`);
    await expect(prepareSamples(preprocess, [])).rejects.toThrow(
      /paths is \[\]; it must be a list of paths, or of Files that hold tables, at least one/,
    );
    await expect(prepareSamples(preprocess, [`${folder}/b.csv`])).rejects.toThrow(
      /b\.csv: line 1: there is no column "c"/,
    );
    await expect(prepareSamples(preprocess, [`${folder}/none.csv`])).rejects.toThrow(
      /none\.csv: there is no such file/,
    );
    const image: Preprocess = {
      ...{ kind: "image", height: 1, width: 1, channels: 1, mean: [0], deviation: [1] },
      ...{ task: "classification", classes: ["a"] },
    };
    await expect(prepareSamples(image, [`${folder}/empty`])).rejects.toThrow(
      /there are no files of PNG, JPEG, WebP, GIF, TIFF or BMP/,
    );
    await expect(prepareSamples(image, [`${folder}/a.csv`])).rejects.toThrow(/a\.csv: this is not PNG/);
  });
});

describe("restoreTargets", () => {
  it("gives values in their own units", async () => {
    const folder = await folderOf({ "a.csv": "x,u,v\n1,10.5,1\n2,20.5,3\n3,60.5,2\n" });
    const { train, preprocess } = await openData(`${folder}/a.csv`, { target: ["u", "v"] });
    const restored = restoreTargets(stored(preprocess), await train.targets.data());
    [10.5, 1, 20.5, 3, 60.5, 2].forEach((value, i) => expect(restored[i]).toBeCloseTo(value, 4));
  });

  it("leaves the scores of classes", () => {
    const classes: Preprocess = { kind: "table", columns: [], target: ["t"], task: "classification", classes: ["a"] };
    expect([...restoreTargets(classes, [1, 2])]).toEqual([1, 2]);
  });
});
