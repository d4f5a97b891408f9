// Every op on native code: the same bits as on WebAssembly, on any shapes and views.
import fc from "fast-check";
import { beforeAll, describe, test } from "vitest";
import type { TypedArray } from "../../../packages/tidu/src/base/dtype.js";
import { makeStorage, type Storage, type Update } from "../../../packages/tidu/src/graph/node.js";
import { NativeDevice } from "../../../packages/tidu/src/native.js";
import { WasmDevice } from "../../../packages/tidu/src/runtime/wasm/device.js";
import { ROWS } from "../../ops/table.js";
import { Choices } from "../../support/choices.js";
import { checkSame, runOn } from "../../support/compare.js";
import { Inputs } from "../../support/inputs.js";

const numbers = fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 });
/** Applications of an op that are one program, so that the compiler is called less often. */
const TOGETHER = 12;

let native: NativeDevice;
let wasm: WasmDevice;
beforeAll(async () => {
  native = await NativeDevice.create({ threads: 2, portable: true });
  wasm = new WasmDevice({ threads: 1, portable: true });
});

describe.each(ROWS.map((row) => [row.op.name, row] as const))("%s", (_, { apply }) => {
  test("leaves the bits of WebAssembly", async () => {
    const property = fc.asyncProperty(
      fc.array(numbers, { minLength: TOGETHER, maxLength: TOGETHER }),
      async (draws) => {
        const updates: Update[] = [];
        const contents = new Map<Storage, TypedArray>();
        for (const draw of draws) {
          const c = new Choices(draw);
          const inputs = new Inputs(c, true);
          const y = apply(c, inputs.source);
          updates.push({ storage: makeStorage(y.shape, y.dtype), value: y });
          for (const [storage, data] of inputs.contents) contents.set(storage, data);
        }
        const program = { updates, contents };
        checkSame(await runOn(native, program), await runOn(wasm, program));
      },
    );
    await fc.assert(property, { numRuns: Number(process.env.RUNS ?? 1), endOnFailure: true });
  });
});
