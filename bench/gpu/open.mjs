// Opens the graphics card for Tidu in a measuring process.
import { setDevice } from "tidu";
import { WebGpuDevice } from "tidu/webgpu";
import { gpu } from "./dawn.mjs";
import { SMALL } from "./time.mjs";

/** @param {import("tidu/webgpu").WebGpuOptions} [options] */
export async function open(options = {}) {
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  const device = await WebGpuDevice.create({ adapter: adapter ?? undefined, tiles: !SMALL, ...options });
  setDevice(device);
  return device;
}
