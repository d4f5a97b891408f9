import { verifyDispatches } from "../../../packages/tidu/src/codegen/wgsl/verify.js";
import type { GpuExecutable } from "../../../packages/tidu/src/runtime/webgpu/device.js";
import { WebGpuDevice, type WebGpuOptions } from "../../../packages/tidu/src/webgpu.js";

/** A device on the driver that the environment names. Every program for it is held against what drivers demand. */
export async function open(options: WebGpuOptions = {}): Promise<WebGpuDevice> {
  const device = await WebGpuDevice.create({ software: true, ...options });
  const prepare = device.prepare.bind(device);
  device.prepare = (...given) => {
    const executable = prepare(...given);
    verifyDispatches((executable as GpuExecutable).dispatches, device.gpu.limits);
    return executable;
  };
  return device;
}
