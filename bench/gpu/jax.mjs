// Training steps of jax-js on the card.
import "./navigator.mjs";
import { defaultDevice, init } from "@jax-js/jax";
import { build, missingIn } from "../peers/jax.mjs";
import { jobs } from "./jobs.mjs";
import { each, say } from "./time.mjs";

const system = "jax-js";
await init("webgpu");
defaultDevice("webgpu");
for (const workload of jobs()) {
  const said = { section: "steps", system, workload: workload.name, batch: workload.batch };
  try {
    const missing = missingIn(workload);
    if (missing !== undefined) throw new Error(`it has no ${missing[0]} layer`);
    const begin = performance.now();
    const { step, finish } = build(workload, false);
    const losses = [];
    for (let i = 0; i < 4; i++) losses.push((await (await step()).data())[0]);
    const starting = performance.now() - begin;
    const milliseconds = await each(async () => (await step()).dispose(), finish, 1);
    say({ ...said, milliseconds, starting, losses });
  } catch (error) {
    say({ ...said, failed: String(error).slice(0, 300) });
  }
}
process.exit(0);
