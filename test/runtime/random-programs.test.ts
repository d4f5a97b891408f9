import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import { WasmDevice } from "../../src/runtime/wasm/device.js";
import { checkClose, checkSame, expected, runOn } from "../support/compare.js";
import { randomProgram } from "../support/random-program.js";

describe("random programs on the WebAssembly device", () => {
  const one = new WasmDevice({ threads: 1 });
  const two = new WasmDevice({ threads: 2 });
  const portable = new WasmDevice({ threads: 1, portable: true });
  beforeAll(() => two.ready());
  afterAll(() => two.close());

  test("come to what the ops' definitions say, with the same bits on one and two threads", async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram(), async (program) => {
        const want = expected(program);
        const targets = program.updates.map((u) => u.storage);
        const first = await runOn(one, program);
        checkClose(first, want, targets);
        checkSame(await runOn(two, program), first);
        checkClose(await runOn(portable, program), want, targets);
      }),
      { numRuns: Number(process.env.RUNS ?? 200) },
    );
  });
});
