import { ArgumentError, compile, grad, nn, type Tensor, tensor, Variable } from "tidu";
import { expect, test } from "vitest";
import { onEveryDevice } from "../nn/support/devices.js";

const one = () => tensor([1]);
const list = (t: Tensor) => t.data().then((data) => [...data]);
// biome-ignore lint/suspicious/noExplicitAny: what TypeScript refuses is tried here
const untyped = compile as any;

/** Rejects with an ArgumentError that says so. */
const refuses = async (call: () => unknown, what: RegExp): Promise<void> => {
  const attempt = async () => call();
  await expect(attempt()).rejects.toThrow(ArgumentError);
  await expect(attempt()).rejects.toThrow(what);
};

onEveryDevice(() => {
  test("a variable cannot begin with a value that a compiled function computes", async () => {
    for (const first of [(x: Tensor) => x.mul(2), (x: Tensor) => x, (x: Tensor) => x.sum().mul(0).add(1)]) {
      const make = compile((x: Tensor) => {
        new Variable(first(x));
      });
      await refuses(
        () => make(one()),
        /^variable: the first value .* make the variable outside, and assign to it inside/,
      );
    }
    const v = new Variable(one());
    const ofVariable = compile(() => {
      new Variable(v.mul(2));
    });
    await refuses(ofVariable, /^variable: the first value/);
    let made: Variable | undefined;
    await compile(() => {
      made = new Variable(tensor([3]).mul(2));
    })();
    expect(await list(made as Variable)).toEqual([6]);
  });

  test("what a compiled function computes cannot be read in it", async () => {
    const reads: ((x: Tensor) => unknown)[] = [
      (x) => x.sum().item(),
      (x) => x.data(),
      (x) => x.mul(2).array(),
      (x) => grad(x.sum(), [x])[0].mul(x).data(),
    ];
    for (const read of reads) {
      const step = compile((x: Tensor) => {
        read(x);
        return x;
      });
      await refuses(
        () => step(one()),
        /a tensor that a compiled function computes has no value outside of it; return it/,
      );
    }
    const v = new Variable(one());
    const readsVariable = compile(() => {
      void v.data();
    });
    await refuses(readsVariable, /return it from the function/);
    expect(await list(v)).toEqual([1]);
  });

  test("and has no value outside of it", async () => {
    const v = new Variable(one());
    const escaped: Tensor[] = [];
    const step = compile((x: Tensor) => {
      escaped.push(x, x.mul(2), new Variable(tensor([1])).mul(3), v.add(1));
      return x;
    });
    expect(await list(await step(one()))).toEqual([1]);
    for (const t of escaped) {
      await refuses(() => t.data(), /return it from the function, and use what the call gives/);
      await refuses(() => t.add(1).item(), /return it/);
      await refuses(() => compile(() => t.add(1))(), /return it/);
      await refuses(() => compile((x: Tensor) => x.add(1))(t), /return it/);
    }
    expect(await list(one().add(1))).toEqual([2]);
  });

  test("the function is no async one", async () => {
    const step = untyped(async (x: Tensor) => x.mul(2));
    await refuses(() => step(one()), /^compile: the function is async, and must return tensors at once; await/);
    const failing = untyped(async () => {
      throw new Error("nobody sees this");
    });
    await refuses(() => failing(), /is async/);
  });

  test("a compiled function is not called in another", async () => {
    const inner = compile((x: Tensor) => x.mul(2));
    const outer = compile((x: Tensor) => {
      void inner(x);
      return x;
    });
    await refuses(
      () => outer(one()),
      /^compile: a compiled function is called inside another; call the plain function/,
    );
    const prepares = compile((x: Tensor) => {
      inner.prepare(x);
      return x;
    });
    await refuses(() => prepares(one()), /inside another/);
    const net = nn.linear(1, 1);
    const predicts = compile((x: Tensor) => {
      void net.predict(x.reshape([1, 1]));
      return x;
    });
    await refuses(() => predicts(one()), /inside another/);
    expect(await list(await inner(one()))).toEqual([2]);
  });

  test("it returns tensors", async () => {
    const cases: [unknown, string][] = [
      [5, "5"],
      [null, "null"],
      ["x", "x"],
      [true, "true"],
      [[1], "0: 1"],
      [{ a: undefined }, "a: undefined"],
      [[[tensor([1])]], "0: a Array"],
    ];
    for (const [value, shown] of cases) {
      const says = `compile: the function returned ${shown}; it must return a tensor, a list or record of tensors, or nothing`;
      await expect(untyped(() => value)()).rejects.toThrow(ArgumentError);
      await expect(untyped(() => value)()).rejects.toThrow(says);
    }
    const v = new Variable(tensor([4]));
    expect(await list(await compile(() => v)())).toEqual([4]);
    expect(await compile(() => {})()).toBeUndefined();
    expect(await compile(() => [])()).toEqual([]);
    const { a, b } = await compile((x: Tensor) => ({ a: x, b: x.mul(2) }))(one());
    expect([await list(a), await list(b)]).toEqual([[1], [2]]);
  });

  test("it is called with as many arguments as it takes", async () => {
    const add = untyped((p: Tensor, q: Tensor) => p.add(q));
    await refuses(() => add(one()), /^compile: the function takes 2 arguments and is called with 1; give one for each/);
    await refuses(() => add(), /takes 2 arguments and is called with 0/);
    await refuses(() => add(one(), one(), one()), /takes 2 arguments and is called with 3/);
    await refuses(() => add.prepare(one()), /takes 2 arguments and is called with 1/);
    await refuses(() => untyped(() => one())(one()), /takes 0 arguments and is called with 1/);
    const sum = compile((first: Tensor, ...more: Tensor[]) => more.reduce((a, b) => a.add(b), first));
    expect(await list(await sum(one(), 2, tensor([3])))).toEqual([6]);
    expect(await list(await sum(one()))).toEqual([1]);
    const twice = untyped((p: Tensor, q: Tensor = p) => p.add(q));
    expect(await list(await twice(one(), one()))).toEqual([2]);
  });

  test("the modes of modules are part of what it is", async () => {
    const net = nn.sequential(nn.batchNorm1d(64), nn.dropout(0.5));
    const forward = compile((x: Tensor) => net.forward(x));
    const x = tensor(Array.from({ length: 4 }, (_, i) => Array.from({ length: 64 }, (_, j) => i + j + 1)));
    const zeros = async () => (await list(await forward(x))).filter((y) => y === 0).length;
    const same = async () =>
      (await list(await forward(x))).every((y, i) => Math.abs(y - (((i / 64) | 0) + (i % 64) + 1)) < 0.01);
    net.eval();
    expect(await same()).toBe(true);
    net.train();
    expect(await same()).toBe(false);
    net.layers[0].eval();
    expect(await zeros()).toBeGreaterThan(60);
    net.eval();
    expect(await zeros()).toBe(0);
    // What the function sets itself is no condition.
    const predict = compile((y: Tensor) => net.during(false, () => net.forward(y)));
    const before = await list(await predict(x));
    net.train();
    expect(await list(await predict(x))).toEqual(before);
  });

  test("and so is what it reads after having set another mode for a while", async () => {
    const drop = nn.dropout(0.5);
    const x = tensor(new Float32Array(200).fill(1), [2, 100]);
    const both = compile((y: Tensor) => [drop.during(false, () => drop.forward(y)), drop.forward(y)]);
    const zeros = async () => (await list((await both(x))[1])).filter((y) => y === 0).length;
    expect(await zeros()).toBeGreaterThan(50);
    drop.eval();
    expect(await zeros()).toBe(0);
  });
});
