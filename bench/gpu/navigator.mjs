// Gives jax-js and TensorFlow.js the `navigator.gpu` that they expect of a browser, from the same Dawn that Tidu uses.
import { globals } from "webgpu";
import { gpu } from "./dawn.mjs";

Object.assign(globalThis, globals);
Object.defineProperty(globalThis, "navigator", {
  value: { userAgent: "Node", hardwareConcurrency: 4, gpu },
  configurable: true,
});
