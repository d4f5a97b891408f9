// Loops: values, gradients and their gradients are those of the steps written one after the other, on every device.
import { afterAll, describe, expect, test, vi } from "vitest";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { type Node, topologicalOrder } from "../../packages/tidu/src/graph/node.js";
import {
  compile,
  grad,
  nn,
  recompute,
  scan,
  setDevice,
  Tensor,
  tensor,
  Variable,
  WasmDevice,
  zeros,
} from "../../packages/tidu/src/index.js";
import { withoutLoops } from "../../packages/tidu/src/loop/written.js";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { bodies, wave } from "./support/bodies.js";
import { byHand, type Run } from "./support/by-hand.js";
import { far, results } from "./support/results.js";

const devices = [1, 2].map((threads) => new WasmDevice({ threads, observe: verifier() }));
afterAll(async () => {
  setDevice(undefined);
  await Promise.all(devices.map((d) => d.close()));
});

const values = (list: readonly Tensor[]): Promise<number[][]> =>
  Promise.all(list.map(async (t) => Array.from(await t.data())));

describe.each(bodies)("$name", (it) => {
  test.each([false, true])("backwards: %s", async (reverse) => {
    for (const make of it.lengths) {
      setDevice(new ReferenceDevice());
      const want = await values(results(it.of(make), byHand, reverse));
      expect(await values(results(it.of(make), scan as Run, reverse))).toEqual(
        want.map((x) => x.map((y) => expect.closeTo(y, 5))),
      );
      for (const device of devices) {
        setDevice(device);
        const got = await values(results(it.of(make), scan as Run, reverse));
        const off = got.map((x, i) => far(x, want[i]));
        expect(Math.max(...off), `${it.name} ${make} ${off}`).toBeLessThan(it.tolerance ?? 2e-5);
      }
    }
  });
});

/** What the bodies become where there are no loops. */
test("the steps of a loop, written one after the other, are the same", async () => {
  setDevice(new ReferenceDevice());
  for (const it of bodies) {
    const list = results(it.of(3), scan as Run, true);
    const written = withoutLoops(list.map((t) => t.node));
    const without = list.map((t) => new Tensor(written.get(t.node) as Node));
    const order = topologicalOrder(without.map((t) => t.node));
    expect(order.filter(({ kind }) => kind === "loop" || kind === "part").length).toBe(0);
    const want = await values(list);
    (await values(without)).forEach((x, i) => void expect(far(x, want[i])).toBeLessThan(1e-6));
  }
});

test("numbers of rows that do not exist are found in loops, too", async () => {
  setDevice(devices[1]);
  const rows = tensor(Int32Array.of(0, 1, 7, 2));
  const embed = nn.embedding(5, 3);
  const step = compile((list: Tensor) => scan((s, r) => [s.add(embed.forward(r)), s], zeros([3]), list)[0]);
  const y = await step(rows);
  await expect(y.data()).rejects.toThrow("7 at [2]; it must be from 0 to 4");
});

describe.each([false, true])("gradients through a loop, backwards: %s", (reverse) => {
  const w = new Variable(wave([3, 3]));
  const x = wave([4, 2, 3], 3);
  const run = (): readonly [state: Tensor, outputs: Tensor] =>
    scan((s: Tensor, row: Tensor) => [s.matmul(w).add(row).tanh(), s], wave([2, 3], 2), x, { reverse });

  test.each([
    ["the last state", [0]],
    ["the outputs", [1]],
    ["both", [0, 1]],
  ])("are the same whether %s were read before or not", async (_, read) => {
    setDevice(devices[0]);
    for (const of of [0, 1]) {
      const [want] = await values(await compile(() => grad(run()[of].square().sum(), [w]))());
      const [, again] = await values(
        await compile(() => [w, grad(grad(run()[of].square().sum(), [w])[0].sum(), [w])[0]])(),
      );
      const results = run();
      for (const i of read) await results[i].data();
      const cost = results[of].square().sum();
      await cost.item();
      const slopes = grad(cost, [w, x]);
      expect((await slopes[1].abs().max().item()) > 0).toBe(true);
      expect(far((await values(slopes))[0], want)).toBeLessThan(1e-5);
      const [second] = await values(grad(slopes[0].sum(), [w]));
      expect(far(second, again)).toBeLessThan(1e-4);
    }
  });

  test("are refused by a variable that has been assigned since", async () => {
    setDevice(devices[0]);
    const v = new Variable(wave([3]));
    const [state] = scan((s: Tensor, row: Tensor) => [s.mul(v).add(row), s], wave([3]), wave([4, 3]), { reverse });
    await state.data();
    v.assign(v.add(1));
    expect(() => grad(state.sum(), [v])).toThrow(/computed from an earlier value of/);
  });
});

