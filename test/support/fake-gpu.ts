// A fake graphics card that computes nothing and counts the device's calls, for tests without a driver.
import type { GpuAdapter, GpuBuffer, GpuDevice, GpuLimits } from "../../packages/tidu/src/runtime/webgpu/gpu.js";

/** The lowest limits that WebGPU allows an adapter: https://www.w3.org/TR/webgpu/#limits */
export const LEAST: GpuLimits = {
  maxStorageBuffersPerShaderStage: 8,
  maxStorageBufferBindingSize: 1 << 27,
  maxBufferSize: 1 << 28,
  maxComputeWorkgroupStorageSize: 1 << 14,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  minStorageBufferOffsetAlignment: 256,
};

/** An adapter with these limits. Every result is zeros. */
export function fakeAdapter(limits: GpuLimits = LEAST): GpuAdapter {
  return { limits, features: new Set(), requestDevice: async () => fakeDevice(limits) };
}

const nothing = (): void => {};

function fakeDevice(limits: GpuLimits): GpuDevice {
  const pass = { setPipeline: nothing, setBindGroup: nothing, dispatchWorkgroups: nothing, end: nothing };
  const encoder = {
    beginComputePass: () => pass,
    copyBufferToBuffer: nothing,
    clearBuffer: nothing,
    resolveQuerySet: nothing,
    finish: () => ({}),
  };
  return {
    limits,
    features: new Set(),
    lost: new Promise(nothing),
    queue: { submit: nothing, writeBuffer: nothing, onSubmittedWorkDone: async () => {} },
    createBuffer: ({ size }): GpuBuffer => ({
      size,
      mapAsync: async () => {},
      getMappedRange: (_, bytes = size) => new ArrayBuffer(bytes),
      unmap: nothing,
      destroy: nothing,
    }),
    createShaderModule: () => ({}),
    createComputePipelineAsync: async () => ({ getBindGroupLayout: () => ({}) }),
    createBindGroup: () => ({}),
    createCommandEncoder: () => encoder,
    createQuerySet: () => ({ destroy: nothing }),
    pushErrorScope: nothing,
    popErrorScope: async () => null,
    destroy: nothing,
  };
}
