// What augmentation costs: the step of the workload "cnn" (batch 64) from a data set of u8 images, without and with
// augmentations, in one process, rounds interleaved. The machine may be busy, so the shortest steps are compared.
// `npm run --silent build && node bench/augment.mjs [SECONDS]`.
import { compile, device, loss, nn, optim, tensor } from "tidu";
import * as augment from "tidu/augment";
import { dataset } from "tidu/data";
import { fill } from "./values.mjs";

const ROUNDS = 15;
const seconds = Number(process.argv[2] ?? 60);
const AUGMENTATIONS = [
  "flip",
  "shift:2",
  "crop:4,flip",
  "rotate:15",
  "shift:2,rotate:15,scale:0.1",
  "shift:2,rotate:15,scale:0.1,shear:5,flip",
  "rotate:15:border=nearest",
  "brightness:0.2,contrast:0.2",
  "cutout:8",
  "mixup:0.2",
  "shift:2,rotate:15,scale:0.1,shear:5,flip,brightness:0.2,contrast:0.2,cutout:8,mixup:0.2",
];

const COUNT = 1024;
const pixels = Uint8Array.from(fill(COUNT * 784, 0, 1), (v) => 255 * (v + 0.5));
const labels = Uint8Array.from({ length: COUNT }, (_, i) => (i * 7) % 10);
const data = dataset(pixels, [1, 28, 28], labels, { transform: (x) => x.toFloat().div(255) });
await data.inputs.realize();
await data.targets.realize();
const rows = await tensor(Int32Array.from({ length: 64 }, (_, i) => (i * 37) % COUNT)).realize();

/** A training step and its shortest time so far. */
function stepWith(text) {
  const net = nn.sequential(
    nn.conv2d(1, 32, 3, { padding: 1 }),
    nn.relu(),
    nn.maxPool2d(2),
    nn.conv2d(32, 64, 3, { padding: 1 }),
    nn.relu(),
    nn.maxPool2d(2),
    nn.flatten(),
    nn.linear(3136, 128),
    nn.relu(),
    nn.linear(128, 10),
  );
  const optimizer = optim.sgd({ lr: 0.02, momentum: 0.9 });
  const augmentation = text === undefined ? undefined : augment.parseAugment(text);
  const run = compile((indices) => {
    let targets = (t) => t;
    const { x, t } = data.batch(indices, (stored) => {
      if (augmentation === undefined) return stored;
      const changed = augmentation.apply(stored);
      targets = changed.targets;
      return changed.images;
    });
    return optimizer.minimize(loss.crossEntropy(net.forward(x), targets(t, 10)), net.parameters());
  });
  return { text, run, shortest: Number.POSITIVE_INFINITY };
}

async function measure(step, milliseconds) {
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    const start = performance.now();
    await step.run(rows);
    step.shortest = Math.min(step.shortest, performance.now() - start);
  }
}

const steps = [undefined, ...AUGMENTATIONS].map(stepWith);
for (const step of steps) for (let i = 0; i < 5; i++) await step.run(rows);
await device().ready();
for (let round = 0; round < ROUNDS; round++) {
  for (const step of steps) await measure(step, (1000 * seconds) / ROUNDS / steps.length);
}
const [{ shortest: without }] = steps;
console.log(`${device().threads} threads; without ${without.toFixed(2)} ms`);
for (const { text, shortest } of steps.slice(1)) {
  const cost = (100 * (shortest - without)) / without;
  console.log(`${shortest.toFixed(2).padStart(6)} ms  ${cost.toFixed(1).padStart(5)}%  ${text}`);
}
process.exit(0);
