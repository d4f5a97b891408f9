// What is tested of ops, layers, losses, optimizers and training holds on graphics cards, too: the same suites, run
// again with a graphics card as the device in use, on two implementations of WebGPU.
import { expect, test } from "vitest";
import { findDrivers, runSuite } from "./drivers.js";

const { dawn, deno, missing } = await findDrivers();
if (missing.length > 0) console.warn(`WebGPU is not tested, since drivers are missing: ${missing.join("; ")}`);

const INSIDE = ["test/webgpu/inside"];
const SUITES = [...INSIDE, "test/nn", "test/optim", "test/train"];
const ALL = {
  // SwiftShader takes many minutes for hundreds of steps of a recurrent network, and such trainings magnify how it rounds.
  dawn: [...SUITES, "--testNamePattern", "^(?!a text is learned)"],
  deno: SUITES,
};
type Run = readonly [driver: "dawn" | "deno", plan: "card" | "processor", suites: readonly string[], least: number];
/** Order, training, sorting, functions at every magnitude: a sign of life. */
const SHORT = ["order", "trainer", "sort", "functions"].map((name) => `test/webgpu/inside/${name}.gpu.ts`);
/**
 * Programs are planned as for a graphics card, and for what the drivers are, which is faster here: what the test command
 * runs, `npm run test:webgpu`, `npm run test:long`, and `npm run webgpu:suites`, for an hour or more.
 */
const RUNS: Readonly<Record<string, readonly Run[]>> = {
  usual: [
    ["dawn", "card", SHORT, 60],
    ["deno", "card", SHORT, 60],
  ],
  whole: [
    ["dawn", "processor", ALL.dawn, 1100],
    ["deno", "processor", ALL.deno, 1100],
  ],
  long: [
    ["dawn", "card", INSIDE, 150],
    ["deno", "card", INSIDE, 150],
  ],
  all: (["dawn", "deno"] as const).flatMap((driver) =>
    (["card", "processor"] as const).map((plan): Run => [driver, plan, ALL[driver], 1100]),
  ),
};
const asked = process.env.WEBGPU_SUITES ?? "usual";
const limit = asked === "all" ? 7_200_000 : 1_800_000;
const drivers = { dawn, deno };

for (const [name, plan, suites, least] of RUNS[asked]) {
  const driver = drivers[name];
  test.skipIf(driver === undefined)(
    `suites pass on ${name === "dawn" ? "Dawn" : "wgpu"}, planned for a ${plan}`,
    // Deno waits ten milliseconds for each result that it reads, in which Dawn computes.
    { concurrent: true, timeout: limit },
    async () => {
      const { env, ...rest } = driver as NonNullable<typeof driver>;
      expect(await runSuite({ ...rest, env: { ...env, WEBGPU_PLAN: plan } }, suites)).toBeGreaterThan(least);
    },
  );
}
