import { fileURLToPath } from "node:url";
import { openData, prepareSamples, restoreTargets, type Source } from "@tidu/cli/sources";
import { loss, nn, optim, Trainer } from "tidu";
import { expect, it } from "vitest";
import { folderOf, plain } from "./folders.js";

async function trained(source: Source, net: nn.Module, epochs: number, cost: loss.Loss = loss.crossEntropy) {
  const trainer = new Trainer(net, { loss: cost, optimizer: optim.adam({ lr: 0.02 }), seed: 1 });
  for await (const _ of trainer.fit(source.train, { epochs, batchSize: 16 }));
  return trainer;
}

it("irises are told apart, from the file to the prediction", async () => {
  const path = fileURLToPath(new URL("../../examples/data/iris.csv", import.meta.url));
  const source = await openData(path, { validation: 0.2, seed: 1 });
  const net = nn.sequential(nn.linear(4, 16), nn.relu(), nn.linear(16, 3));
  const trainer = await trained(source, net, 40);
  expect((await trainer.evaluate(source.validation!)).accuracy).toBeGreaterThanOrEqual(0.9);
  const folder = await folderOf({ "new.csv": "petal_width,sepal_width,petal_length,sepal_length\n0.2,3.5,1.4,5.1\n" });
  const { input } = await prepareSamples(source.preprocess, [`${folder}/new.csv`]);
  const [guess] = await (await net.predict(input)).argmax(1).data();
  expect(source.classes?.[guess]).toBe("setosa");
});

it("colors are told apart by a network that sees them standardized by channel", async () => {
  const colours = { red: [250, 10, 10], green: [10, 250, 10], blue: [10, 10, 250] };
  const files: Record<string, Uint8Array> = {};
  for (const [name, colour] of Object.entries(colours)) {
    for (let i = 0; i < 6; i++) {
      files[`${name}/${i}.png`] = await plain(
        4,
        4,
        colour.map((v) => Math.abs(v - 8 * i)),
      )
        .png()
        .toBuffer();
    }
  }
  const folder = await folderOf(files);
  const source = await openData(folder);
  const net = nn.sequential(nn.flatten(), nn.linear(48, 3));
  const trainer = await trained(source, net, 20);
  expect((await trainer.evaluate(source.train)).accuracy).toBe(1);
  const { input } = await prepareSamples(source.preprocess, [`${folder}/green`]);
  const guesses = await (await net.predict(input)).argmax(1).data();
  expect([...guesses].map((guess) => source.classes?.[guess])).toEqual(new Array(6).fill("green"));
});

it("values are predicted in their own units", async () => {
  const rows = Array.from({ length: 64 }, (_, i) => `${i / 8},${i % 5},${1e6 + 5000 * (i / 8) - 700 * (i % 5)}`);
  const folder = await folderOf({ "a.csv": `a,b,price\n${rows.join("\n")}\n` });
  const source = await openData(`${folder}/a.csv`);
  expect(source.task).toBe("regression");
  const net = nn.sequential(nn.linear(2, 1));
  await trained(source, net, 150, loss.mse);
  const { input } = await prepareSamples(source.preprocess, [`${folder}/a.csv`]);
  const prices = restoreTargets(source.preprocess, await (await net.predict(input)).data());
  prices.forEach((price, i) => expect(Math.abs(price - Number(rows[i].split(",")[2]))).toBeLessThan(300));
});