describe("what is no step", () => {
  const x = tensor([[1], [2]]);
  const bad: readonly [string, () => unknown, RegExp][] = [
    [
      "another shape of the state",
      () => scan((s, r) => [s.add(r).add(tensor([1, 2])), r], tensor([0]), x),
      /next state of body is .*\[2\].*\[1\]/,
    ],
    ["another form of the state", () => scan((s, r) => [[s] as never, r], tensor([0]), x), /in the form of first/],
    ["no pair", () => scan((s) => s as never, tensor([0]), x), /it must be \[next state, output\]/],
    ["a promise", () => scan((async () => []) as never, tensor([0]), x), /async/],
    ["no length", () => scan((s) => [s, s], tensor([0]), []), /options has no length/],
    ["lengths that differ", () => scan((s) => [s, s], tensor([0]), [x, tensor([1, 2, 3])]), /must have 2 steps/],
    [
      "random numbers",
      () => scan((s, r) => [nn.dropout(0.5).forward(s).add(r), r], tensor([0]), x),
      /draws random numbers/,
    ],
    ["a number", () => scan((s) => [s, s], 3 as never, x), /first is 3/],
  ];
  test.each(bad)("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });

  test("values of the body that are used outside of it", async () => {
    let leaked = tensor(0);
    scan(
      (s, r) => {
        leaked = s.mul(2);
        return [s.add(r), r];
      },
      tensor([0]),
      x,
    );
    await expect(leaked.data()).rejects.toThrow("return it from the body");
    const v = new Variable(tensor([0]));
    const step = compile(() => {
      const [last] = scan(
        (s, r) => {
          v.assign(s);
          return [s.add(r), r];
        },
        tensor([0]),
        x,
      );
      return last;
    });
    await expect(step()).rejects.toThrow("scan: body assigns the variable [1]");
  });
});

test("states and outputs have the form in which they are given", async () => {
  setDevice(devices[0]);
  const [last, { sum, both }] = scan(
    ({ a, b }, [x, y]) => [
      { a: a.add(x), b },
      { sum: a.add(y), both: b },
    ],
    { a: tensor([1]), b: tensor([2, 3]) },
    [tensor([[1], [2]]), tensor([5, 6])],
  );
  expect([await last.a.array(), await last.b.array()]).toEqual([[4], [2, 3]]);
  expect([await sum.array(), await both.array()]).toEqual([
    [[6], [8]],
    [
      [2, 3],
      [2, 3],
    ],
  ]);
});

test("a loop that is computed again for its gradient", async () => {
  const { body, first, xs, weights } = bodies[0].of(5);
  setDevice(devices[0]);
  const cost = (again: boolean) => {
    const run = () => scan((s, x) => body(s, x, weights), first, xs)[1][0];
    return grad((again ? recompute(run) : run()).square().sum(), [...xs, ...weights]);
  };
  const want = await values(cost(false));
  expect(Math.max(...(await values(cost(true))).map((x, i) => far(x, want[i])))).toBeLessThan(1e-5);
});

describe("gradients that nobody asks for are not computed", () => {
  const weights = [wave([3, 3]), wave([3, 3], 2)];
  const xs = [wave([4, 2, 3], 3), wave([4, 2, 3], 5)];
  /** Two chains beside each other in one loop. */
  const cost = (): Tensor => {
    const [, [u, v]] = scan(
      ([s, t], [x, y]) => [
        [s.matmul(weights[0]).add(x).tanh(), t.matmul(weights[1]).mul(y.exp()).tanh()],
        [s, t.exp()],
      ],
      [wave([2, 3]), wave([2, 3], 2)],
      xs,
    );
    return u.square().sum().add(v.square().sum());
  };
  const all = [...weights, ...xs];

  test.each([
    ["one chain's weights", [0], { states: 1, sequences: 2, parts: 2 }],
    ["the other's", [1], { states: 1, sequences: 4, parts: 4 }],
    ["one sequence", [2], { states: 1, sequences: 2, parts: 2 }],
    ["both weights", [0, 1], { states: 2, sequences: 6, parts: 6 }],
    ["all", [0, 1, 2, 3], { states: 2, sequences: 7, parts: 8 }],
  ] as const)("by %s", async (_, chosen, expected) => {
    const found = grad(
      cost(),
      chosen.map((i) => all[i]),
    );
    const order = topologicalOrder(found.map((t) => t.node));
    const { states, sequences } = order.filter((node) => node.kind === "loop")[1].attrs;
    expect({ states, sequences, parts: order.filter(({ kind }) => kind === "part").length }).toEqual(expected);
    setDevice(devices[0]);
    const want = await values(grad(cost(), all));
    (await values(found)).forEach((x, i) => void expect(far(x, want[chosen[i]])).toBeLessThan(1e-5));
  });
});

test("the gradient by what only the outputs use, of a cost of the state alone, is 0", async () => {
  setDevice(devices[0]);
  const weight = new Variable(tensor([[0.5]]));
  const cost = () => {
    const step = (h: Tensor, x: Tensor) => {
      const next = h.mul(0.7).add(x);
      return [next, next.matmul(weight)] as const;
    };
    return scan(step, tensor([[1]]), tensor([[[1]], [[2]]]))[0].sum();
  };
  expect(await grad(cost(), [weight])[0].array()).toEqual([[0]]);
  expect(await (await compile(() => grad(cost(), [weight])[0])()).array()).toEqual([[0]]);
  // Of an earlier value it is an error still.
  const old = cost().add(weight.sum());
  weight.assign(weight.mul(2));
  expect(() => grad(old, [weight])).toThrow(/earlier value of the variable/);
});

test("a body that assigns is refused, and leaves variables as they were", async () => {
  setDevice(devices[0]);
  const v = new Variable(tensor(1), "count");
  const assigning = () =>
    scan(
      (h, x: Tensor) => {
        v.assign(x);
        return [h.add(x), h];
      },
      tensor(0),
      tensor([1, 2, 3]),
    );
  expect(assigning).toThrow(/^scan: body assigns the variable "count" \[\], as batch normalization does/);
  const norm = nn.batchNorm1d(2);
  const normal = (x: Tensor) =>
    scan(
      (h, x: Tensor) => {
        const y = norm.forward(h.add(x));
        return [y, y];
      },
      wave([2, 2]),
      x,
    )[1];
  expect(() => normal(wave([3, 2, 2]))).toThrow(/scan: body assigns/);
  norm.eval();
  expect((await normal(wave([3, 2, 2])).array()) as unknown[]).toHaveLength(3);
  v.assign(v.add(1));
  expect(await v.item()).toBe(2);
});

test("a value that cannot be computed, assigned to a variable, fails where that variable is read and nowhere else", async () => {
  setDevice(devices[0]);
  const leaks: Tensor[] = [];
  await compile((x: Tensor) => {
    leaks.push(x.mul(2));
    return x;
  })(tensor([1]));
  const [last] = scan(
    (h, x: Tensor) => {
      leaks.push(h);
      return [h.add(x), h];
    },
    tensor([0]),
    tensor([[1], [2]]),
  );
  for (const leak of leaks) {
    const v = new Variable(tensor([1]));
    v.assign(leak);
    const w = new Variable(tensor([1]));
    const step = compile(() => {
      w.assign(w.add(1));
      return w.mul(1);
    });
    expect(await (await step()).array()).toEqual([2]);
    expect(await last.array()).toEqual([3]);
    expect(await w.add(1).array()).toEqual([3]);
    // It is not tried again at each read.
    const prepare = vi.spyOn(devices[0], "prepare");
    expect(await last.array()).toEqual([3]);
    expect(prepare).not.toHaveBeenCalled();
    prepare.mockRestore();
    await expect(v.array()).rejects.toThrow(/outside of it; return it from the (function|body)/);
  }
});
