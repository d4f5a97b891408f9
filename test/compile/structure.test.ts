import { describe, expect, test } from "vitest";
import { permuteMap, sliceMap } from "../../packages/tidu/src/base/affine.js";
import { instructionsOf } from "../../packages/tidu/src/compile/kernel.js";
import { compileProgram, type Stages } from "../../packages/tidu/src/compile/program.js";
import { simplify } from "../../packages/tidu/src/compile/simplify.js";
import { PROCESSOR } from "../../packages/tidu/src/compile/target.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { gradient } from "../../packages/tidu/src/grad/reverse.js";
import { makeStorage, type Node, topologicalOrder } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { windows } from "../../packages/tidu/src/nn/windows.js";
import { productsDone } from "../../packages/tidu/src/plan/contraction.js";
import { Tensor } from "../../packages/tidu/src/tensor/tensor.js";

const el = ops.elementwise;
const input = (...shape: number[]) => ops.fromStorage(makeStorage(shape, "f32"));
const sum = (x: Node): Node =>
  ops.reduce(
    ops.sumOp,
    x,
    x.shape.map((_, i) => i),
  );

/** Compiles programs that store the given values, checked after every pass. */
const compiled = (...values: Node[]): Stages =>
  compileProgram(
    values.map((value) => ({ storage: makeStorage(value.shape, value.dtype), value })),
    PROCESSOR,
    verifier(),
  );
const kinds = ({ program }: Stages): string[] => program.kernels.map((k) => k.kind);
const nodesOf = (kind: string, roots: readonly Node[]): Node[] =>
  topologicalOrder(roots).filter((n) => n.kind === kind);

/** A convolution of [batch, channels, height, width] with [filters, channels, rows, columns]. */
function convolution(x: Node, w: Node, stride: number, padding: number): Node {
  const pair = (n: number) => [n, n];
  const options = { stride: pair(stride), padding: pair(padding), dilation: pair(1) };
  const seen = windows(new Tensor(x), w.shape.slice(2), options).node;
  const spec = { a: ["n", "c", "h", "w", "i", "j"], b: ["f", "c", "i", "j"], out: ["n", "f", "h", "w"] };
  return ops.contract(seen, w, spec);
}

describe("the simplifier", () => {
  test("makes equal values one", () => {
    const [x, y] = [input(3, 4), input(3, 4)];
    const twice = () => ops.apply(el.exp, ops.apply(el.mul, x, y));
    const [root] = simplify([ops.apply(el.add, twice(), twice())], PROCESSOR);
    expect(topologicalOrder([root])).toHaveLength(5);
  });

  test("computes what does not depend on any input", () => {
    const two = ops.full(2, [3]);
    const [root] = simplify([ops.apply(el.sqrt, ops.apply(el.mul, two, two))], PROCESSOR);
    expect(ops.isFull(root) && root.attrs.value).toBe(2);
    // What the device comes near to, it computes itself: the last bit is its own.
    const [near] = simplify([ops.apply(el.exp, two)], PROCESSOR);
    expect(ops.isFull(near)).toBe(false);
  });

  test("drops neutral operands, views that change nothing, and reshapes there and back", () => {
    const x = input(3, 4);
    const same = ops.view(ops.view(x, permuteMap([3, 4], [1, 0])), permuteMap([4, 3], [1, 0]));
    const there = ops.reshape(ops.reshape(same, [2, 6]), [3, 4]);
    expect(
      simplify([ops.apply(el.mul, ops.apply(el.add, there, ops.full(-0, [3, 4])), ops.full(1, [3, 4]))], PROCESSOR),
    ).toEqual([x]);
    // -0 + 0 is 0, but x - 0 is x.
    const [plus, minus] = [el.add, el.sub].map((op) => ops.apply(op, x, ops.full(0, [3, 4])));
    expect(simplify([plus, minus], PROCESSOR)).toEqual([plus, x]);
  });

  test("composes views unless the outer one would uncover what the inner one hides", () => {
    const x = input(10);
    const cut = ops.view(x, sliceMap([10], [4], [3]));
    const [inside] = simplify([ops.view(cut, sliceMap([4], [2], [1]))], PROCESSOR);
    expect(inside.inputs).toEqual([x]);
    const [outside] = simplify([ops.view(cut, sliceMap([4], [6], [-1]))], PROCESSOR);
    expect(outside.inputs[0].inputs).toEqual([x]);
  });
});

