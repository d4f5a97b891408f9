// Opens a graphics card for tests: the driver that the environment names, treated as a card or as what it is.
import { verifyDispatches } from "../../../packages/tidu/src/codegen/wgsl/verify.js";
import type { GpuExecutable } from "../../../packages/tidu/src/runtime/webgpu/device.js";
import { WebGpuDevice, type WebGpuOptions } from "../../../packages/tidu/src/webgpu.js";

/**
 * A device on the driver that the environment names. Every program for it is held against what drivers demand.
 *
 * @param plan whether programs are planned as for a graphics card, or for a driver that computes on the processor;
 *   default: what WEBGPU_PLAN says, else as for a card.
 */
export async function open(
  options: WebGpuOptions = {},
  plan: string = process.env.WEBGPU_PLAN ?? "card",
): Promise<WebGpuDevice> {
  const tiles = plan === "processor" ? {} : { tiles: false };
  const device = await WebGpuDevice.create({ software: true, ...tiles, ...options });
  const prepare = device.prepare.bind(device);
  device.prepare = (...given) => {
    const executable = prepare(...given);
    verifyDispatches((executable as GpuExecutable).dispatches, device.gpu.limits);
    return executable;
  };
  return device;
}
