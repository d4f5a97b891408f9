// No gradient flows into what a compiled function has computed; asking for one is an error, not 0.
import { expect, it } from "vitest";
import { compile, grad, loss, nn, optim, type Tensor, tensor, Variable } from "../../packages/tidu/src/index.js";

const REFUSED =
  /grad: the cost was computed from a result \[.*\] of a compiled function, and no gradient flows into that/;

it("by the weights of a network whose forward pass is compiled", async () => {
  const net = nn.linear(2, 1);
  const forward = compile((x: Tensor) => net.forward(x));
  const cost = loss.mse(
    await forward(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ),
    tensor([[1], [2]]),
  );
  expect(() => grad(cost, [net.weight])).toThrow(REFUSED);
  expect(() => optim.sgd({ lr: 0.1 }).minimize(cost, net.parameters())).toThrow(REFUSED);
  // By something else, and by what the function does not use, the result is a constant.
  const scale = new Variable(tensor([2]));
  const other = new Variable(tensor([[7]]));
  const [a, b] = grad(cost.mul(scale.sum()), [scale, other]);
  expect(await a.array()).toEqual([await cost.item()]);
  expect(await b.array()).toEqual([[0]]);
});

it("by an argument", async () => {
  const x = tensor([3, 4]);
  const square = compile((x: Tensor) => x.square());
  const y = await square(x);
  expect(() => grad(y.sum(), [x])).toThrow(REFUSED);
  const twice = await square(y);
  expect(() => grad(twice.sum(), [x])).toThrow(REFUSED);
  // A constant, if one says so; and by itself.
  expect(await grad(y.detach().sum(), [x])[0].array()).toEqual([0, 0]);
  expect(await grad(y.square().sum(), [y])[0].array()).toEqual([18, 32]);
});

it("inside another compiled function", async () => {
  const w = new Variable(tensor([2, 3]));
  const y = await compile(() => w.mul(5))();
  const step = compile(() => grad(y.sum(), [w])[0]);
  await expect(step()).rejects.toThrow(REFUSED);
});

it("what net.predict has computed", async () => {
  const net = nn.linear(2, 2);
  const y = await net.predict(tensor([[1, 2]]));
  expect(() => grad(y.sum(), net.parameters())).toThrow(REFUSED);
});
