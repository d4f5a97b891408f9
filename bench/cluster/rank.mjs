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

/** Milliseconds that this process has spent on sending, receiving and waiting for others so far. */
let met = 0;
if (world !== undefined)
  for (const call of /** @type {const} */ (["exchange", "collect"])) {
    const own = /** @type {(...args: any[]) => void} */ (world[call].bind(world));
    world[call] = (/** @type {any[]} */ ...args) => {
      const start = performance.now();
      own(...args);
      met += performance.now() - start;
    };
  }

/**
 * Milliseconds of a trainer's step: elapsed time and the time of all processors. The first half of the steps, in which
 * code is still being compiled, is left out.
 */
async function steps() {
  await useDevice({ threads: job.threads });
  const work = workload(job.workload);
  const { x, t } = batchOf(work);
  const { net, optimizer } = build(work);
  // Several batches an epoch: the work at an epoch's end is not part of a step.
  const inputs = new Float32Array(job.steps * x.length);
  for (let i = 0; i < job.steps; i++) inputs.set(x, i * x.length);
  const labels = Uint8Array.from({ length: job.steps * t.length }, (_, i) => t[i % t.length]);
  const data = dataset(inputs, [...work.input], labels);
  const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer, shards: job.shards, world });
  /** @type {number[]} */
  const times = [];
  let last = 0;
  let [begun, metBefore] = [process.cpuUsage(), 0];
  const first = Math.ceil(job.steps / 2);
  const onStep = () => {
    const now = performance.now();
    if (times.length + 1 === first) [begun, metBefore] = [process.cpuUsage(), met];
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
  const meeting = (met - metBefore) / kept.length;
  return { milliseconds: median(kept), processor, meeting, sent: (world?.sent ?? 0) / job.steps, floats };
}

/** Milliseconds that summing so many floats over all processes takes, as for gradients, for several sizes. */
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
      world.collect({ part: own, all, counts: parts });
      return performance.now() - start;
    });
    return { bytes: (4 * floats * 2 * (world.size - 1)) / world.size, milliseconds: median(times) };
  });
}

const found = job.task === "steps" ? await steps() : exchanges();
if (world === undefined || world.rank === 0) console.log(JSON.stringify(found));
await world?.close();
