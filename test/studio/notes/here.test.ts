// The digits that lie beside the pages for a seed are those that the experiments draw from all of MNIST.
import { readFile } from "node:fs/promises";
import type { Result } from "@tidu/cli/experiment";
import { setDevice, tensor, WasmDevice } from "tidu";
import type { Dataset } from "tidu/data";
import { expect, test } from "vitest";
import * as digits from "../../../experiments/lib/digits.js";
import { seedParts } from "../../../studio/digits.js";
import { FIRST, LAST, SEEDS, TESTS } from "../../../studio/src/notes/here/packs.js";
import { digitsOfSeed } from "../../../studio/src/notes/here/seed-digits.js";
import { FOLDER, MEASURED } from "./answers.js";

/** Each digit's sum of pixels, weighted by place, as the network sees it; and what it is. */
async function seen(data: Dataset): Promise<unknown> {
  const { x, t } = await digits.all(data);
  const weights = Float32Array.from({ length: 784 }, (_, i) => 1 + (i % 97));
  const sums = await x
    .reshape([data.count, 784])
    .matmul(tensor(weights, [784, 1]))
    .data();
  return [data.count, data.classes, Array.from(sums), Array.from(await t.data())];
}

test("a seed's digits are the same from their file as from all of MNIST", { timeout: 60_000 }, async () => {
  setDevice(new WasmDevice({ portable: true, threads: 1 }));
  const files = new Map(await seedParts());
  const seed = SEEDS[1];
  const draw = async () => [
    await seen(await digits.trainingDigits(seed, FIRST)),
    await seen(await digits.validationDigits(seed, LAST)),
    await seen(await digits.testDigits(TESTS)),
    await seen(await digits.testDigits(600)),
  ];
  const all = await draw();
  const own = digitsOfSeed(seed, async (name) => files.get(`digits/${name}.idx`) ?? new Uint8Array());
  digits.takeDigitsFrom(own);
  expect(await draw()).toEqual(all);
  await expect(digits.trainingDigits(seed, FIRST + 1)).rejects.toThrow(`digits of seed ${seed}: there are`);
});

test("no experiment needs more digits than there are beside the pages", async () => {
  for (const name of MEASURED) {
    const { settings, seeds }: Result = JSON.parse(await readFile(`${FOLDER}results/${name}.json`, "utf8"));
    const most = (...names: string[]) => Math.max(0, ...names.map((one) => settings[one] ?? 0));
    expect(most("samples", "few", "many"), name).toBeLessThanOrEqual(FIRST);
    expect(most("validated"), name).toBeLessThanOrEqual(LAST);
    expect(most("tested"), name).toBeLessThanOrEqual(TESTS);
    expect([seeds.includes(SEEDS[0]), seeds.includes(SEEDS[1])]).toEqual([true, false]);
  }
});
