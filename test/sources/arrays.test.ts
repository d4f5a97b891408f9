import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { openData } from "@tidu/cli/sources";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import "../../packages/tidu/src/index.js";
import { roleOf } from "../../packages/cli/src/sources/arrays/names.js";
import { encodeIdx } from "../../packages/tidu/src/data/idx.js";
import { npy } from "../fuzz/npy-files.js";
import { folderOf } from "./folders.js";

const u8 = (shape: number[], values: number[]): Uint8Array => npy("|u1", shapeText(shape), Uint8Array.from(values));
const f4 = (shape: number[], values: number[]): Uint8Array =>
  npy("<f4", shapeText(shape), new Uint8Array(Float32Array.from(values).buffer));
const shapeText = (shape: number[]): string => `(${shape.map((n) => `${n},`).join(" ")})`;
const idx = (shape: number[], values: number[]): Uint8Array =>
  encodeIdx({ dtype: "u8", shape, data: Uint8Array.from(values) });
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe("roleOf", () => {
  it.each([
    ["x_train.npy", "train", "inputs"],
    ["y_test.npy", "test", "targets"],
    ["Xtrain.npy", "train", "inputs"],
    ["X_val.npy", "validation", "inputs"],
    ["train-images-idx3-ubyte", "train", "inputs"],
    ["t10k-labels.idx1-ubyte.gz", "test", "targets"],
    ["emnist-letters-train-labels-idx1-ubyte.gz", "train", "targets"],
    ["train_images.npy", "train", "inputs"],
    ["labels.npy", "train", "targets"],
    ["arr_0.npy", "train", "inputs"],
    ["arr_1.npy", "train", "targets"],
    ["y.npy", "train", "targets"],
  ])("%s holds %s %s", (name, part, role) => {
    expect(roleOf(name)).toEqual({ part, role });
  });

  it.each(["max_train.npy", "mean.npy", "my_big_x.npy", ".npy"])("%s says nothing", (name) => {
    expect(roleOf(name)).toBeUndefined();
  });
});

