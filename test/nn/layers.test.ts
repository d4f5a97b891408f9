import { describe, test } from "vitest";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { grad } from "../../packages/tidu/src/tensor/grad.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { type LayerCase, loadGolden } from "../goldens/load.js";
import { build } from "./support/build.js";
import { expectClose } from "./support/close.js";
import { onEveryDevice } from "./support/devices.js";

const { cases } = loadGolden("layers");

/** Output, gradients by input and parameters, and buffers, of one step: compiled, or by hand with all that it can read. */
async function check(golden: LayerCase, compiled: boolean): Promise<void> {
  const { layer, options, params, buffers, input, output, gradOutput, gradInput, gradParams, mode } = golden;
  const made = build(layer, options, { ...params, ...buffers }).train(mode !== "eval");
  const own = made.namedParameters();
  const wanted = Object.keys(gradParams);
  const gradients = (y: Tensor, x: Tensor, dy: Tensor) => {
    const by = gradInput === undefined ? [] : [x];
    const variables = wanted.map((name) => own.get(name) as Tensor);
    return [y, ...grad(y.mul(dy).sum(), [...variables, ...by])];
  };
  const byHand = async (x: Tensor, dy: Tensor) => {
    const y = await made.forward(x).realize();
    for (const v of made.state().values()) await v.data();
    return gradients(y, x, dy);
  };
  const step = compiled ? compile((x: Tensor, dy: Tensor) => gradients(made.forward(x), x, dy)) : byHand;
  const results = await step(tensor(input.data, input.shape), tensor(gradOutput.data, gradOutput.shape));
  await expectClose("output", results[0], output);
  for (const [i, name] of wanted.entries()) await expectClose(`gradient of ${name}`, results[1 + i], gradParams[name]);
  if (gradInput !== undefined) await expectClose("gradient of the input", results[1 + wanted.length], gradInput);
  for (const [name, after] of Object.entries(golden.buffersAfter ?? {})) {
    await expectClose(name, made.state().get(name) as Tensor, after);
  }
}

onEveryDevice(() => {
  describe("layers are as PyTorch's", () => {
    for (const golden of cases) test(golden.name, () => check(golden, true));
  });
  describe("and those of a loop by hand", () => {
    for (const golden of cases) test(golden.name, () => check(golden, false));
  });
});
