// Measures what dropping whole units saves: the same 784-1024-1024-10 step at batch 128 with ordinary dropout and with
// { drop: "units" }, in one process, rounds interleaved. `npm run --silent build && node bench/units.mjs`.
import { compile, device, loss, nn, optim, tensor } from "tidu";
import { fill } from "./values.mjs";

const x = await tensor(fill(128 * 784, 0, 1), [128, 784]).realize();
const t = await tensor(Int32Array.from({ length: 128 }, (_, i) => (i * 7) % 10)).realize();

function stepWith(drop) {
  const net = nn.sequential(
    nn.linear(784, 1024),
    nn.relu(),
    nn.dropout(0.5, { drop }),
    nn.linear(1024, 1024),
    nn.relu(),
    nn.dropout(0.5, { drop }),
    nn.linear(1024, 10),
  );
  const optimizer = optim.sgd({ lr: 0.05 });
  return compile((input, wanted) =>
    optimizer.minimize(loss.crossEntropy(net.forward(input), wanted), net.parameters()),
  );
}

async function median(step, milliseconds) {
  const times = [];
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    const start = performance.now();
    await step(x, t);
    times.push(performance.now() - start);
  }
  return times.sort((p, q) => p - q)[times.length >> 1];
}

const steps = [stepWith("elements"), stepWith("units")];
for (const step of steps) for (let i = 0; i < 20; i++) await step(x, t);
await device().ready();
const ratios = [];
for (let round = 0; round < 9; round++) {
  const [elements, units] = [await median(steps[0], 700), await median(steps[1], 700)];
  ratios.push(elements / units);
  console.log(
    `elements ${elements.toFixed(2)} ms  units ${units.toFixed(2)} ms  ${(elements / units).toFixed(2)}x faster`,
  );
}
ratios.sort((p, q) => p - q);
console.log(`median ${ratios[ratios.length >> 1].toFixed(2)}x, ${ratios[0].toFixed(2)} to ${ratios.at(-1).toFixed(2)}`);
process.exit(0);
