// Makes a graphics card the device in use.
import { parentPort } from "node:worker_threads";
import { setDevice } from "../../../packages/tidu/src/tensor/realizer.js";
import type { OtherDevice } from "../../support/devices.js";
import { open } from "./open.js";

// One for all tests of a file: drivers take their time to open another.
const device = await open();
const otherDevice: OtherDevice = { name: "webgpu", make: async () => device };
Object.assign(globalThis, { otherDevice });
setDevice(device);
// Vitest clears its workers' ports with it; Deno does not have it, and needs none.
if ("Deno" in globalThis && parentPort !== null)
  parentPort.removeAllListeners = () => parentPort as NonNullable<typeof parentPort>;
