// The page in which LeNet is trained: what it says goes to `say`, which the script that opened it gives.
import { setDevice } from "tidu";
import { WebGpuDevice } from "tidu/webgpu";
import { trainLenet } from "./train.mjs";

const read = async (/** @type {string} */ name) => new Uint8Array(await (await fetch(name)).arrayBuffer());

Object.assign(globalThis, {
  /** @param {{ software: boolean, epochs: number, samples: number, tests: number }} options */
  async lenet(options) {
    const { say } = /** @type {{ say: (line: string) => void }} */ (/** @type {unknown} */ (globalThis));
    const { software } = options;
    const device = await WebGpuDevice.create({ software });
    setDevice(device);
    say(device.description);
    return trainLenet(read, { ...options, say });
  },
});
