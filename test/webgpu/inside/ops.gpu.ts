// Ops on a graphics card beside their meaning.
import fc from "fast-check";
import { beforeAll, describe, test } from "vitest";
import { verifier } from "../../../packages/tidu/src/compile/verify/index.js";
import { makeStorage } from "../../../packages/tidu/src/graph/node.js";
import type { WebGpuDevice } from "../../../packages/tidu/src/webgpu.js";
import { ROWS } from "../../ops/table.js";
import { Choices } from "../../support/choices.js";
import { checkClose, expected, runOn } from "../../support/compare.js";
import { Inputs } from "../../support/inputs.js";
import { open } from "./open.js";

const choices = fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 });

let device: WebGpuDevice;
beforeAll(async () => {
  device = await open({ observe: verifier() });
});

const rows = ROWS.map((row) => [row.op.name, row] as const);

describe.each(rows)("%s", (_, { apply }) => {
  test("on a graphics card is what its definition says, on any shapes and views", async () => {
    const property = fc.asyncProperty(choices, async (numbers) => {
      const c = new Choices(numbers);
      const inputs = new Inputs(c, true);
      const y = apply(c, inputs.source);
      const updates = [{ storage: makeStorage(y.shape, y.dtype), value: y }];
      const program = { updates, contents: inputs.contents };
      checkClose(await runOn(device, program), expected(program), [updates[0].storage]);
    });
    await fc.assert(property, { numRuns: 4 });
  });
});
