// One workload on Tidu. Reads commands from standard input: a number of seconds to run for; answers with a line of JSON.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { compile, device, loss, nn, optim, tensor } from "tidu";
import { fill } from "../values.mjs";

const [name] = process.argv.slice(2);
const workload = JSON.parse(readFileSync(new URL("../workloads.json", import.meta.url), "utf8"))[name];

const LAYERS = {
  linear: (i, o) => nn.linear(i, o),
  conv: (i, o, k, padding) => nn.conv2d(i, o, k, { padding }),
  pool: (k) => nn.maxPool2d(k),
  relu: () => nn.relu(),
  sigmoid: () => nn.sigmoid(),
  dropout: (p) => nn.dropout(p),
  flatten: () => nn.flatten(),
};

const net = nn.sequential(...workload.layers.map(([kind, ...sizes]) => LAYERS[kind](...sizes)));
[...net.state().values()].forEach((v, j) => {
  const fan = v.shape.slice(1).reduce((n, d) => n * d, 1) || 1;
  v.assign(tensor(fill(v.size, j + 1, 1 / Math.sqrt(fan)), v.shape));
});
const { batch, input, classes } = workload;
const shape = [batch, ...input];
const x = await tensor(
  fill(
    shape.reduce((n, d) => n * d, 1),
    0,
    1,
  ),
  shape,
).realize();
const target =
  classes > 0
    ? tensor(Int32Array.from({ length: batch }, (_, i) => (i * 7) % classes))
    : tensor(fill(batch, 99, 1), [batch, 1]);
const t = await target.realize();
const optimizer = optim.sgd({ lr: workload.optimizer.lr, momentum: workload.optimizer.momentum ?? 0 });
const cost = classes > 0 ? loss.crossEntropy : loss.mse;
const step = compile((input, wanted) => optimizer.minimize(cost(net.forward(input), wanted), net.parameters()));

let last;
for (let i = 0; i < 5; i++) last = await (await step(x, t)).item();
await device().ready();
console.log(JSON.stringify({ loss: last, threads: device().threads, version: `Node ${process.versions.node}` }));

for await (const line of createInterface({ input: process.stdin })) {
  const end = performance.now() + Number(line) * 1000;
  const times = [];
  while (performance.now() < end) {
    const start = performance.now();
    await step(x, t);
    times.push(performance.now() - start);
  }
  times.sort((p, q) => p - q);
  console.log(JSON.stringify({ min: times[0], median: times[times.length >> 1], steps: times.length }));
}
process.exit(0);