describe("openData reads arrays", () => {
  const golden = (name: string): string => fileURLToPath(new URL(`../goldens/numpy/${name}`, import.meta.url));

  it("from the NPZ of NumPy, images with their test set", async () => {
    const source = await openData(golden("named.npz"));
    expect(source).toMatchObject({ kind: "npy", task: "classification", inputShape: [1, 3, 4], outputs: 2 });
    expect(await source.train.inputs.data()).toEqual(Uint8Array.from(upTo(24)));
    expect(await source.train.targets.data()).toEqual(Uint8Array.of(1, 0));
    expect(source.test?.count).toBe(1);
    expect(source.classes).toEqual(["0", "1"]);
    expect(source.preprocess).toMatchObject({ kind: "image", channels: 1, height: 3, width: 4 });
  });

  it("from an NPZ without names, features with the names of classes", async () => {
    const source = await openData(golden("positional.npz"));
    expect(source).toMatchObject({ task: "classification", inputShape: [2], classes: ["a", "b"] });
    const [x, t] = [await source.train.inputs.data(), await source.train.targets.data()];
    expect([...t]).toEqual([0, 1, 0]);
    // Each feature has mean 0 and deviation 1.
    for (const feature of [0, 1]) {
      const values = [0, 1, 2].map((row) => x[2 * row + feature]);
      expect(values.reduce((a, b) => a + b)).toBeCloseTo(0, 6);
      expect(Math.hypot(...values)).toBeCloseTo(Math.sqrt(3), 6);
    }
  });

  it("from a folder of IDX files, packed or not, as MNIST's are named", async () => {
    const folder = await folderOf({
      "train-images-idx3-ubyte": idx([3, 2, 2], upTo(12)),
      "train-images-idx3-ubyte.gz": gzipSync(idx([3, 2, 2], upTo(12))),
      "train-labels-idx1-ubyte.gz": gzipSync(idx([3], [4, 7, 9])),
      "t10k-images-idx3-ubyte": idx([1, 2, 2], [9, 9, 9, 9]),
      "t10k-labels-idx1-ubyte": idx([1], [7]),
    });
    const source = await openData(folder);
    expect(source).toMatchObject({ kind: "idx", inputShape: [1, 2, 2], classes: ["4", "7", "9"] });
    expect(await source.train.inputs.data()).toEqual(Uint8Array.from(upTo(12)));
    expect(await source.test?.targets.data()).toEqual(Uint8Array.of(1));
  });

  it("from a file and the labels beside it, or those that are named", async () => {
    const folder = await folderOf({
      "train-images.idx": idx([2, 1, 1], [1, 2]),
      "train-labels.idx": idx([2], [0, 1]),
      "other.idx": idx([2], [5, 6]),
    });
    expect((await openData(`${folder}/train-images.idx`)).classes).toEqual(["0", "1"]);
    const labels = `${folder}/other.idx`;
    expect((await openData(`${folder}/train-images.idx`, { labels })).classes).toEqual(["5", "6"]);
  });

  it("puts channels first, wherever they are", async () => {
    const last = await folderOf({ "x.npy": u8([2, 2, 1, 3], upTo(12)), "y.npy": u8([2], [0, 1]) });
    const source = await openData(last);
    expect(source.inputShape).toEqual([3, 2, 1]);
    expect([...(await source.train.inputs.data())]).toEqual([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]);
    const first = await folderOf({ "x.npy": u8([2, 3, 2, 1], upTo(12)), "y.npy": u8([2], [0, 1]) });
    expect([...(await (await openData(first)).train.inputs.data())]).toEqual(upTo(12));
  });

  it("shows networks pixels standardized by channel", async () => {
    const folder = await folderOf({ "x.npy": u8([2, 3, 1, 2], upTo(12)), "y.npy": u8([2], [0, 1]) });
    const { train } = await openData(folder);
    const seen = await train.transform(train.inputs).array();
    for (const channel of [0, 1, 2]) {
      const values = (seen as number[][][][]).flatMap((image) => image[channel].flat());
      expect(values.reduce((a, b) => a + b)).toBeCloseTo(0, 4);
      expect(Math.hypot(...values)).toBeCloseTo(2, 4);
    }
  });

  it("takes single ones among zeros for classes", async () => {
    const folder = await folderOf({ "x.npy": f4([3, 1], [1, 2, 3]), "y.npy": f4([3, 3], [0, 1, 0, 0, 0, 1, 1, 0, 0]) });
    const source = await openData(folder);
    expect([...(await source.train.targets.data())]).toEqual([1, 2, 0]);
  });

  it("takes fractions for values to predict, which it standardizes", async () => {
    const folder = await folderOf({ "x.npy": f4([4, 1], [1, 2, 3, 3]), "y.npy": f4([4, 1], [10.5, 20.5, 30.5, 40.5]) });
    const source = await openData(folder);
    expect(source).toMatchObject({ task: "regression", outputs: 1 });
    expect(source.preprocess.targets).toEqual([{ name: "target", mean: 25.5, deviation: Math.sqrt(125) }]);
    const t = await source.train.targets.data();
    expect(t[0]).toBeCloseTo(-15 / Math.sqrt(125), 6);
  });

  it("predicts what it is told to", async () => {
    const folder = await folderOf({ "x.npy": f4([2, 1], [1, 2]), "y.npy": u8([2], [0, 1]) });
    expect((await openData(folder, { task: "regression" })).task).toBe("regression");
    const halves = await folderOf({ "x.npy": f4([2, 1], [1, 2]), "y.npy": f4([2], [0.5, 1.5]) });
    expect((await openData(halves, { task: "classification" })).classes).toEqual(["0.5", "1.5"]);
  });

  it("sets a share of each class apart", async () => {
    const y = upTo(100).map((i) => (i < 80 ? 0 : 1));
    const folder = await folderOf({ "x.npy": f4([100, 1], upTo(100)), "y.npy": u8([100], y) });
    const { train, validation, preprocess } = await openData(folder, { validation: 0.2, seed: 3 });
    expect([train.count, validation?.count]).toEqual([80, 20]);
    const labels = await validation!.targets.data();
    expect([...labels].filter((label) => label === 1).length).toBe(4);
    // Only training samples count for statistics.
    const inputs = await train.inputs.data();
    expect(Math.abs([...inputs].reduce((a, b) => a + b))).toBeLessThan(1e-4);
    expect(preprocess.kind === "array" && preprocess.mean[0]).not.toBe(49.5);
  });

  it("treats new data as the old when told how", async () => {
    const old = await folderOf({ "x.npy": f4([2, 1], [10, 20]), "y.npy": npy("|S1", "(2,)", Buffer.from("ab")) });
    const { preprocess } = await openData(old);
    const fresh = await folderOf({
      "x_test.npy": f4([1, 1], [20]),
      "y_test.npy": npy("|S1", "(1,)", Buffer.from("b")),
    });
    const source = await openData(fresh, { preprocess: JSON.parse(JSON.stringify(preprocess)) });
    expect(await source.train.inputs.data()).toEqual(Float32Array.of(1));
    expect([...(await source.train.targets.data())]).toEqual([1]);
    expect(source.classes).toEqual(["a", "b"]);
  });

  it("has a fingerprint of contents and names, not of the place", async () => {
    const files = { "x.npy": f4([2, 1], [1, 2]), "y.npy": u8([2], [0, 1]) };
    const [a, b] = [await openData(await folderOf(files)), await openData(await folderOf(files))];
    const other = await openData(await folderOf({ ...files, "y.npy": u8([2], [1, 0]) }));
    expect(a.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(b.fingerprint).toBe(a.fingerprint);
    expect(other.fingerprint).not.toBe(a.fingerprint);
  });

  it("opens MNIST by its name", async () => {
    const source = await openData("mnist");
    expect(source).toMatchObject({ kind: "mnist", inputShape: [1, 28, 28], outputs: 10 });
    expect([source.train.count, source.test?.count]).toEqual([60_000, 10_000]);
    expect(source.description).toContain("60,000 images to train, 10,000 to test");
    expect(source.preprocess).toMatchObject({ mean: [0.1307], deviation: [0.3081] });
  });
});

describe("openData refuses", () => {
  const xy = { "x.npy": f4([2, 1], [1, 2]), "y.npy": u8([2], [0, 1]) };
  it.each<[string, Record<string, string | Uint8Array>, RegExp]>([
    ["inputs without targets", { "x.npy": xy["x.npy"] }, /no targets that belong to x\.npy; name the arrays x and y/],
    ["targets without inputs", { "y_train.npy": xy["y.npy"] }, /no inputs that belong to y_train\.npy/],
    ["arrays without a meaning", { "mean.npy": xy["x.npy"] }, /no arrays to train on among mean\.npy; name them/],
    ["two of a kind", { ...xy, "data.npy": xy["x.npy"] }, /both data\.npy and x\.npy could be the inputs for train/],
    [
      "fewer targets",
      { ...xy, "y.npy": u8([1], [0]) },
      /y\.npy: targets have shape \[1\] and the inputs in .*\[2, 1\]/,
    ],
    ["a number", { ...xy, "x.npy": npy("|u1", "()", Uint8Array.of(1)) }, /x\.npy: inputs have shape \[\]/],
    ["no samples", { "x.npy": f4([0, 2], []), "y.npy": u8([0], []) }, /x\.npy: inputs have shape \[0, 2\]/],
    ["texts", { ...xy, "x.npy": npy("|S1", "(2,)", Buffer.from("ab")) }, /x\.npy: inputs are strings/],
    [
      "a NaN",
      { ...xy, "x.npy": f4([2, 1], [1, Number.NaN]) },
      /x\.npy: sample 1 has the value NaN; correct it or leave/,
    ],
    [
      "an infinite target",
      { ...xy, "y.npy": f4([2], [0.5, Number.POSITIVE_INFINITY]) },
      /y\.npy: sample 1: the target is Infinity/,
    ],
    [
      "a test set of another shape",
      { ...xy, "x_test.npy": f4([1, 2], [1, 2]), "y_test.npy": u8([1], [0]) },
      /x_test\.npy: samples have shape \[2\], expected \[1\]/,
    ],
    [
      "a class that training does not have",
      { ...xy, "x_test.npy": f4([1, 1], [1]), "y_test.npy": u8([1], [5]) },
      /y_test\.npy: sample 0: "5" is not one of the classes learned, 0, 1/,
    ],
    ["a damaged gzip", { "x.idx.gz": Uint8Array.of(31, 139, 0, 0, 0, 0), "y.idx": "" }, /x\.idx\.gz: damaged gzip/],
  ])("%s", async (_, files, message) => {
    await expect(openData(await folderOf(files))).rejects.toThrow(message);
  });

  it("names for values", async () => {
    const folder = await folderOf({ ...xy, "y.npy": npy("|S1", "(2,)", Buffer.from("ab")) });
    await expect(openData(folder, { task: "regression" })).rejects.toThrow(
      /y\.npy: sample 0: .* regression needs numbers/,
    );
  });

  it("what a model was not trained on", async () => {
    const { preprocess } = await openData(await folderOf(xy));
    const images = await folderOf({ "x.npy": u8([1, 2, 2], upTo(4)), "y.npy": u8([1], [0]) });
    await expect(openData(images, { preprocess })).rejects.toThrow(
      /trained on data of the kind "array", this is "image"/,
    );
    const wide = await folderOf({ "x.npy": f4([1, 2], [1, 2]), "y.npy": u8([1], [0]) });
    await expect(openData(wide, { preprocess })).rejects.toThrow(/x\.npy: samples have shape \[2\], expected \[1\]/);
  });

  it("a file in an archive by its own name", async () => {
    const folder = await folderOf({ "a.npz": zipSync({ "x.npy": Uint8Array.of(1, 2), "y.npy": xy["y.npy"] }) });
    await expect(openData(`${folder}/a.npz`)).rejects.toThrow(/a\.npz\/x\.npy: this is not NPY/);
  });

  it("what is not there, or cannot be told", async () => {
    const folder = await folderOf({ "a.bin": "", "b/readme": "" });
    await expect(openData(`${folder}/none`)).rejects.toThrow(/none: there is no such file or folder; .* mnist/);
    await expect(openData(`${folder}/a.bin`)).rejects.toThrow(/a\.bin: its name does not say what it is/);
    await expect(openData(`${folder}/a.bin`, { kind: "images" })).rejects.toThrow(/cannot be opened as images/);
    await expect(openData(await folderOf({ "a.bin": "" }))).rejects.toThrow(/nothing in this folder can be trained on/);
  });
});
