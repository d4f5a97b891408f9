// Finds a graphics card: the page's or Deno's navigator.gpu, or Dawn by Node's package "webgpu".
import { DeviceError } from "../../base/errors.js";
import { nodeModules } from "../../base/node.js";
import type { Gpu, GpuAdapter, GpuDevice, GpuLimits } from "./gpu.js";

export interface AdapterOptions {
  /** Which card of several: the one that saves energy, or the fastest (default). */
  readonly powerPreference?: "low-power" | "high-performance";
  /** The adapter to use; default: the one that the browser, Node's package "webgpu" or Deno has. */
  readonly adapter?: GpuAdapter;
  /** Accept an adapter that computes on the processor, too. WebAssembly is faster, so the default is false. */
  readonly software?: boolean;
}

/** Limits that are asked for as high as the adapter has them. */
const LIMITS = [
  "maxStorageBuffersPerShaderStage",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
] as const satisfies readonly (keyof GpuLimits)[];

/** Threads of a workgroup; every implementation has so many. */
const THREADS = 256;

/** Node's WebGPU must live as long as what was made from it. */
interface Found {
  readonly gpu: Gpu;
  readonly from: string;
}

const NODE_MEND =
  'in Node, "npm install webgpu" brings WebGPU; on Linux it also needs a Vulkan driver and loader (libvulkan1)';

/** What to do where a card lacks a feature. */
const WITHOUT: Readonly<Record<string, string>> = {
  "shader-f16": "create the device without { f16: true }, which multiplies in f32",
};

async function findGpu(): Promise<Found> {
  const { navigator } = globalThis as { navigator?: { gpu?: Gpu } };
  if (navigator?.gpu !== undefined) return { gpu: navigator.gpu, from: "navigator.gpu" };
  if (nodeModules() === undefined) {
    const { isSecureContext } = globalThis as { isSecureContext?: boolean };
    const why = isSecureContext === false ? "the page is not served by https" : "this browser does not have it";
    throw new DeviceError(`WebGPU: navigator.gpu is missing (${why}); use the WebAssembly device`);
  }
  const name = "webgpu";
  try {
    const { create } = (await import(/* @vite-ignore */ name)) as { create(flags: string[]): Gpu };
    return { gpu: create([]), from: "webgpu" };
  } catch (error) {
    throw new DeviceError(`WebGPU: ${(error as Error).message.split("\n")[0]}; ${NODE_MEND}`);
  }
}

/** A description of an adapter for messages. */
export const nameOf = ({ info }: GpuAdapter): string =>
  [info?.vendor, info?.architecture, info?.device, info?.description]
    .filter((s) => s !== undefined && s !== "")
    .join(" ") || "unnamed adapter";

/** Whether an adapter computes on the processor. */
export const isSoftware = (adapter: GpuAdapter): boolean =>
  adapter.isFallbackAdapter === true ||
  adapter.info?.isFallbackAdapter === true ||
  /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(nameOf(adapter));

/** An adapter and a device of it, with the adapter's own limits; throws DeviceError with the reason. */
export async function openDevice(
  options: AdapterOptions,
  needed: readonly string[],
): Promise<{ adapter: GpuAdapter; device: GpuDevice; keep: unknown }> {
  const { powerPreference = "high-performance", software = false } = options;
  let found: Found | undefined;
  let adapter = options.adapter;
  if (adapter === undefined) {
    found = await findGpu();
    adapter = (await found.gpu.requestAdapter({ powerPreference })) ?? undefined;
  }
  if (adapter === undefined) {
    const mend =
      found?.from === "webgpu" ? NODE_MEND : "it may be switched off, or its driver blocked; see chrome://gpu";
    throw new DeviceError(`WebGPU: there is no adapter; ${mend}`);
  }
  if (isSoftware(adapter) && !software && options.adapter === undefined) {
    throw new DeviceError(
      `WebGPU: the only adapter (${nameOf(adapter)}) computes on the processor, which WebAssembly does faster; pass { software: true } to use it all the same`,
    );
  }
  const { limits } = adapter;
  if (limits.maxComputeInvocationsPerWorkgroup < THREADS)
    throw new DeviceError(
      `WebGPU: ${nameOf(adapter)} runs ${limits.maxComputeInvocationsPerWorkgroup} threads in a workgroup, and Tidu needs ${THREADS}; use the WebAssembly device`,
    );
  const lacking = needed.find((f) => !adapter.features.has(f));
  if (lacking !== undefined) throw new DeviceError(`WebGPU: ${nameOf(adapter)} lacks ${lacking}; ${WITHOUT[lacking]}`);
  const features = [...needed, ...["timestamp-query"].filter((f) => adapter.features.has(f))];
  try {
    const device = await adapter.requestDevice({
      requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, limits[name]])),
      requiredFeatures: features,
    });
    return { adapter, device, keep: found };
  } catch (error) {
    throw new DeviceError(`WebGPU: ${nameOf(adapter)} gives no device: ${(error as Error).message}`);
  }
}
