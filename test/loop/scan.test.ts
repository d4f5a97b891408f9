// Loops: values, gradients and their gradients are those of the steps written one after the other, on every device.
import { afterAll, describe, expect, test } from "vitest";
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
import type { Steps } from "../../packages/tidu/src/loop/steps.js";
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
    expect(order.filter(({ op }) => op.kind === "loop" || op.kind === "part").length).toBe(0);
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

test("a trained network with a loop has the same gradient whether values are kept before or not", async () => {
  setDevice(devices[0]);
  const w = new Variable(wave([3, 3]));
  const run = () => scan((s, x) => [s.matmul(w).add(x).tanh(), s], wave([2, 3], 2), wave([4, 2, 3], 3))[1];
  const eager = run();
  await eager.data();
  const [slope] = grad(eager.square().sum(), [w]);
  const compiled = compile(() => grad(run().square().sum(), [w]));
  const [want] = await compiled();
  expect(far(Array.from(await slope.data()), Array.from(await want.data()))).toBeLessThan(1e-5);
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
    ["lengths that differ", () => scan((s) => [s, s], tensor([0]), [x, tensor([1, 2, 3])]), /must be the 2 steps/],
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
    await expect(step()).rejects.toThrow("return it from the body");
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
    const { states, sequences } = order.filter(({ op }) => op.kind === "loop")[1].attrs as Steps;
    expect({ states, sequences, parts: order.filter(({ op }) => op.kind === "part").length }).toEqual(expected);
    setDevice(devices[0]);
    const want = await values(grad(cost(), all));
    (await values(found)).forEach((x, i) => void expect(far(x, want[chosen[i]])).toBeLessThan(1e-5));
  });
});
