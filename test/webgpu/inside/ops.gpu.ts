// Ops on a graphics card beside their meaning.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { verifier } from "../../../packages/tidu/src/compile/verify/index.js";
import { makeStorage } from "../../../packages/tidu/src/graph/node.js";
import { concat, stack, tensor } from "../../../packages/tidu/src/index.js";
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

test("more values than a shader may read are joined and added", async () => {
  const numbers = Array.from({ length: 40 }, (_, i) => [i / 8, 1 - i / 4]);
  const parts = numbers.map((x) => tensor(x));
  expect(Array.from(await concat(parts).data())).toEqual(numbers.flat());
  const doubled = stack(parts.map((x) => x.mul(2)));
  expect(await doubled.array()).toEqual(numbers.map((x) => x.map((v) => 2 * v)));
  expect(await parts.reduce((a, b) => a.mul(0.5).add(b)).array()).toEqual(
    numbers.reduce((a, b) => a.map((v, i) => Math.fround(v * 0.5 + b[i]))),
  );
});
