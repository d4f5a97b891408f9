// Compares random programs on the graphics card with the reference.
import fc from "fast-check";
import { beforeAll, describe, test } from "vitest";
import { verifier } from "../../../packages/tidu/src/compile/verify/index.js";
import type { WebGpuDevice } from "../../../packages/tidu/src/webgpu.js";
import { checkClose, checkSame, expected, runOn } from "../../support/compare.js";
import { randomNetwork } from "../../support/random-network.js";
import { LARGE, type RandomProgram, randomProgram, SMALL } from "../../support/random-program.js";
import { open } from "./open.js";

/** Set RUNS to search longer than the suite does. */
const runs = (usual: number): number => Number(process.env.RUNS ?? 1) * usual;

describe("a graphics card comes to what the ops' definitions say, with the same bits each time", () => {
  let device: WebGpuDevice;
  beforeAll(async () => {
    device = await open({ observe: verifier() });
  });

  const check = async (program: RandomProgram): Promise<void> => {
    const targets = program.updates.map((u) => u.storage);
    const first = await runOn(device, program);
    checkClose(first, expected(program), targets);
    checkSame(await runOn(device, program), first);
  };

  test("for small programs", () => fc.assert(fc.asyncProperty(randomProgram(SMALL), check), { numRuns: runs(10) }));
  test("for large ones", () => fc.assert(fc.asyncProperty(randomProgram(LARGE), check), { numRuns: runs(6) }));
  test("for training steps", () => fc.assert(fc.asyncProperty(randomNetwork(), check), { numRuns: runs(3) }));
});
