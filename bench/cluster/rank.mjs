// One process of a measurement of training in processes: its last argument is the job, as JSON. Rank 0 prints a line of JSON.
import { loss, Trainer } from "tidu";
import { dataset } from "tidu/data";
import { isLaunched, mpi } from "tidu/mpi";
import { median } from "../lib/statistics.mjs";
import { useDevice } from "../systems/tidu/device.mjs";
import { build } from "../systems/tidu/network.mjs";
import { batchOf, workload } from "../workloads.mjs";

const job = JSON.parse(/** @type {string} */ (process.argv.at(-1)));
const world = isLaunched() ? await mpi() : undefined;

/** Milliseconds of a step of the trainer and of all processors that it takes, without the first quarter of the steps. */
async function steps() {
  await useDevice({ threads: job.threads });
  const work = workload(job.workload);
  const { x, t } = batchOf(work);
  const { net, optimizer } = build(work);
  // Not one batch an epoch: what ends an epoch is no part of a step.
  const inputs = new Float32Array(job.steps * x.length);
  for (let i = 0; i < job.steps; i++) inputs.set(x, i * x.length);
  const labels = Uint8Array.from({ length: job.steps * t.length }, (_, i) => t[i % t.length]);
  const data = dataset(inputs, [...work.input], labels);
  const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer, shards: job.shards, world });
  /** @type {number[]} */
  const times = [];
  let last = 0;
  let begun = process.cpuUsage();
  const first = Math.ceil(job.steps / 4);
  const onStep = () => {
    const now = performance.now();
    if (times.length + 1 === first) begun = process.cpuUsage();
    if (last > 0) times.push(now - last);
    last = now;
  };
  for await (const _ of trainer.fit(data, { batchSize: work.batch, epochs: 1, onStep, onWarning: () => {} }));
  const { user, system } = process.cpuUsage(begun);
  const kept = times.slice(first - 1);
  const spent = new TextEncoder().encode(String((user + system) / 1000 / kept.length));
  const all = world?.gather(spent) ?? [spent];
  const processor = all.reduce((sum, bytes) => sum + Number(new TextDecoder().decode(bytes)), 0);
  const floats = net.parameters().reduce((n, p) => n + p.size, 0);
  return { milliseconds: median(kept), processor, sent: (world?.sent ?? 0) / job.steps, floats };
}

/** Milliseconds of an exchange of so many floats between all, as a sum of gradients makes it, for several sizes. */
function exchanges() {
  if (world === undefined) throw new Error("exchanges take several processes");
  const room = (/** @type {number} */ n) => new Float32Array(new SharedArrayBuffer(4 * n));
  return job.sizes.map((/** @type {number} */ floats) => {
    const parts = Array.from({ length: world.size }, () => floats / world.size);
    const [give, take, all] = [room(floats), room(floats), room(floats)];
    const own = take.subarray(0, floats / world.size);
    const times = Array.from({ length: floats > 100_000 ? 30 : 300 }, () => {
      const start = performance.now();
      world.exchange(give, parts, take, parts);
      world.collect(own, all, parts);
      return performance.now() - start;
    });
    return { bytes: (4 * floats * 2 * (world.size - 1)) / world.size, milliseconds: median(times) };
  });
}

const found = job.task === "steps" ? await steps() : exchanges();
if (world === undefined || world.rank === 0) console.log(JSON.stringify(found));
await world?.close();
