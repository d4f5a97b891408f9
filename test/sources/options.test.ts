import { fileURLToPath } from "node:url";
import { type OpenOptions, openData, prepareSamples } from "@tidu/cli/sources";
import { describe, expect, it } from "vitest";
import "../../packages/tidu/src/index.js";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";

const path = (name: string): string => fileURLToPath(new URL(`../../examples/data/${name}`, import.meta.url));

describe("openData refuses", () => {
  it.each<[string, OpenOptions, RegExp]>([
    [
      "mnist",
      { target: "digit" },
      /target is for data of the kind csv or jsonl or parquet or a folder of images with labels, this is mnist/,
    ],
    ["digits", { target: "a" }, /target is for data of the kind csv .*, this is images/],
    ["iris.csv", { size: 3 }, /size is for data of the kind images, this is csv/],
    ["iris.csv", { validation: 1 }, /validation is 1; it must be at least 0 and below 1/],
    ["iris.csv", { validation: Number.NaN }, /validation is NaN; it must be/],
    ["iris.csv", { delimiter: ", " }, /delimiter is ", "; it must be a character/],
    ["iris.csv", { delimiter: "\n" }, /delimiter is "\\n"; it must be/],
    ["digits", { concurrency: 0 }, /concurrency is 0; it must be a whole number of at least 1/],
    ["digits", { maxPixels: 0.5 }, /maxPixels is 0.5; it must be/],
    ["digits", { channels: 2 as 1 }, /channels is 2; it must be 1 \(gray\) or 3 \(RGB\)/],
    ["digits", { task: "ranking" as "regression" }, /task is "ranking"; it must be "classification" or "regression"/],
  ])("for %s %j", async (name, options, message) => {
    const opened = openData(name === "mnist" ? name : path(name), options);
    await expect(opened).rejects.toThrow(ArgumentError);
    await expect(opened).rejects.toThrow(message);
  });
});

it("prepareSamples refuses the same for decoding", async () => {
  const { preprocess } = await openData(path("iris.csv"));
  await expect(prepareSamples(preprocess, [path("iris.csv")], { concurrency: 0 })).rejects.toThrow(/concurrency is 0/);
});
