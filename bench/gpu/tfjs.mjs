// Training steps of TensorFlow.js on the card.
import "./navigator.mjs";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import { build } from "../peers/tfjs.mjs";
import { jobs } from "./jobs.mjs";
import { each, say } from "./time.mjs";

await tf.setBackend("webgpu");
for (const workload of jobs()) {
  const said = { section: "steps", system: "TensorFlow.js", workload: workload.name, batch: workload.batch };
  try {
    const begin = performance.now();
    const { step, measured } = build(workload);
    const losses = [];
    for (let i = 0; i < 4; i++) {
      losses.push(await measured());
      step();
    }
    const starting = performance.now() - begin;
    const milliseconds = await each(step, measured, 1);
    say({ ...said, milliseconds, starting, losses });
  } catch (error) {
    say({ ...said, failed: String(error).slice(0, 300) });
  }
}
process.exit(0);