describe("a convolution", () => {
  const [x, w] = [input(4, 3, 8, 8), input(5, 3, 3, 3)];

  test("is one contraction over a padded copy of its input", () => {
    expect(kinds(compiled(convolution(x, w, 1, 1)))).toEqual(["map", "contract"]);
    expect(kinds(compiled(convolution(x, w, 1, 0)))).toEqual(["contract"]);
  });

  test.each([0, 1, 2])("of stride 1 and padding %d has an input gradient that is one contraction", (padding) => {
    const y = convolution(x, w, 1, padding);
    const stages = compiled(gradient(sum(ops.apply(el.mul, y, input(...y.shape))), [x])[0]);
    expect(nodesOf("unview", stages.settled)).toEqual([]);
    expect(kinds(stages).filter((k) => k === "contract")).toHaveLength(1);
    expect(kinds(stages).length).toBeLessThanOrEqual(2);
  });

  test.each([
    [2, 0],
    [2, 1],
    [3, 1],
  ])("of step %d and padding %d, too, phase by phase: nothing is added up in memory", (step, padding) => {
    const y = convolution(x, w, step, padding);
    const stages = compiled(gradient(sum(ops.apply(el.mul, y, input(...y.shape))), [x])[0]);
    expect(nodesOf("unview", stages.settled)).toEqual([]);
    expect(kinds(stages).filter((k) => k === "contract")).toHaveLength(1);
    expect(kinds(stages)).not.toContain("reduce");
  });

  test("of step 2 passes back no more products than it has", () => {
    const [images, filters] = [input(16, 8, 32, 32), input(8, 8, 5, 5)];
    const y = convolution(images, filters, 2, 2);
    const { program } = compiled(gradient(sum(ops.apply(el.mul, y, input(...y.shape))), [images])[0]);
    const own = 16 * 8 * 16 * 16 * 8 * 25;
    // Those with padding are left out. Winograd, which is the other way of the program where data are even, has fewer still.
    for (const zero of [true, false]) {
      const run = program.kernels.filter(({ when }) => when === undefined || when.zero === zero);
      const done = run.reduce((n, k) => n + (k.kind === "contract" ? productsDone(k) : 0), 0);
      expect(done).toBeLessThanOrEqual(1.15 * own);
    }
  });

  test("has a weight gradient that is one contraction", () => {
    const y = convolution(x, w, 1, 0);
    const stages = compiled(gradient(sum(ops.apply(el.mul, y, input(...y.shape))), [w])[0]);
    expect(kinds(stages).filter((k) => k === "contract")).toHaveLength(1);
    expect(kinds(stages).length).toBeLessThanOrEqual(2);
  });

  test("takes bias and activation into its kernel", () => {
    const biased = new Tensor(convolution(x, w, 1, 0)).add(new Tensor(input(5, 1, 1))).relu();
    expect(kinds(compiled(biased.node))).toEqual(["contract"]);
  });
});

