import { WebGpuDevice, type WebGpuOptions } from "../../../packages/tidu/src/webgpu.js";

/** A device on the driver that the environment names. */
export const open = (options: WebGpuOptions = {}): Promise<WebGpuDevice> =>
  WebGpuDevice.create({ software: true, ...options });

/** Ops without a form for cards. */
export const UNSUPPORTED: readonly string[] = ["argsort"];
