// The device that suites run on: WebAssembly or, where they are run again on it (test/native/vitest.config.ts), native code.
// It runs in browsers, too.
import type { NativeDevice } from "../../packages/tidu/src/native.js";
import { WasmDevice, type WasmOptions } from "../../packages/tidu/src/runtime/wasm/device.js";

export type Device = WasmDevice | NativeDevice;

/** Makes the other kind of device, where a set-up file asks for it (test/native/setup.ts). */
const { makeNative } = globalThis as { makeNative?: (options: WasmOptions) => Promise<NativeDevice> };

/** Whether it is native code. */
export const NATIVE = makeNative !== undefined;

/** A new device, ready to run. */
export async function makeDevice(options: WasmOptions = {}): Promise<Device> {
  if (makeNative !== undefined) return makeNative(options);
  const device = new WasmDevice(options);
  await device.ready();
  return device;
}

/** Ends what a device has started. */
export const endDevice = async (device: Device | undefined): Promise<void> => {
  if (device instanceof WasmDevice) await device.close();
};
