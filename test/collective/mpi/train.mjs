// @ts-nocheck: it takes the built bundles, as users do.
// One training, by itself or in the processes of an MPI job: node train.mjs COURSES [options as JSON]. Rank 0
// prints, a line for each of the courses, a digest of all that it came to in each process, and what was sent.
import { createHash } from "node:crypto";

const BUILT = process.env.BUILT ?? new URL("../../../packages/tidu/dist/bundle/", import.meta.url).href;
const { compose, rotate, shift } = await import(`${BUILT}augment.js`);
const { dataset, streamDataset } = await import(`${BUILT}data.js`);
const { device, loss, nn, optim, setDevice, Trainer, tensor, WasmDevice } = await import(`${BUILT}index.js`);
const { mpi } = await import(`${BUILT}mpi.js`);

const [courses, json = "{}"] = process.argv.slice(2);
const {
  shards = 4,
  batchSize = 16,
  samples: COUNT = 75,
  native = false,
  directory,
  resume,
  stopAfter,
  alone = false,
  epochs = 2,
  differ,
  slow,
  started,
} = JSON.parse(json);
const world = alone ? undefined : await mpi();
const rank = world?.rank ?? 0;
const threads = Number(process.env.THREADS ?? 1);
if (native) {
  const { NativeDevice } = await import(`${BUILT}native.js`);
  setDevice(await NativeDevice.create({ threads }));
} else setDevice(new WasmDevice({ threads }));

const noise = (count, seed) => {
  let x = seed;
  return Float32Array.from({ length: count }, () => (x = (Math.imul(x, 1664525) + 1013904223) >>> 0) / 2 ** 32);
};
const labels = Uint8Array.from({ length: COUNT }, (_, i) => i % 10);
const pixels = Uint8Array.from(noise(COUNT * 784, differ === "data" ? rank : 1), (v) => 255 * v);
const pictures = () => dataset(pixels, [1, 28, 28], labels, { transform: (x) => x.toFloat().div(255) });
/** Samples of streams that this process has read. */
let read = 0;
const stream = () =>
  streamDataset(
    async function* () {
      for (let i = 0; i < COUNT; i++) {
        const input = async () => {
          read++;
          return pixels.subarray(i * 784, (i + 1) * 784);
        };
        yield { input, target: labels[i] };
      }
    },
    {
      inputShape: [1, 28, 28],
      inputType: "u8",
      classes: [..."0123456789"],
      transform: (x) => x.toFloat().div(255),
      shuffleBuffer: 16,
    },
  );
// biome-ignore format: one stage a line
const lenet = () => nn.sequential(
  nn.conv2d(1, 6, 5, { padding: 2 }), nn.relu(), nn.maxPool2d(2), nn.conv2d(6, 16, 5), nn.relu(), nn.maxPool2d(2), nn.flatten(),
  nn.linear(400, 120), nn.relu(), nn.linear(120, 84), nn.relu(), nn.dropout(0.5), nn.linear(84, 10));
// biome-ignore format: one stage a line
const cnn = () => nn.sequential(
  nn.conv2d(1, 8, 3), nn.batchNorm2d(8), nn.relu(), nn.maxPool2d(2), nn.conv2d(8, 8, 3), nn.batchNorm2d(8), nn.relu(), nn.maxPool2d(2),
  nn.flatten(), nn.dropout(0.25), nn.linear(200, differ === "net" && rank > 0 ? 11 : 10));
// Gradients much larger than what they are products of.
// biome-ignore format: one stage a line
const wide = () => nn.sequential(
  nn.flatten(), nn.linear(784, 96), nn.batchNorm1d(96), nn.relu(), nn.dropout(0.5), nn.linear(96, 64), nn.relu(), nn.linear(64, 10));

