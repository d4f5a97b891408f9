import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileProgram } from "../../packages/tidu/src/compile/program.js";
import { PROCESSOR } from "../../packages/tidu/src/compile/target.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { gradient } from "../../packages/tidu/src/grad/reverse.js";
import { makeStorage, type Op } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { Choices } from "../support/choices.js";
import { checkClose, expected, runOn } from "../support/compare.js";
import { weigh, worstSlope } from "../support/gradients.js";
import { Inputs } from "../support/inputs.js";
import { ROWS, type Row } from "./table.js";

const choices = fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 });

/** Applies a row's op to freshly drawn inputs. */
function draw({ apply }: Row, numbers: readonly number[], views: boolean) {
  const c = new Choices(numbers);
  const inputs = new Inputs(c, views);
  const y = apply(c, inputs.source);
  return { y, contents: inputs.contents, floats: inputs.floats };
}

describe.each(ROWS.map((row) => [row.op.name, row] as const))("%s", (_, row) => {
  const device = new WasmDevice({ threads: 1 });

  test("on the WebAssembly device is what its definition says, on any shapes and views", async () => {
    const property = fc.asyncProperty(choices, async (numbers) => {
      const { y, contents } = draw(row, numbers, true);
      const updates = [{ storage: makeStorage(y.shape, y.dtype), value: y }];
      compileProgram(updates, PROCESSOR, verifier());
      const program = { updates, contents };
      checkClose(await runOn(device, program), expected(program), [updates[0].storage]);
    });
    await fc.assert(property, { numRuns: 15 });
  });

  test("has the gradient that central differences have", () => {
    const property = fc.property(choices, (numbers) => {
      const { y, contents, floats } = draw(row, numbers, false);
      if (y.dtype !== "f32" || y.shape.reduce((n, d) => n * d, 1) > 150) return;
      if (row.blocks) for (const slope of gradient(weigh(y), floats)) expect(ops.isFull(slope)).toBe(true);
      else expect(worstSlope(weigh(y), floats, contents)).toBeLessThan(1e-5);
    });
    fc.assert(property, { numRuns: 6 });
  });
});

describe.each(ROWS.filter((row) => row.op.grad !== undefined).map((row) => [row.op.name, row] as const))(
  "the gradient of %s",
  (_, row) => {
    test("has the gradient that central differences have", () => {
      const property = fc.property(choices, (numbers) => {
        const { y, contents, floats } = draw(row, numbers, false);
        if (y.dtype !== "f32" || y.shape.reduce((n, d) => n * d, 1) > 60) return;
        const slopes = gradient(weigh(ops.apply(ops.elementwise.mul, y, y)), floats);
        for (const slope of slopes) expect(worstSlope(weigh(slope), floats, contents)).toBeLessThan(1e-4);
      });
      fc.assert(property, { numRuns: 4 });
    });
  },
);

test("every op of the op table has a row", () => {
  const isOp = (x: unknown): x is Op => typeof x === "object" && x !== null && "kind" in x && "infer" in x;
  // A version of a variable has no value of its own: its place is taken before anything is compiled.
  const all: unknown[] = [...Object.values(ops), ...Object.values(ops.elementwise)];
  const table = all
    .filter(isOp)
    // Programs are cut at collectives, which no device computes (test/collective).
    .filter((op) => op !== ops.versionOp && op.kind !== "collective");
  expect(table.length).toBeGreaterThan(40);
  const rows = new Set(ROWS.map((r) => r.op));
  expect(table.filter((op) => !rows.has(op)).map((op) => op.name)).toEqual([]);
});
