// Trains a hundred small networks, one after the other, and says what memory is in use after ten and after all:
// `node --expose-gc child.mjs LIBRARY FOLDER`.
import { rm } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const [library, directory] = process.argv.slice(2);
const at = (/** @type {string} */ file) => import(pathToFileURL(`${library}/${file}`).href);
const { device, loss, nn, optim, Trainer } = await at("node.js");
const { dataset, streamDataset } = await at("data/index.js");
const collect = /** @type {() => void} */ (globalThis.gc);

const COUNT = 40;
const classes = Array.from("0123456789");

function* samples() {
  for (let i = 0; i < COUNT; i++) yield { input: new Uint8Array(196).fill(i), target: i % 10 };
}

/** Everything that a training may use. */
async function train() {
  const net = nn.sequential(
    ...[nn.conv2d(1, 4, 3, { padding: 1 }), nn.batchNorm2d(4), nn.relu(), nn.maxPool2d(2), nn.flatten()],
    ...[nn.linear(4 * 7 * 7, 16), nn.relu(), nn.dropout(0.5), nn.linear(16, 10)],
  );
  const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.001 }), seed: 1 });
  const pixels = Uint8Array.from({ length: COUNT * 196 }, (_, i) => i * i);
  const labels = Uint8Array.from({ length: COUNT }, (_, i) => i % 10);
  const options = {
    epochs: 2,
    batchSize: 16,
    validation: streamDataset(samples, { inputShape: [1, 14, 14], inputType: "u8", classes }),
    earlyStop: { patience: 1, restoreBest: true },
    checkpoint: { directory },
  };
  for await (const _ of trainer.fit(dataset(pixels, [1, 14, 14], labels), options));
  await rm(directory, { recursive: true });
}

/** Memory in use, in bytes, once everything that nobody uses any more has been collected; and programs compiled. */
async function measure() {
  // What is collected may let go of more, in a turn of its own.
  for (let i = 0; i < 4; i++) await sweep();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, used: heapUsed + external + device().memory.used, programs: device().compiled };
}

async function sweep() {
  collect();
  await turn();
}

// Threads start when there is work for them, which may be after the first measure.
await device().ready();
const measures = [];
for (let i = 1; i <= 100; i++) {
  await train();
  await sweep();
  if (i === 10 || i === 100) measures.push(await measure());
}
console.log(JSON.stringify(measures));
process.exit(0);
