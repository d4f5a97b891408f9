// What is tested of ops, layers, losses, optimizers and training holds on graphics cards, too: the same suites, run
// again with a graphics card as the device in use, on two implementations of WebGPU.
import { expect, test } from "vitest";
import { findDrivers, runSuite } from "./drivers.js";

const { dawn, deno, missing } = await findDrivers();
if (missing.length > 0) console.warn(`WebGPU is not tested, since drivers are missing: ${missing.join("; ")}`);

const SUITES = ["test/webgpu/inside", "test/nn", "test/optim"];

test.skipIf(dawn === undefined)(
  "all suites pass on Dawn",
  async () => {
    expect(await runSuite(dawn as NonNullable<typeof dawn>, SUITES)).toBeGreaterThan(1500);
  },
  300_000,
);

test.skipIf(deno === undefined)(
  "all suites pass on wgpu",
  async () => {
    expect(await runSuite(deno as NonNullable<typeof deno>, SUITES)).toBeGreaterThan(1500);
  },
  300_000,
);
