// What is larger than WebAssembly can address, on native code: npm run native:large. A network of 6 GiB predicts, and a
// data set of 5 GiB is trained on; takes about 11 GiB of memory.
import { strict as assert } from "node:assert";
import { init, loss, nn, optim, setDevice, Trainer, tensor } from "tidu";
import { dataset } from "tidu/data";
import { NativeDevice } from "tidu/native";

const gib = (/** @type {number} */ bytes) => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
const seconds = (/** @type {number} */ since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const held = () => `${gib(process.memoryUsage().rss)} held`;

async function predict() {
  const n = 40_000;
  const start = performance.now();
  const net = nn.linear(n, n, { init: init.constant(2 ** -14), bias: false });
  const input = new Float32Array(n).map((_, i) => (i % 5) - 1);
  const want = input.reduce((sum, x) => sum + x, 0) * 2 ** -14;
  const output = await (await net.predict(tensor(input, [1, n]))).data();
  assert.ok(output.every((y) => Math.abs(y - want) < 1e-6));
  console.log(`a network of ${gib(4 * n * n)} predicts: ${seconds(start)}, ${held()}`);
}

async function train() {
  const [samples, features] = [1_400_000, 1000];
  const start = performance.now();
  const values = new Float32Array(samples * features);
  const labels = new Uint8Array(samples);
  for (let i = 0; i < samples; i++) {
    labels[i] = i % 3;
    values[i * features + labels[i]] = 1;
  }
  const net = nn.linear(features, 3, { init: init.zeros });
  const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 1 }) });
  for await (const { accuracy } of trainer.fit(dataset(values, [features], labels), { epochs: 1, batchSize: 4096 }))
    assert.ok(accuracy !== undefined && accuracy > 0.99);
  console.log(`an epoch on ${gib(values.byteLength)} of samples: ${seconds(start)}, ${held()}`);
}

setDevice(await NativeDevice.create());
await train();
await predict();
