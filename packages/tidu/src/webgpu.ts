// "tidu/webgpu": the graphics card as a device. A separate entry, so that pages without it do not load any of it.
export type { TileCost } from "./codegen/wgsl/card.js";
export { WebGpuDevice, type WebGpuOptions } from "./runtime/webgpu/device.js";
