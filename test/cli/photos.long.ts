// Photos: a residual network with augmentation, images of other shapes, and values of images from a table.
import { mkdir, readFile } from "node:fs/promises";
import sharp from "sharp";
import { beforeAll, expect, it } from "vitest";
import { jsonLines, workplace } from "./support.js";

const { path, tidu, write } = workplace();
const QUICK = ["--epochs", "1", "--threads", "1", "--no-report", "--device", "wasm"];

beforeAll(async () => {
  await mkdir(path("photos"));
  const prices = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      const background = { r: 10 * i, g: 100, b: 50 };
      const image = sharp({ create: { width: 12 + (i % 3), height: 10, channels: 3, background } });
      await image.toFile(path("photos", `${i}.${["png", "tiff"][i % 2]}`));
      return `${i}.${["png", "tiff"][i % 2]},${1000 + 10 * i}`;
    }),
  );
  await write("prices.csv", `photo,price\n${prices.join("\n")}\n`);
});

it("values of images are learned, measured and predicted in their own units", async () => {
  const args = ["photos", "--labels", "prices.csv", "--task", "regression", "--size", "8x8", "--fit", "crop"];
  const trained = await tidu("train", ...args, "--model", "resnet", ...QUICK, "--out", "run");
  expect([trained.code, trained.errors]).toEqual([0, ""]);
  expect(trained.out).toMatch(/augmented by crop:1,flip/);
  const { data, training } = JSON.parse(await readFile(path("run", "config.json"), "utf8"));
  expect(data.preprocess).toMatchObject({ kind: "image", fit: "crop", targets: [{ name: "price" }] });
  expect(training.augment).toBe("crop:1,flip");
  const found = await tidu("predict", "run", "photos/3.tiff", "--json");
  const [{ predictions }] = jsonLines(found.out) as unknown as [
    { predictions: { values: { name: string; value: number }[] }[] },
  ];
  expect(predictions[0].values[0].name).toBe("price");
  expect(Math.abs(predictions[0].values[0].value - 1100)).toBeLessThan(400);
  const judged = await tidu("eval", "run", "photos", "--labels", "prices.csv", "--mistakes", "1", "--json");
  expect(jsonLines(judged.out)[0]).toMatchObject({ samples: 20, values: [{ name: "price" }] });
});

it("--augment none leaves a residual network's images as they are, again with --config", async () => {
  const sized = ["photos", "--labels", "prices.csv", "--task", "regression", "--size", "8x8", "--model", "resnet"];
  const { out, code } = await tidu("train", ...sized, "--augment", "none", ...QUICK, "--out", "none");
  expect(code).toBe(0);
  expect(out).not.toMatch(/augmented by/);
  const again = await tidu("train", "--config", "none/config.json", ...QUICK, "--out", "again");
  expect([again.code, again.out.includes("augmented by")]).toEqual([0, false]);
  const refused = await tidu("summary", "resnet", "--input", "4", "--outputs", "2");
  expect(refused).toMatchObject({ code: 2, errors: expect.stringMatching(/resnet: a sample has shape/) });
});
