// Compares functions of tensors with PyTorch's: what they give, and their slopes, on every device that is tested.

import { expect, test } from "vitest";
import type { TypedArray } from "../../packages/tidu/src/base/dtype.js";
import { type Storage, topologicalOrder } from "../../packages/tidu/src/graph/node.js";
import { isStorage } from "../../packages/tidu/src/graph/ops/index.js";
import { untaken } from "../../packages/tidu/src/tensor/realizer.js";
import { type FunctionCase, type GoldenTensor, isInt } from "../goldens/load.js";
import { weigh, worstSlope } from "../support/gradients.js";
import { grad, ReferenceDevice, setDevice, type Tensor, tensor, WasmDevice } from "./tidu.js";

/** What is run, and by what its slopes are taken: the float inputs unless told. */
export interface Run {
  readonly outputs: readonly Tensor[];
  readonly wrt?: readonly Tensor[];
}

/** Calls a function on the inputs of a case. */
export type Subject = (
  ...inputs: Tensor[]
) => Tensor | readonly Tensor[] | Run | Promise<Tensor | readonly Tensor[] | Run>;

const TOLERANCE = 4e-6;

/** How far values may be from the golden ones, in units of the largest. */
export function close(found: ArrayLike<number>, golden: GoldenTensor, what: string, tolerance = TOLERANCE): void {
  const largest = Array.from(golden.data).reduce((m, v) => Math.max(m, Math.abs(v)), 1e-3);
  for (let i = 0; i < golden.data.length; i++) {
    const off = Math.abs(found[i] - golden.data[i]) / largest;
    if (!(off <= tolerance)) expect.fail(`${what} [${i}]: ${found[i]}, PyTorch has ${golden.data[i]}`);
  }
}

/** A number that depends on every element of every float output, as the golden's does. */
function cost(outputs: readonly Tensor[]): Tensor {
  return outputs
    .filter((y) => y.dtype === "f32")
    .map((y) => {
      const count = Array.from({ length: y.size }, (_, i) => Math.sin(i) + 2);
      return y.mul(tensor(Float32Array.from(count), y.shape)).sum();
    })
    .reduce((a, b) => a.add(b));
}

const devices = { wasm: () => new WasmDevice({ threads: 1 }), reference: () => new ReferenceDevice() };

/**
 * One test for each case and device; and finite differences where the function takes tensors alone.
 *
 * @param loose cases that are allowed to be farther off, and how far.
 */
export function checkCases(
  cases: readonly FunctionCase[],
  subjects: Readonly<Record<string, Subject>>,
  loose: Readonly<Record<string, number>> = {},
): void {
  test("every golden has its function, every function a golden", () => {
    expect(Object.keys(subjects).sort()).toEqual(cases.map((c) => c.name).sort());
  });
  for (const [name, make] of Object.entries(devices)) {
    const device = make();
    test.each(cases.map((c) => [c.name, c] as const))(`${name}: %s`, async (_, golden) => {
      setDevice(device);
      const inputs = golden.inputs.map((t) => tensor(t.data, t.shape));
      const result = await subjects[golden.name](...inputs);
      const run: Run = "outputs" in result ? result : { outputs: [result].flat() as Tensor[] };
      expect(run.outputs.map((y) => y.shape)).toEqual(golden.outputs.map((y) => y.shape));
      for (const [i, y] of run.outputs.entries())
        close(await y.data(), golden.outputs[i], `output ${i}`, loose[golden.name]);
      const floats = inputs.filter((_, i) => !isInt(golden.inputs[i]));
      if (golden.slopes.every((s) => s.data.every((v) => v === 0))) return;
      const slopes = grad(cost(run.outputs), [...(run.wrt ?? floats)]);
      for (const [i, slope] of slopes.entries()) {
        expect(slope.shape).toEqual(golden.slopes[i].shape);
        close(await slope.data(), golden.slopes[i], `slope ${i}`, loose[golden.name]);
      }
    });
  }
  const smooth = cases.filter((c) => c.slopes.some((s) => s.data.some((v) => v !== 0)));
  test.each(smooth.map((c) => [c.name, c] as const))("finite differences: %s", async (_, golden) => {
    setDevice(new ReferenceDevice());
    const inputs = golden.inputs.map((t) => tensor(t.data, t.shape));
    const result = await subjects[golden.name](...inputs);
    if ("outputs" in result) return;
    const outputs = [result].flat() as Tensor[];
    const contents = new Map<Storage, ArrayLike<number>>();
    for (const node of topologicalOrder(outputs.map((y) => y.node)))
      if (isStorage(node)) contents.set(node.attrs, untaken(node.attrs) as TypedArray);
    const floats = inputs.filter((x) => x.dtype === "f32" && x.size <= 100);
    for (const y of outputs)
      if (y.dtype === "f32")
        expect(
          worstSlope(
            weigh(y.node),
            floats.map((x) => x.node),
            contents,
          ),
        ).toBeLessThan(1e-4);
  });
}
