import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import { compileProgram } from "../../packages/tidu/src/compile/program.js";
import { PROCESSOR } from "../../packages/tidu/src/compile/target.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { checkClose, checkSame, expected, runOn } from "../support/compare.js";
import { randomNetwork } from "../support/random-network.js";
import { LARGE, LONG, type RandomProgram, randomProgram, SMALL } from "../support/random-program.js";

/** Set RUNS to search longer than the suite does. */
const runs = (usual: number): number => Number(process.env.RUNS ?? 1) * usual;

describe("the WebAssembly device comes to what the ops' definitions say, with the same bits on any number of threads", () => {
  const one = new WasmDevice({ threads: 1 });
  const two = new WasmDevice({ threads: 2 });
  const portable = new WasmDevice({ threads: 2, portable: true });
  beforeAll(() => Promise.all([two.ready(), portable.ready()]));
  afterAll(() => Promise.all([two.close(), portable.close()]));

  const check = async (program: RandomProgram): Promise<void> => {
    compileProgram(program.updates, PROCESSOR, verifier());
    const want = expected(program);
    const targets = program.updates.map((u) => u.storage);
    const first = await runOn(one, program);
    checkClose(first, want, targets);
    checkSame(await runOn(two, program), first);
    checkSame(await runOn(one, program), first);
    checkClose(await runOn(portable, program), want, targets);
  };

  test("for small programs", () => fc.assert(fc.asyncProperty(randomProgram(SMALL), check), { numRuns: runs(300) }));
  test("for large ones", () => fc.assert(fc.asyncProperty(randomProgram(LARGE), check), { numRuns: runs(60) }));
  test("for long rows", () => fc.assert(fc.asyncProperty(randomProgram(LONG), check), { numRuns: runs(60) }));
  test("for training steps", () => fc.assert(fc.asyncProperty(randomNetwork(), check), { numRuns: runs(100) }));
});
