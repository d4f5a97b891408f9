// Makes the device that suites run on: WebAssembly, or for repeated runs native code (test/native/vitest.config.ts) or
// a graphics card (test/webgpu/vitest.config.ts). This file works in browsers, too.
import type { NativeDevice } from "../../packages/tidu/src/native.js";
import { WasmDevice, type WasmOptions } from "../../packages/tidu/src/runtime/wasm/device.js";
import type { WebGpuDevice } from "../../packages/tidu/src/webgpu.js";

export type Device = WasmDevice | NativeDevice | WebGpuDevice;

/** Another kind of device, which a set-up file chooses. */
export interface OtherDevice {
  readonly name: string;
  readonly make: (options: WasmOptions) => Promise<Device>;
}

/** That kind, if suites are repeated on one. */
export const { otherDevice: OTHER } = globalThis as { otherDevice?: OtherDevice };

/** A new device, ready to run. */
export async function makeDevice(options: WasmOptions = {}): Promise<Device> {
  if (OTHER !== undefined) return OTHER.make(options);
  const device = new WasmDevice(options);
  await device.ready();
  return device;
}

/** Ends everything that a device has started. */
export const endDevice = async (device: Device | undefined): Promise<void> => {
  if (device instanceof WasmDevice) await device.close();
};
