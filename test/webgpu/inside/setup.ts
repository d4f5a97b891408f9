// Makes a graphics card the device in use.
import { parentPort } from "node:worker_threads";
import { setDevice } from "../../../packages/tidu/src/tensor/realizer.js";
import { open } from "./open.js";

setDevice(await open());
// Vitest clears its workers' ports with it; Deno does not have it, and needs none.
if ("Deno" in globalThis && parentPort !== null)
  parentPort.removeAllListeners = () => parentPort as NonNullable<typeof parentPort>;
