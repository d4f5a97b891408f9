import { expect, test } from "vitest";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";

/** So many axes that no integer has a bit for each; some of them are longer than 1. */
const AXES = 80;
const long = [3, 31, 32, 40, 78];
const shape = Array.from({ length: AXES }, (_, axis) => (long.includes(axis) ? 3 : 1));
const values = Float32Array.from({ length: 3 ** long.length }, (_, i) => Math.sin(i));

const compute = (): Tensor => {
  const x = tensor(values, shape);
  const turned = x.transpose(40, 3);
  return turned.sub(x.max(31, true)).mul(x.sum(78, true));
};

test("loops of kernels may be many: an expression is computed only where all that it depends on is known", async () => {
  setDevice(new ReferenceDevice());
  const want = await compute().data();
  setDevice(new WasmDevice({ threads: 1 }));
  const got = await compute().data();
  got.forEach((value, i) => expect(value).toBeCloseTo(want[i], 4));
});