/** Layers, sizes and an optimizer by chance; wide ones among them. */
function random(seed) {
  let at = 0;
  const values = noise(100, seed + 1000);
  const pick = (...list) => list[Math.floor(values[++at] * list.length)];
  const sizes = [784, ...Array.from({ length: pick(1, 2, 3) }, () => pick(24, 50, 96, 131, 200))];
  const between = () => pick([], [nn.dropout(0.5)], [nn.batchNorm1d(sizes.at(-1))], [nn.tanh(), nn.dropout(0.2)]);
  const net = () =>
    nn.sequential(
      nn.flatten(),
      ...sizes.slice(1).flatMap((n, i) => [nn.linear(sizes[i], n), nn.relu()]),
      ...between(),
      nn.linear(sizes.at(-1), 10),
    );
  const optimizer = pick(
    optim.sgd({ lr: 0.05 }),
    optim.sgd({ lr: 0.05, weightDecay: 1e-3 }),
    optim.sgd({ lr: 0.05, momentum: 0.9 }),
    optim.adam({ lr: 1e-3, clipNorm: 1 }),
  );
  return { net, data: pictures, optimizer, syncBatchNorm: pick(false, true) };
}

const COURSES = {
  steep: { net: wide, data: pictures, optimizer: optim.sgd({ lr: 0.05 }) },
  wide: { net: wide, data: pictures, optimizer: optim.adam({ lr: 1e-3, clipNorm: 1 }) },
  sync: { net: cnn, data: pictures, optimizer: optim.adam({ lr: 1e-3 }), syncBatchNorm: true },
  lenet: { net: lenet, data: pictures, optimizer: optim.sgd({ lr: 0.05, momentum: 0.9 }) },
  cnn: {
    net: cnn,
    data: pictures,
    optimizer: optim.adam({ lr: 1e-3, clipNorm: 1 }),
    augment: compose(shift(2), rotate(10)),
  },
  stream: { net: cnn, data: stream, measured: stream, optimizer: optim.adamw({ lr: 1e-3 }) },
};

async function run({ net: makeNet, data, measured = pictures, optimizer, augment: change, syncBatchNorm }) {
  const before = world?.sent ?? 0;
  const net = makeNet();
  const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer, seed: 3, shards, syncBatchNorm, world });
  if (differ === "weights" && rank > 0)
    net.parameters()[0].assign(tensor(new Float32Array(net.parameters()[0].size)).reshape(net.parameters()[0].shape));
  const stop = { aborted: false };
  let steps = 0;
  const onStep = () => {
    if (steps === 0 && started && rank === 0) console.log("started");
    if (++steps === stopAfter && rank === (world?.size ?? 1) - 1) stop.aborted = true;
    if (slow) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, slow);
  };
  const reports = [];
  const options = {
    epochs,
    batchSize,
    validation: measured(),
    augment: change,
    signal: stop,
    onStep,
    onWarning: () => {},
  };
  const checkpoint = directory === undefined ? {} : { checkpoint: { directory, everySteps: 1, keep: 3 }, resume };
  for await (const report of trainer.fit(data(), {
    ...options,
    ...checkpoint,
    onResume: (from) => reports.push(...from.reports),
  }))
    reports.push(report);
  const hash = createHash("sha256");
  const note = async (variables) => {
    for (const [name, v] of variables) hash.update(name).update(new Uint8Array((await v.data()).slice().buffer));
  };
  await note(net.state());
  await note(optimizer.state(net.namedParameters()));
  hash.update(JSON.stringify(reports.map(({ seconds, samplesPerSecond, ...rest }) => rest)));
  const floats = net.parameters().reduce((n, p) => n + p.size, 0);
  const digests = world?.gather(hash.digest()).map((bytes) => Buffer.from(bytes).toString("hex")) ?? [
    hash.digest("hex"),
  ];
  const readBy = world?.gather(Uint8Array.of(read)).map(([n]) => n) ?? [read];
  if (rank === 0)
    console.log(
      JSON.stringify({
        digests,
        readBy,
        steps,
        epochs: reports.length,
        sent: (world?.sent ?? 0) - before,
        floats,
        threads: device().threads,
        library: world?.library,
      }),
    );
}

try {
  for (const name of courses.split(",")) await run(COURSES[name] ?? random(Number(name)));
} catch (error) {
  console.error(`rank ${rank}: ${error.message}`);
  world?.abort(1);
  process.exit(1);
}
await world?.close();
