import { openData } from "@tidu/cli/sources";
import { expect, it } from "vitest";
import "../../packages/tidu/src/index.js";
import { encodeIdx } from "../../packages/tidu/src/data/idx.js";
import { readMnist } from "../../packages/tidu/src/data/mnist-files.js";
import { folderOf, greyPng } from "./folders.js";

const [COUNT, SIDE] = [300, 28];

it("digits are the same data set as PNG files in folders and as IDX files", async () => {
  const { test: digits } = await readMnist();
  // Folders are read class by class, so the IDX files are in that order too.
  const order = [...digits.labels.subarray(0, COUNT).keys()].sort(
    (a, b) => digits.labels[a] - digits.labels[b] || a - b,
  );
  const image = (i: number): Uint8Array => digits.images.subarray(i * SIDE ** 2, (i + 1) * SIDE ** 2);
  const labels = Uint8Array.from(order, (i) => digits.labels[i]);
  const images = new Uint8Array(Buffer.concat(order.map(image)));
  const files = order.map(async (i): Promise<[string, Uint8Array]> => {
    return [`${digits.labels[i]}/${String(i).padStart(5, "0")}.png`, await greyPng(image(i), SIDE, SIDE)];
  });
  const png = await openData(await folderOf(Object.fromEntries(await Promise.all(files))));
  const idx = await openData(
    await folderOf({
      "train-images-idx3-ubyte": encodeIdx({ dtype: "u8", shape: [COUNT, SIDE, SIDE], data: images }),
      "train-labels-idx1-ubyte": encodeIdx({ dtype: "u8", shape: [COUNT], data: labels }),
    }),
  );
  expect(png.kind).toBe("images");
  expect(idx.kind).toBe("idx");
  expect(png.train.count).toBe(COUNT);
  expect(await png.train.inputs.data()).toEqual(await idx.train.inputs.data());
  expect(await png.train.targets.data()).toEqual(await idx.train.targets.data());
  expect(png.preprocess).toEqual(idx.preprocess);
  expect(png.classes).toEqual(idx.classes);
  const seen = ({ train }: typeof png): Promise<unknown> => train.transform(train.inputs).data();
  expect(await seen(png)).toEqual(await seen(idx));
});
