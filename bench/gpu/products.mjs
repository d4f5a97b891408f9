// Measures Tidu's contractions on the card: matrix products, and each launch of the networks' steps by itself.
import { compile, tensor, Variable, zeros } from "tidu";
import { batchTensors, build } from "../systems/tidu/network.mjs";
import { fill } from "../values.mjs";
import { jobs } from "./jobs.mjs";
import { open } from "./open.mjs";
import { each, SMALL, say } from "./time.mjs";

const device = await open();
say({ section: "tiles", device: device.description, tiles: device.tiles });

/**
 * Square matrices, of which the second is stored as this type.
 *
 * @param {string} system
 * @param {import("tidu/webgpu").WebGpuDevice} card
 * @param {"f32" | "f16"} type
 */
async function products(system, card, type) {
  for (const size of SMALL ? [64, 128] : [256, 512, 1024, 2048, 4096, 8192]) {
    const a = await tensor(fill(size * size, 1, 1), [size, size]).realize();
    const b = await tensor(fill(size * size, 2, 1), [size, size])
      .to(type)
      .realize();
    const c = new Variable(zeros([size, size]));
    const step = compile((p, q) => c.assign(p.matmul(q)));
    const launches = await launchTimes(card, step, [a, b], 20);
    const milliseconds = launches.reduce((n, l) => n + l.milliseconds, 0);
    const wall = await each(
      () => step(a, b),
      () => card.finish(),
    );
    const teraflops = (2 * size ** 3) / milliseconds / 1e9;
    say({ section: "products", system, size, milliseconds, wall, teraflops, launches });
  }
}

await products("Tidu", device, "f32");

const seen = new Set();
for (const workload of jobs()) {
  if (seen.has(workload.name) || seen.size > 3) continue;
  seen.add(workload.name);
  const { step } = build(workload);
  const { x, t } = await batchTensors(workload);
  const launches = await launchTimes(device, step, [x, t], 10);
  say({ section: "launches", workload: workload.name, batch: workload.batch, launches });
}
if (device.adapter.features.has("shader-f16")) await products("Tidu, f16", await open({ f16: true }), "f16");
process.exit(0);

/**
 * The time of each launch of a step, repeated within one submission: enough for the card's time to count, not the host's.
 *
 * @param {import("tidu/webgpu").WebGpuDevice} card
 * @param {any} step a compiled function
 * @param {any[]} args
 * @param {number} repeats
 */
async function launchTimes(card, step, args, repeats) {
  /** @type {any} */
  let executable;
  const prepare = card.prepare.bind(card);
  card.prepare = (...given) => (executable = prepare(...given));
  step.prepare(...args);
  card.prepare = prepare;
  await step(...args);
  await card.finish();
  return card.profile(executable, SMALL ? 1 : repeats);
}
