// Dawn's compiler of shaders accepts products in f16. No driver here runs them on Dawn, so it gets a device that computes
// nothing; wgpu runs them (test/webgpu/inside).
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { TILES, tileBytes } from "../../packages/tidu/src/codegen/wgsl/card.js";
import { verifyDispatches } from "../../packages/tidu/src/codegen/wgsl/verify.js";
import type { GpuExecutable } from "../../packages/tidu/src/runtime/webgpu/device.js";
import type { Gpu, GpuAdapter } from "../../packages/tidu/src/runtime/webgpu/gpu.js";
import { WebGpuDevice } from "../../packages/tidu/src/webgpu.js";
import { PRODUCTS, productOf, usesHalves } from "../support/half-products.js";

const { create, globals } = createRequire(import.meta.url)("webgpu") as {
  create(flags: string[]): Gpu;
  globals: Record<string, unknown>;
};
Object.assign(globalThis, globals);
const gpu = create(["backend=null"]);
const { maxComputeWorkgroupStorageSize } = ((await gpu.requestAdapter()) as GpuAdapter).limits;
const tiles = TILES.filter((tile) => tileBytes(tile, true) <= maxComputeWorkgroupStorageSize);

test.each(tiles.map((t) => [`${t.rows}×${t.columns}`, t] as const))("a tile of %s", async (_, tile) => {
  const adapter = (await gpu.requestAdapter()) as GpuAdapter;
  const device = await WebGpuDevice.create({ adapter, tiles: [tile], f16: true });
  for (const product of PRODUCTS) {
    const work = productOf(product, () => 1);
    expect(usesHalves(device, work)).toBe(true);
    const step = device.prepare(work.updates) as GpuExecutable;
    verifyDispatches(step.dispatches, device.gpu.limits);
    // Rejects where the shader is refused.
    await step.run();
  }
  device.close();
});
