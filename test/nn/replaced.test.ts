// Layers put in the place of others after code was compiled with the old ones.
import { compile, nn, optim, type Tensor, tensor } from "tidu";
import { expect, test } from "vitest";

class Net extends nn.Module {
  body: nn.Module = filled(1);
  readonly more: nn.Module[] = [filled(1)];
  readonly named = new Map<string, nn.Module>([["last", filled(1)]]);

  override forward(x: Tensor): Tensor {
    return this.children().reduce((y, [, layer]) => layer.forward(y), x);
  }
}

function filled(value: number): nn.Module {
  const layer = nn.linear(1, 1);
  layer.weight.assign(tensor([[value]]));
  layer.bias?.assign(tensor([0]));
  return layer;
}

const one = tensor([[1]]);

test("a prediction uses what is in a field, a list and a map now", async () => {
  const net = new Net();
  expect(await (await net.predict(one)).item()).toBe(1);
  net.body = filled(2);
  expect(await (await net.predict(one)).item()).toBe(2);
  net.more[0] = filled(3);
  expect(await (await net.predict(one)).item()).toBe(6);
  net.named.set("last", filled(5));
  expect(await (await net.predict(one)).item()).toBe(30);
  net.replace("more.0", filled(7));
  expect(await (await net.predict(one)).item()).toBe(70);
});

test("what was compiled before goes on with the new layer and trains it", async () => {
  const net = nn.sequential(filled(1), filled(1));
  const optimizer = optim.sgd({ lr: 0.5 });
  const step = compile((x) => optimizer.minimize(net.forward(x).sum(), net.parameters()));
  const forward = compile((x) => net.forward(x));
  await step(one);
  await forward(one);
  const layer = filled(4);
  net.replace("1", layer);
  expect(await (await forward(one)).item()).toBe(0);
  await step(one);
  expect(await layer.state().get("bias")?.item()).toBe(-0.5);
});

test("of branches, too, which are beside each other", async () => {
  const net = nn.sequential(nn.branches(filled(1), filled(2)));
  expect(await (await net.predict(one)).array()).toEqual([[1, 2]]);
  net.replace("0.1", filled(5));
  expect(await (await net.predict(one)).array()).toEqual([[1, 5]]);
});
