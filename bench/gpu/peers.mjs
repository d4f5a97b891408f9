// jax-js and TensorFlow.js on WebGPU, by the same Dawn: the systems of bench/peers, with a card in the place of theirs.
// Arguments: "jax" or "tfjs".

import { globals } from "webgpu";
import { jobs } from "./jobs.mjs";
import { gpu, say } from "./open.mjs";

Object.assign(globalThis, globals);
// What these systems look for in a browser.
Object.defineProperty(globalThis, "navigator", {
  value: { userAgent: "Node", hardwareConcurrency: 4, gpu },
  configurable: true,
});
const which = process.argv.at(-1);
const { open } = await import(which === "jax" ? "./jax-card.mjs" : "./tfjs-card.mjs");
await open();
process.exit(0);
void say;
void jobs;
