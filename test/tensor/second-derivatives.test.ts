// Second derivatives at elements that are 0, against central differences of the first in float64.
import { cumprod, device, grad, loss, nn, norm, prod, setDevice, std, type Tensor, tensor, type Variable } from "tidu";
import { afterEach, expect, test } from "vitest";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";

const own = device();
afterEach(() => setDevice(own));

const STEP = 1 / 1024;

const slope = (f: (x: Tensor) => Tensor, x: Tensor): Tensor => grad(f(x), [x])[0];

/** The rows of the Hessian: the gradient of each element of the gradient. */
async function hessian(f: (x: Tensor) => Tensor, values: readonly number[]): Promise<number[][]> {
  const x = tensor(values);
  const first = slope(f, x);
  const rows = values.map((_, i) => grad(first.slice(0, i, i + 1).sum(), [x])[0].data());
  return (await Promise.all(rows)).map((row) => [...row]);
}

/** The same by differences of gradients, each of which the interpreter computes in float64. */
async function differences(f: (x: Tensor) => Tensor, values: readonly number[]): Promise<number[][]> {
  setDevice(new ReferenceDevice());
  const at = (i: number, by: number) => slope(f, tensor(values.map((v, k) => (k === i ? v + by : v)))).data();
  const columns = values.map(async (_, i) => {
    const [above, below] = [await at(i, STEP), await at(i, -STEP)];
    return [...above].map((v, k) => (v - below[k]) / (2 * STEP));
  });
  const found = await Promise.all(columns);
  setDevice(own);
  return values.map((_, i) => found.map((column) => column[i]));
}

const other = tensor([[-0.5, -0.5, 0.5, 1]]);
const wide = (x: Tensor): Tensor => x.reshape([1, 4]);

/** A layer's output, as a function of its weight. */
function ofWeight(x: Tensor): Tensor {
  const layer = nn.weightNorm(nn.linear(4, 1, { bias: false }));
  const lengths = layer.state().get("weight_g") as Variable;
  lengths.assign(tensor([[2]]));
  Object.assign(layer, { weight_v: x.reshape([1, 4]) });
  return layer.forward(other).sum();
}

test.each<[string, (x: Tensor) => Tensor]>([
  ["norm", (x) => norm(x)],
  ["norm of columns", (x) => norm(x.reshape([2, 2]), 0).sum()],
  ["norm of order 3", (x) => norm(x, undefined, { order: 3 })],
  ["norm of order 4", (x) => norm(x, undefined, { order: 4 })],
  ["cosineEmbedding", (x) => loss.cosineEmbedding(wide(x), other, tensor([1]))],
  ["triplet", (x) => loss.triplet(wide(x), other, wide(x).mul(0.5), { margin: 9 })],
  ["contrastive", (x) => loss.contrastive(wide(x), other, tensor([0]), { margin: 9 })],
  ["weightNorm", ofWeight],
  ["std", (x) => std(x)],
  ["prod", (x) => prod(x)],
  ["cumprod", (x) => cumprod(x).square().sum()],
  [
    "powers",
    (x) =>
      x
        .pow(tensor([1, 2, 3, 4]))
        .sum()
        .square(),
  ],
])("of %s", async (_, f) => {
  for (const values of [
    [0, 1, 2, 0],
    [1, 0, 0, -2],
  ]) {
    const [got, want] = [await hessian(f, values), await differences(f, values)];
    expect(got).toEqual(want.map((row) => row.map((v) => expect.closeTo(v, 2))));
  }
});
