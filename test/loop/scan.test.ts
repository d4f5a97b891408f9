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
import { withoutLoops } from "../../packages/tidu/src/loop/written.js";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { bodies, type Case, wave } from "./support/bodies.js";
import { byHand, type Run } from "./support/by-hand.js";

const devices = [1, 2].map((threads) => new WasmDevice({ threads, observe: verifier() }));
afterAll(async () => {
  setDevice(undefined);
  await Promise.all(devices.map((d) => d.close()));
});

/** All that a loop gives, and what may be made of it. */
function results({ body, first, xs, weights, length }: Case, run: Run, reverse: boolean): readonly Tensor[] {
  const [last, outputs] = run((s, x) => body(s, x, weights), first, xs, { reverse, length });
  const all = [...last, ...outputs];
  const floats = all.filter((t) => t.dtype === "f32");
  const inputs = [...first, ...xs, ...weights].filter((t) => t.dtype === "f32");
  const cost = floats.reduce((sum, t, i) => sum.add(t.mul(wave(t.shape, i + 3)).sum()), tensor(0));
  const slopes = grad(cost, inputs);
  const again = slopes.reduce((sum, t, i) => sum.add(t.mul(wave(t.shape, i + 5)).sum()), tensor(0));
  return [...all, ...slopes, ...grad(again, inputs)];
}

const values = (list: readonly Tensor[]): Promise<number[][]> =>
  Promise.all(list.map(async (t) => Array.from(await t.data())));

const far = (a: readonly number[], b: readonly number[]): number => {
  const size = Math.max(1e-3, ...b.map(Math.abs));
  return Math.max(0, ...a.map((x, i) => Math.abs(x - b[i]) / size));
};

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
