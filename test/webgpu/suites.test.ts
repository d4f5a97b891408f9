// What is tested of ops, layers, losses, optimizers and training holds on graphics cards, too: the same suites, run
// again with a graphics card as the device in use, on two implementations of WebGPU.
import { expect, test } from "vitest";
import { findDrivers, runSuite } from "./drivers.js";

const { dawn, deno, missing } = await findDrivers();
if (missing.length > 0) console.warn(`WebGPU is not tested, since drivers are missing: ${missing.join("; ")}`);

const ALL = ["test/webgpu/inside", "test/nn", "test/optim"];
/** What drivers that compute on the processor do in a minute; `npm run webgpu:suites` runs all, for an hour or more. */
const SHORT = [
  "test/webgpu/inside",
  ...["activations", "dropout", "metrics", "norm", "regularize", "signal"].map((name) => `test/nn/${name}.test`),
  ...["clip", "optimizer"].map((name) => `test/optim/${name}.test`),
];
const whole = process.env.WEBGPU_SUITES === "all";
const [SUITES, LEAST, LIMIT] = whole ? [ALL, 900, 7_200_000] : [SHORT, 200, 300_000];

test.skipIf(dawn === undefined)(
  "suites pass on Dawn",
  async () => {
    expect(await runSuite(dawn as NonNullable<typeof dawn>, SUITES)).toBeGreaterThan(LEAST);
  },
  LIMIT,
);

test.skipIf(deno === undefined)(
  "suites pass on wgpu",
  async () => {
    expect(await runSuite(deno as NonNullable<typeof deno>, SUITES)).toBeGreaterThan(LEAST);
  },
  LIMIT,
);
