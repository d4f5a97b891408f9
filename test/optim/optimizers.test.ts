import { describe, test } from "vitest";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { Variable } from "../../packages/tidu/src/tensor/variable.js";
import { type GoldenTensors, loadGolden, type OptimizerRunCase } from "../goldens/load.js";
import { expectClose, expectNumbers } from "../nn/support/close.js";
import { onEveryDevice } from "../nn/support/devices.js";
import { makeOptimizer } from "./support/make.js";

const runs = loadGolden("optimizers").cases.filter((c) => c.kind === "run");
const names = ["a", "b"] as const;

/** Ten steps along f = Σ sin(w) · c + (w - t)². */
async function check(golden: OptimizerRunCase): Promise<void> {
  const make = (from: GoldenTensors) => names.map((n) => new Variable(tensor(from[n].data, from[n].shape)));
  const [w, c, t] = [make(golden.start), make(golden.c), make(golden.t)];
  const optimizer = makeOptimizer(golden, { a: w[0], b: w[1] });
  const step = compile(() => {
    const value = w.map((v, i) => v.sin().mul(c[i]).add(v.sub(t[i]).square()).sum()).reduce((sum, v) => sum.add(v));
    return optimizer.minimize(value, w);
  });
  const values: number[] = [];
  for (let done = 1; done <= 10; done++) {
    values.push(await (await step()).item());
    const want = (golden.after as Record<string, GoldenTensors>)[done];
    if (want === undefined) continue;
    for (const [i, name] of names.entries()) await expectClose(`${name} after ${done}`, w[i], want[name]);
  }
  expectNumbers("values", values, golden.values);
}

onEveryDevice(() => {
  describe("optimizers are as PyTorch's", () => {
    for (const golden of runs) test(golden.name, () => check(golden));
  });
});
