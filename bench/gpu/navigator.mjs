// What jax-js and TensorFlow.js look for in a browser, by the same Dawn that Tidu is measured on.
import { globals } from "webgpu";
import { gpu } from "./dawn.mjs";

Object.assign(globalThis, globals);
Object.defineProperty(globalThis, "navigator", {
  value: { userAgent: "Node", hardwareConcurrency: 4, gpu },
  configurable: true,
});
