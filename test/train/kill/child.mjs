// A training process that may be killed at any moment: `node child.mjs LIBRARY FOLDER [stream]`, with samples in memory or
// from a stream. It goes on from the newest
// checkpoint in FOLDER, leaves one after every step, says each step, and at its end the SHA-256 of what it came to.
import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";

const [library, directory, from = "memory"] = process.argv.slice(2);
const at = (/** @type {string} */ file) => import(pathToFileURL(`${library}/${file}`).href);
const { loss, nn, optim, serialize, Trainer } = await at("node.js");
const { dataset, streamDataset } = await at("data/index.js");

// Large enough that most of the time goes into writing checkpoints.
const net = nn.sequential(nn.linear(32, 3000), nn.batchNorm1d(3000), nn.relu(), nn.dropout(0.5), nn.linear(3000, 4));
const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.001 }), seed: 7 });

const COUNT = 40;
const inputs = Float32Array.from({ length: COUNT * 32 }, (_, i) => Math.sin(i * i));
const labels = Uint8Array.from({ length: COUNT }, (_, i) => i % 4);

async function* samples() {
  for (let i = 0; i < COUNT; i++) yield { input: inputs.slice(i * 32, (i + 1) * 32), target: labels[i] };
}
const stream = { inputShape: [32], classes: ["a", "b", "c", "d"], count: COUNT, shuffleBuffer: 9 };
const data = from === "stream" ? streamDataset(samples, stream) : dataset(inputs, [32], labels);

const reports = [];
const fit = trainer.fit(data, {
  epochs: 3,
  batchSize: 6,
  schedule: optim.schedule.warmup({ epochs: 2 }),
  checkpoint: { directory, everySteps: 1 },
  resume: true,
  onResume: (/** @type {{ reports: object[] }} */ from) => reports.push(...from.reports),
  onStep: (/** @type {{ epoch: number, step: number }} */ { epoch, step }) => console.log(`step ${epoch} ${step}`),
});
for await (const report of fit) reports.push(report);

const hash = createHash("sha256").update(await serialize(net));
for (const { epoch, loss, accuracy } of reports) hash.update(`${epoch} ${loss} ${accuracy}`);
console.log(`end ${hash.digest("hex")}`);
