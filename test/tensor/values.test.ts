import { ArgumentError, compile, full, grad, loss, nn, ones, optim, type Tensor, tensor, Variable, zeros } from "tidu";
import { describe, expect, test } from "vitest";
import { onEveryDevice } from "../nn/support/devices.js";

const variable = (...values: number[]) => new Variable(tensor(values));
const list = (t: Tensor) => t.data().then((data) => [...data]);
const near = (values: readonly number[]) => values.map((x) => expect.closeTo(x, 4));

onEveryDevice(() => {
  describe("gradients by a variable", () => {
    test("are found when the cost has been read, and when it has not", async () => {
      for (const read of [true, false]) {
        const w = variable(3);
        const c = w.square().sum();
        if (read) expect(await c.item()).toBe(9);
        expect(await list(grad(c, [w])[0])).toEqual([6]);
        expect(await list(w)).toEqual([3]);
        expect(await list(grad(c, [w])[0])).toEqual([6]);
      }
    });

    test("are found for equal numbers everywhere, too, which stretch to another shape", async () => {
      const row = tensor([1, 2, -4]);
      const nothing = grad(row.sum(), [tensor(1)])[0];
      for (const x of [zeros([]), ones([1]), full([1, 1], 0.5), zeros([2, 1]), nothing]) {
        const y = row.mul(x).sum();
        expect(await list(grad(y, [x])[0])).toEqual(new Array(x.size).fill(-1));
        const flat = x.broadcastTo([2, 3]).mul(row).sum();
        expect(await list(grad(flat, [x])[0])).toEqual(new Array(x.size).fill(x.size === 2 ? -1 : -2));
        const power = tensor([2, 2]).unsqueeze(1).pow(x).sum();
        const slope = (await list(x)).reduce((sum, p) => sum + (2 / x.size) * 2 ** p * Math.LN2, 0);
        expect(await list(grad(power, [x])[0])).toEqual(near(new Array(x.size).fill(slope / x.size)));
      }
    });

    test("are found for values in between, whatever made them", async () => {
      const x = tensor(Float32Array.from({ length: 9 }, (_, i) => Math.sin(i + 1))).reshape([3, 3]);
      const made: ((x: Tensor) => Tensor)[] = [
        (t) => t.transpose(),
        (t) => t.permute([1, 0]).permute([1, 0]).transpose(),
        (t) => t.reshape([9]).reshape([3, 3]),
        (t) => t.flip([0]),
        (t) =>
          t.slice(1, 0, 2).pad([
            [0, 0],
            [0, 1],
          ]),
        (t) => t.slice(0, 1, 2).broadcastTo([3, 3]),
        (t) => t.square(),
      ];
      const layer = nn.linear(3, 2);
      const used: ((p: Tensor) => Tensor)[] = [
        (p) => p.matmul(x),
        (p) => x.matmul(p),
        (p) => p.matmul(p.transpose()),
        (p) => p.matmul(p),
        (p) => layer.forward(p),
        (p) => p.unsqueeze(0).matmul(x.unsqueeze(0)),
        (p) => p.sum(1).mul(p),
      ];
      for (const [i, make] of made.entries())
        for (const [k, use] of used.entries()) {
          const p = make(x);
          const leaf = tensor((await p.array()) as number[][]);
          const [got, want] = [p, leaf].map((t) => grad(use(t).square().sum(), [t])[0]);
          expect([i, k, ...(await list(got))]).toEqual([i, k, ...near(await list(want))]);
        }
    });

    test("are those of the README's first example", async () => {
      const x = new Variable(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      );
      const y = x.matmul(x.transpose()).relu().sum();
      expect(await y.item()).toBe(52);
      expect(await grad(y, [x])[0].array()).toEqual([
        [8, 12],
        [8, 12],
      ]);
    });

    test("flow through a loop whose values are read on the way", async () => {
      const x = variable(3);
      let y = x.mul(1);
      while ((await y.item()) < 100) y = y.mul(x);
      expect(await y.item()).toBe(243);
      expect(await list(grad(y, [x])[0])).toEqual([405]);
    });

    test("have gradients when they have been read", async () => {
      for (const read of [true, false]) {
        const v = variable(2);
        const [g] = grad(v.mul(v).mul(v).sum(), [v]);
        if (read) expect(await list(g)).toEqual([12]);
        const [second] = grad(g.sum(), [v]);
        expect(await list(second)).toEqual([12]);
        expect(await list(grad(second.sum(), [v])[0])).toEqual([6]);
      }
    });

    test("are those of the value that it has been assigned, and do not flow through the assignment", async () => {
      const [v, x] = [variable(3), variable(2)];
      v.assign(v.add(x));
      const c = v.square().mul(x).sum();
      const [dv, dx] = grad(c, [v, x]);
      expect(await list(dv)).toEqual([20]);
      expect(await list(dx)).toEqual([25]);
      const step = compile(() => {
        v.assign(v.add(x));
        return grad(v.square().mul(x).sum(), [v, x]);
      });
      const [cv, cx] = await step();
      expect([await list(cv), await list(cx)]).toEqual([[28], [49]]);
    });

    test("are an error where the variable has been assigned since", async () => {
      const v = new Variable(tensor([3]), "w");
      const y = v.square().sum();
      v.assign(v.add(1));
      expect(() => grad(y, [v])).toThrow(ArgumentError);
      expect(() => grad(y, [v])).toThrow(
        /^grad: the cost was computed from an earlier value of the variable "w" \[1\]/,
      );
      expect(await y.item()).toBe(9);
      expect(() => grad(y, [v])).toThrow(/earlier value/);
      await compile(() => v.assign(v.mul(2)))();
      expect(() => grad(y, [v])).toThrow(/earlier value/);
      const inside = compile(() => {
        const c = v.square().sum();
        v.assign(v.add(1));
        return grad(c, [v]);
      });
      await expect(inside()).rejects.toThrow(/earlier value/);
      const z = v.square().sum();
      await expect(compile(() => grad(z, [v]))()).rejects.toThrow(/outside the compiled function; compute it inside/);
      expect(await list(grad(z, [v])[0])).toEqual([16]);
    });

    test("are zeros where the cost never depended on it", async () => {
      const [v, w] = [variable(1, 2), variable(5)];
      expect(await list(grad(w.sum(), [v])[0])).toEqual([0, 0]);
    });

    test("by what a method left as it was are those by the value itself, by any other result of it zeros", async () => {
      const v = variable(1, 2);
      const cost = v.square().sum();
      expect(await list(grad(cost, [v.reshape([2])])[0])).toEqual([2, 4]);
      expect(await list(grad(cost, [v.mul(1)])[0])).toEqual([0, 0]);
    });
  });

  describe("a loop by hand", () => {
    const wanted = Array.from({ length: 8 }, (_, i) => 9 * 0.64 ** i);

    test("descends as the compiled one does, whenever costs are read", async () => {
      for (const when of ["before", "after", "at the end"]) {
        const w = variable(3);
        const sgd = optim.sgd({ lr: 0.1 });
        const costs: Tensor[] = [];
        for (let i = 0; i < 8; i++) {
          const c = w.square().sum();
          if (when === "before") await c.item();
          sgd.minimize(c, [w]);
          if (when === "after") await c.item();
          costs.push(c);
        }
        expect(await Promise.all(costs.map((c) => c.item()))).toEqual(near(wanted));
        expect(await list(w)).toEqual(near([3 * 0.8 ** 8]));
      }
    });

    test("descends as the compiled one does with momentum, Adam and a network", async () => {
      const makers = [() => optim.sgd({ lr: 0.1, momentum: 0.9 }), () => optim.adam({ lr: 0.1 })];
      for (const make of makers) {
        const [x, t] = [
          tensor([
            [1, 2],
            [3, -1],
            [0, 1],
          ]),
          tensor([[1], [2], [0]]),
        ];
        const run = async (compiled: boolean) => {
          const net = nn.sequential(nn.linear(2, 4), nn.tanh(), nn.batchNorm1d(4), nn.linear(4, 1)).initialize(3);
          const optimizer = make();
          const body = (a: Tensor, b: Tensor) => optimizer.minimize(loss.mse(net.forward(a), b), net.parameters());
          const step = compiled ? compile(body) : body;
          const losses: number[] = [];
          for (let i = 0; i < 10; i++) losses.push(await (await step(x, t)).item());
          const state = [];
          for (const [, v] of net.state()) state.push(...(await v.data()));
          return [...losses, ...state];
        };
        const [eager, compiled] = [await run(false), await run(true)];
        expect(eager[9]).toBeLessThan(eager[0]);
        expect(eager).toEqual(near(compiled));
      }
    });
  });

  describe("an assigned value", () => {
    test("is what the variable reads as from then on, whatever is read when", async () => {
      const v = variable(3);
      v.assign(v.add(2));
      const h = v.mul(1);
      const y = h.square();
      await v.data();
      expect([await list(h), await list(y)]).toEqual([[5], [25]]);
    });

    test("is assigned once, however often values made from it are read", async () => {
      const w = variable(1);
      await w.data();
      w.assign(w.add(10));
      const [p, q] = [w.mul(2), w.mul(3)];
      expect([await list(p), await list(q), await list(w)]).toEqual([[22], [33], [11]]);
    });

    test("may be another variable's, which then goes its own way", async () => {
      const [a, b] = [variable(1), variable(2)];
      a.assign(b);
      b.assign(b.mul(10));
      await compile(() => b.assign(b.add(1)))();
      expect([await list(a), await list(b)]).toEqual([[2], [21]]);
      a.assign(a);
      await compile(() => a.assign(a.add(1)))();
      expect(await list(a)).toEqual([3]);
    });

    test("may wait as long as it likes", async () => {
      const v = variable(1);
      for (let i = 0; i < 300; i++) v.assign(v.add(1));
      expect(await list(v)).toEqual([301]);
    });

    test("that cannot be computed is an error for those who read it only", async () => {
      const [v, w] = [variable(1), variable(2)];
      let escaped: Tensor = tensor([0]);
      await compile((x) => {
        escaped = x.mul(2);
        return x;
      })(tensor([1]));
      v.assign(escaped);
      w.assign(w.add(1));
      expect(await list(w)).toEqual([3]);
      expect(await list(tensor([1]).add(1))).toEqual([2]);
      await expect(v.data()).rejects.toThrow(ArgumentError);
      v.assign(tensor([7]));
      expect(await list(v)).toEqual([7]);
    });
  });

  describe("what was made from a variable", () => {
    test("keeps its value through a compiled step, read before or not", async () => {
      for (const read of [true, false]) {
        const v = variable(1, 2);
        const old = v.mul(2);
        const lost = v.add(0);
        if (read) await v.data();
        const step = compile(() => v.assign(v.add(1)));
        await step();
        const second = v.mul(2);
        await step();
        expect([await list(old), await list(second), await list(v)]).toEqual([
          [2, 4],
          [4, 6],
          [3, 4],
        ]);
        expect(await list(lost)).toEqual([1, 2]);
        expect(await list(grad(old.sum(), [lost])[0])).toEqual([0, 0]);
      }
    });

    test("is a network's output before the step, though it is read after it", async () => {
      const net = nn.linear(2, 1, { init: nn_ones, biasInit: nn_ones });
      const x = tensor([[1, 2]]);
      const before = net.forward(x);
      const sgd = optim.sgd({ lr: 0.1 });
      await compile((a: Tensor) => sgd.minimize(net.forward(a).sum(), net.parameters()))(x);
      expect(await list(before)).toEqual([4]);
      expect(await list(net.forward(x))).toEqual(near([3.4]));
      expect(await list(await net.predict(x))).toEqual(near([3.4]));
    });

    test("is fixed where a compiled function uses it, which reads variables anew", async () => {
      const v = variable(1);
      const outside = v.mul(10);
      const both = compile(() => [outside.add(0), v.add(0)]);
      const set = compile((x) => v.assign(x));
      for (const x of [2, 3]) {
        await set(tensor([x]));
        const [fixed, now] = await both();
        expect([await list(fixed), await list(now)]).toEqual([[10], [x]]);
      }
      v.assign(v.add(1));
      const [fixed, now] = await both();
      expect([await list(fixed), await list(now)]).toEqual([[10], [4]]);
    });

    test("keeps its value where evaluation follows training, batch normalization included", async () => {
      const net = nn.sequential(nn.batchNorm1d(2), nn.linear(2, 1)).initialize(1);
      const x = tensor([
        [1, 2],
        [3, 7],
      ]);
      net.forward(x);
      net.eval();
      const [first, second] = [net.forward(x), net.forward(x)];
      expect(await list(first)).toEqual(await list(second));
      expect(await list(net.state().get("0.running_mean") as Variable)).toEqual(near([0.2, 0.45]));
    });
  });

  describe("calls take effect in their order", () => {
    test("awaited or not, cold", async () => {
      const v = variable(1);
      const f = compile((x) => v.assign(v.mul(2).add(x)));
      const all = [1, 2, 3, 4].map((x) => f(tensor([x])));
      await Promise.all(all);
      expect(await list(v)).toEqual([42]);
    });

    test("with arguments of every kind, warm", async () => {
      const v = new Variable(tensor(0));
      const f = compile((a) => v.assign(v.mul(10).add(a)));
      await f(0);
      const all = [f(tensor(1).mul(1)), f(tensor(2)), f(3)];
      await Promise.all(all);
      expect(await v.item()).toBe(123);
    });

    test("steps of an optimizer too", async () => {
      const w = variable(0);
      const sgd = optim.sgd({ lr: 0.5 });
      const step = compile((t) => sgd.minimize(w.sub(t).square().sum(), [w]));
      const costs = [1, 2, 3, 4].map((t) => step(tensor([t])));
      expect(await Promise.all(costs.map(async (c) => (await c).item()))).toEqual([1, 1, 1, 1]);
      expect(await list(w)).toEqual([4]);
    });

    test("and reading is one of them", async () => {
      const v = variable(1);
      const before = v.data();
      v.assign(tensor([100]));
      const between = v.data();
      const step = compile(() => v.assign(v.add(1)))();
      const after = v.data();
      expect([...(await before), ...(await between), ...(await after)]).toEqual([1, 100, 101]);
      await step;
    });
  });
});

const nn_ones = (shape: readonly number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1), shape);