describe("a matrix product", () => {
  test("reads transposed operands where they are", () => {
    const product = new Tensor(input(7, 20)).transpose().matmul(new Tensor(input(9, 7)).transpose());
    expect(kinds(compiled(product.node))).toEqual(["contract"]);
  });

  test("updates weight and momentum where their gradient is computed", () => {
    const [x, t] = [new Tensor(input(16, 20)), new Tensor(input(16, 6))];
    const [w, v] = [input(20, 6), input(20, 6)];
    const [slope] = gradient(x.matmul(new Tensor(w)).mul(t).sum().node, [w]);
    const momentum = new Tensor(v).mul(0.9).add(new Tensor(slope));
    const updates = [
      { storage: v.attrs, value: momentum.node },
      { storage: w.attrs, value: new Tensor(w).sub(momentum.mul(0.1)).node },
    ];
    const { program, steps } = compileProgram(updates, PROCESSOR, verifier());
    expect(program.kernels.map((k) => [k.kind, k.stores.length])).toEqual([["contract", 2]]);
    expect(steps.some((s) => s.copy)).toBe(false);
  });
});

describe("elementwise work", () => {
  test("of any length is one kernel while it is short, and never grows too long", () => {
    const chain = (length: number) => {
      const x = input(40);
      let y: Node = x;
      for (let i = 0; i < length; i++) y = ops.apply(el.add, ops.apply(el.sin, y), x);
      return compiled(y).program.kernels;
    };
    expect(chain(5)).toHaveLength(1);
    const long = chain(3000);
    expect(long.length).toBeGreaterThan(100);
    for (const k of long) expect(instructionsOf(k.stores.map((s) => s.value))).toBeLessThan(2 * PROCESSOR.longest);
  });

  test("on sums of sums of sums does not unroll them all", () => {
    let y: Node = input(12, 12, 12, 12, 5);
    for (let i = 0; i < 4; i++) y = ops.reduce(ops.sumOp, ops.apply(el.exp, y), [0]);
    for (const k of compiled(y).program.kernels) {
      expect(instructionsOf(k.stores.map((s) => s.value))).toBeLessThan(2 * PROCESSOR.longest);
    }
  });

  test("that adds up very much is one kernel, whose chains and groups keep it accurate", () => {
    for (const shape of [[100, 100], [300, 100, 10], [160_100]])
      expect(compiled(sum(input(...shape))).program.kernels).toHaveLength(1);
  });

  test("that several values need is stored once if it is dear and computed again if it is cheap", () => {
    const x = input(50, 3);
    const users = (y: Node) => [ops.apply(el.sqrt, y), ops.reduce(ops.maxOp, y, [0])];
    expect(kinds(compiled(...users(ops.apply(el.exp, x))))).toHaveLength(2);
    expect(kinds(compiled(...users(ops.apply(el.neg, x))))).toHaveLength(2);
    expect(
      compiled(...users(ops.apply(el.exp, x))).program.buffers.filter((b) => b.storage === undefined),
    ).toHaveLength(1);
    expect(
      compiled(...users(ops.apply(el.neg, x))).program.buffers.filter((b) => b.storage === undefined),
    ).toHaveLength(0);
  });
});

describe("updates", () => {
  const [a, b] = [makeStorage([6], "f32"), makeStorage([6], "f32")];
  const [x, y] = [ops.fromStorage(a), ops.fromStorage(b)];

  test("in place need no memory beside the storage", () => {
    const { program } = compileProgram([{ storage: a, value: ops.apply(el.add, x, y) }], PROCESSOR, verifier());
    expect(program.kernels).toHaveLength(1);
    expect(program.memory.arenaBytes).toBe(0);
  });

  test("that read other elements than they write go through a copy", () => {
    const turned = ops.apply(el.add, x, ops.view(x, sliceMap([6], [6], [5], [-1])));
    expect(compileProgram([{ storage: a, value: turned }], PROCESSOR, verifier()).steps.map((s) => s.copy)).toEqual([
      false,
      true,
    ]);
  });

  test("that swap two storages keep one of them aside", () => {
    const stages = compileProgram(
      [
        { storage: a, value: y },
        { storage: b, value: x },
      ],
      PROCESSOR,
      verifier(),
    );
    expect(stages.program.kernels).toHaveLength(3);
    expect(stages.program.memory.arenaBytes).toBe(64);
  });
});
