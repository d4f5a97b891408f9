// Kernels that run piece by piece: however small the cache is taken to be, results keep their bits.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { batchTensors, build } from "../../bench/systems/tidu/network.mjs";
import { workload } from "../../bench/workloads.mjs";
import { NativeDevice } from "../../packages/tidu/src/native.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";
import { checkSame, runOn } from "../support/compare.js";
import { randomNetwork } from "../support/random-network.js";
import { LARGE, type RandomProgram, randomProgram } from "../support/random-program.js";
import { HERE } from "./support.js";

/** Bytes that a piece may touch, and how many groups were found. */
const cache = vi.hoisted(() => ({ bytes: 0, groups: 0 }));
vi.mock("../../packages/tidu/src/plan/pieces.js", async (original) => {
  const real = await original<typeof import("../../packages/tidu/src/plan/pieces.js")>();
  const groupsOf: typeof real.groupsOf = (kernels, registers) => {
    const groups = real.groupsOf(kernels, registers, cache.bytes, 2);
    cache.groups += groups.length;
    return groups;
  };
  return { ...real, groupsOf };
});
/** That of a processor with a second cache of 2 MiB. */
const CACHE = 2 ** 21;

const folder = mkdtempSync(join(tmpdir(), "tidu-pieces-"));
beforeAll(() => vi.stubEnv("TIDU_CACHE", join(folder, "cache")));
afterAll(() => {
  vi.unstubAllEnvs();
  setDevice(undefined);
  rmSync(folder, { recursive: true, force: true });
});

const runs = (n: number) => n * Number(process.env.RUNS ?? 1);

/** All variables of a network after two steps. */
async function trained(device: WasmDevice | NativeDevice, name: string): Promise<Float32Array[]> {
  setDevice(device);
  const work = workload(name);
  const { net, step } = build(work);
  const { x, t } = await batchTensors(work);
  for (let i = 0; i < 2; i++) await step(x, t);
  return Promise.all([...net.state().values()].map(async (v) => (await v.data()) as Float32Array));
}

describe.skipIf(!HERE)("kernels in pieces", () => {
  test("leave the bits of WebAssembly, whatever the network", async () => {
    const wasm = new WasmDevice({ threads: 1, portable: true });
    const natives = await Promise.all([1, 2, 5].map((threads) => NativeDevice.create({ threads, portable: true })));
    const check = async (program: RandomProgram, bytes: number) => {
      cache.bytes = bytes;
      const want = await runOn(wasm, program);
      for (const native of natives) checkSame(await runOn(native, program), want);
    };
    for (const [programs, numRuns] of [
      [randomProgram(LARGE), 3],
      [randomNetwork(), 10],
    ] as const)
      await fc.assert(fc.asyncProperty(programs, fc.constantFrom(64, 512, 4096), check), {
        numRuns: runs(numRuns),
        endOnFailure: true,
      });
    await wasm.close();
  }, 240_000);

  test.each([
    ["mobile", CACHE, 12],
    ["decoder", CACHE, 2],
    ["transformer", 30_000, 5],
    ["random:3", 500_000, 1],
    ["random:11", 500_000, 1],
  ])(
    "leave the bits of WebAssembly in %s, %i bytes at a time",
    async (name, bytes, groups) => {
      cache.bytes = bytes;
      cache.groups = 0;
      const wasm = new WasmDevice({ threads: 2, portable: true });
      const want = await trained(wasm, name);
      await wasm.close();
      // More threads share fewer pieces, or all kernels.
      for (const threads of [1, 3, 20]) {
        const native = await NativeDevice.create({ threads, portable: true });
        const got = await trained(native, name);
        const other = got.filter((values, i) => values.some((x, j) => !Object.is(x, want[i][j])));
        expect(other, `with ${threads} threads`).toHaveLength(0);
      }
      expect(cache.groups).toBeGreaterThanOrEqual(groups);
    },
    240_000,
  );
});
