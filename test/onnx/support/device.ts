import { afterAll, beforeAll } from "vitest";
import { WasmDevice } from "../../../packages/tidu/src/runtime/wasm/device.js";
import { setDevice } from "../../../packages/tidu/src/tensor/realizer.js";

/** Computes with one thread for a whole file of tests. */
export function onOneThread(): void {
  let device: WasmDevice;
  beforeAll(async () => {
    device = new WasmDevice({ threads: 1 });
    setDevice(device);
    await device.ready();
  });
  afterAll(async () => {
    setDevice(undefined);
    await device.close();
  });
}
