// Training steps of Tidu: on the card, or on the processor (last argument "cpu").
import { device } from "tidu";
import { batchTensors, build } from "../systems/tidu/network.mjs";
import { jobs } from "./jobs.mjs";
import { open } from "./open.mjs";
import { each, say } from "./time.mjs";

const cpu = process.argv.at(-1) === "cpu";
const card = cpu ? undefined : await open();
for (const workload of jobs(cpu)) {
  const { name, batch } = workload;
  const system = cpu ? "Tidu, processor" : "Tidu, card";
  try {
    const begin = performance.now();
    const { step, evaluate } = build(workload);
    const { x, t } = await batchTensors(workload);
    const losses = [];
    for (let i = 0; i < 4; i++) {
      if (i === 0) await evaluate(x, t);
      losses.push(await (await evaluate(x, t)).item());
      await step(x, t);
    }
    await card?.finish();
    const starting = performance.now() - begin;
    const finish = async () => void (await card?.finish());
    const milliseconds = await each(() => step(x, t), finish, cpu ? 2 : 1.2);
    const threads = /** @type {{ threads?: number }} */ (device()).threads;
    say({ section: "steps", system, workload: name, batch, milliseconds, starting, losses, threads });
  } catch (error) {
    say({ section: "steps", system, workload: name, batch, failed: String(error) });
  }
}
process.exit(0);
