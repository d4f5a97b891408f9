// "tidu/webgpu": the graphics card as a device. Of its own, so that pages that do not use it carry none of it.
export type { TileCost } from "./codegen/wgsl/card.js";
export { WebGpuDevice, type WebGpuOptions } from "./runtime/webgpu/device.js";
