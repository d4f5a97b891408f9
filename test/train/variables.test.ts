import { compile, loss, nn, optim, setDevice, tensor, Variable } from "tidu";
import { afterAll, describe, expect, it } from "vitest";
import { onOneThread } from "../support/one-thread.js";
import { classifier, trainerOf } from "./support.js";

onOneThread();
afterAll(() => setDevice(undefined));

describe("a compiled step of your own", () => {
  it("trains a network whose parameters nobody has read yet", async () => {
    const net = nn.linear(2, 1);
    const optimizer = optim.sgd({ lr: 0.05, momentum: 0.5 });
    const step = compile((x, t) => optimizer.minimize(loss.mse(net.forward(x), t), net.parameters()));
    const [x, t] = [
      tensor([
        [1, 2],
        [3, 1],
        [0, 1],
      ]),
      tensor([[1], [2], [0]]),
    ];
    const losses: number[] = [];
    for (let i = 0; i < 30; i++) losses.push(await (await step(x, t)).item());
    expect(losses[29]).toBeLessThan(losses[0] / 10);
  });

  it("reads the old value of a variable that is an argument and that it updates, too", async () => {
    const v = new Variable(tensor([1, 2, 3]));
    const step = compile((x) => v.assign(v.add(x.flip())));
    await step(v);
    expect(await v.array()).toEqual([4, 4, 4]);
  });

  it("follows the learning rate", async () => {
    const w = new Variable(tensor([0]));
    const optimizer = optim.sgd({ lr: 1 });
    const step = compile(() => optimizer.minimize(w.sum(), [w]));
    await step();
    optimizer.lr = 0.25;
    await step();
    optimizer.lr = 0;
    await step();
    expect(await w.array()).toEqual([-1.25]);
  });

  it("works on what was assigned before it runs, and tells what it needs without running", async () => {
    const v = new Variable(tensor([1, 2]));
    const double = compile(() => v.assign(v.mul(2)));
    expect(double.prepare()).toMatchObject({ storageBytes: 8 });
    v.assign(tensor([3, 4]));
    await double();
    expect(await v.array()).toEqual([6, 8]);
  });
});

describe("a value that waits to be stored", () => {
  it("is made from what was there when it was assigned", async () => {
    const [a, b] = [new Variable(tensor([1])), new Variable(tensor([10]))];
    expect(await a.array()).toEqual([1]);
    expect(await b.array()).toEqual([10]);
    // b waits, made from a; storing a alone would change what b is made from.
    b.assign(a.add(1));
    a.assign(a.mul(100));
    expect(await a.array()).toEqual([100]);
    expect(await b.array()).toEqual([2]);
    // The same where a compiled function overwrites a.
    b.assign(a.add(1));
    await compile(() => a.assign(a.mul(0)))();
    expect(await b.array()).toEqual([101]);
  });

  it("may swap with another", async () => {
    const [a, b] = [new Variable(tensor([1])), new Variable(tensor([2]))];
    await a.data();
    await b.data();
    const [x, y] = [a.add(0), b.add(0)];
    a.assign(y);
    b.assign(x);
    expect(await b.array()).toEqual([1]);
    expect(await a.array()).toEqual([2]);
  });
});

describe("a trainer", () => {
  it("draws parameters from its seed, but for those that were assigned by hand", async () => {
    const [one, two] = [classifier(), classifier()];
    const bias = tensor([1, 2, 3]);
    for (const net of [one, two]) (net.layers[2] as nn.Linear).bias?.assign(bias);
    trainerOf(one, { seed: 5 });
    trainerOf(two, { seed: 5 });
    for (const [name, v] of one.state()) expect(await v.data()).toEqual(await two.state().get(name)?.data());
    expect(await one.state().get("2.bias")?.array()).toEqual([1, 2, 3]);
  });
});
