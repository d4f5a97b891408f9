// The device that suites run on: WebAssembly or, where they are run again on it (test/native/vitest.config.ts), native code.
import { beforeAll } from "vitest";
import { NativeDevice } from "../../packages/tidu/src/native.js";
import { WasmDevice, type WasmOptions } from "../../packages/tidu/src/runtime/wasm/device.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";

/** Whether it is native code. */
export const NATIVE = process.env.TIDU_TEST_DEVICE === "native";

export type Device = WasmDevice | NativeDevice;

/** A new device, ready to run. */
export async function makeDevice(options: WasmOptions = {}): Promise<Device> {
  if (NATIVE) return NativeDevice.create(options);
  const device = new WasmDevice(options);
  await device.ready();
  return device;
}

/** Ends what a device has started. */
export const endDevice = async (device: Device | undefined): Promise<void> => {
  if (device instanceof WasmDevice) await device.close();
};

/** Computes on one thread from the beginning of a file of tests on. */
export function onOneThread(): void {
  beforeAll(async () => setDevice(await makeDevice({ threads: 1 })));
}
