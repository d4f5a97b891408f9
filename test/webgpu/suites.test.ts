// What is tested of ops, layers, losses, optimizers and training holds on graphics cards, too: the same suites, run
// again with a graphics card as the device in use, on two implementations of WebGPU.
import { expect, test } from "vitest";
import { findDrivers, runSuite } from "./drivers.js";

const { dawn, deno, missing } = await findDrivers();
if (missing.length > 0) console.warn(`WebGPU is not tested, since drivers are missing: ${missing.join("; ")}`);

const INSIDE = ["test/webgpu/inside"];
const SUITES = [...INSIDE, "test/nn", "test/optim"];
const ALL = {
  // SwiftShader takes many minutes for hundreds of steps of a recurrent network, and such trainings magnify how it rounds.
  dawn: [...SUITES, "--testNamePattern", "^(?!a text is learned)"],
  deno: SUITES,
};
type Run = readonly [driver: "dawn" | "deno", plan: "card" | "processor", suites: readonly string[], least: number];
/**
 * Programs are planned as for a graphics card, and for what the drivers are, which is faster here: what the test command
 * runs, `npm run test:long`, and `npm run webgpu:suites`, for an hour or more.
 */
const RUNS: Readonly<Record<string, readonly Run[]>> = {
  // The driver of wgpu is faster. Pages use Dawn (test/browser).
  usual: [["deno", "card", INSIDE, 150]],
  long: [
    ["dawn", "card", INSIDE, 150],
    ["dawn", "processor", ALL.dawn, 1100],
    ["deno", "processor", ALL.deno, 1100],
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
    async () => {
      const { env, ...rest } = driver as NonNullable<typeof driver>;
      expect(await runSuite({ ...rest, env: { ...env, WEBGPU_PLAN: plan } }, suites)).toBeGreaterThan(least);
    },
    limit,
  );
}
