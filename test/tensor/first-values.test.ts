// Values that a device need not compute: zeros, and numbers that the host still has.
import { compile, loss, nn, optim, setDevice, type Tensor, tensor, Variable, WasmDevice, zeros } from "tidu";
import { afterAll, expect, test } from "vitest";

afterAll(() => setDevice(undefined));

const device = (): WasmDevice => {
  const made = new WasmDevice({ threads: 1 });
  setDevice(made);
  return made;
};

test("the first step of weights and momentum that begin with known numbers is one program", async () => {
  const on = device();
  const net = nn.linear(2, 1);
  net
    .state()
    .get("weight")
    ?.assign(tensor([0.5, -0.25], [1, 2]));
  net
    .state()
    .get("bias")
    ?.assign(zeros([1]));
  const optimizer = optim.sgd({ lr: 0.1, momentum: 0.9 });
  const step = compile((x: Tensor, t: Tensor) => optimizer.minimize(loss.mse(net.forward(x), t), net.parameters()));
  const batch = [tensor([[1, 2]]), tensor([[1]])] as const;
  expect(await (await step(...batch)).item()).toBe(1);
  expect(on.compiled).toBe(1);
  // By hand: y = 0, so the gradient by y is -2, by the weights -2 · [1, 2].
  expect([...(await net.parameters()[0].data())]).toEqual([Math.fround(0.7), Math.fround(0.15)]);
});

test("both tensors keep values of their own", async () => {
  const on = device();
  const given = tensor([1, 2]);
  const v = new Variable(zeros([2]));
  v.assign(given);
  const doubled = compile(() => void v.assign(v.mul(2)));
  await doubled();
  expect(on.compiled).toBe(1);
  expect([...(await v.data())]).toEqual([2, 4]);
  expect([...(await given.data())]).toEqual([1, 2]);
  await doubled();
  expect([...(await v.data())]).toEqual([4, 8]);
});

test("a variable that has been computed with is overwritten, and -0 stays", async () => {
  device();
  const v = new Variable(tensor([1, 2]));
  const doubled = compile(() => void v.assign(v.mul(2)));
  await doubled();
  v.assign(zeros([2]));
  await doubled();
  expect([...(await v.data())]).toEqual([0, 0]);
  const negative = new Variable(zeros([2]).neg());
  const same = compile(() => void negative.assign(negative.mul(1)));
  await same();
  expect([...(await negative.data())]).toEqual([-0, -0]);
});
