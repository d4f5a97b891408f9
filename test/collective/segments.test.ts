import { afterEach, expect, it } from "vitest";
import { cutSegments } from "../../packages/tidu/src/compile/segments.js";
import { makeStorage, topologicalOrder } from "../../packages/tidu/src/graph/node.js";
import { allReduce, apply, elementwise, fromStorage, isCollective } from "../../packages/tidu/src/graph/ops/index.js";
import { compile, grad, setDevice, Tensor, tensor, Variable } from "../../packages/tidu/src/index.js";
import { Shards } from "../../packages/tidu/src/runtime/collective/shards.js";
import {
  areSiblings,
  type Block,
  blocksOf,
  fold,
  shardsOf,
  within,
} from "../../packages/tidu/src/runtime/collective/tree.js";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";

afterEach(() => setDevice(undefined));

/** What a function of a tensor and a variable comes to, and the variable after it, where it sums over a group of one. */
async function results(sum: (x: Tensor) => Tensor, group: Shards) {
  const w = new Variable(tensor([1, 2, 3]), "w");
  const step = compile((x: Tensor) => {
    const first = sum(x.mul(w).exp());
    const second = sum(first.mul(x).sin().add(x.exp()));
    const cost = second.mul(first).sum();
    const [slope] = grad(cost, [w]);
    w.assign(w.sub(sum(slope).mul(0.1)));
    return { cost, both: first.add(x), slope };
  });
  const found: number[][] = [];
  for (let turn = 0; turn < 3; turn++) {
    group.begin(1);
    const made = await step(tensor([0.1, 0.2, 0.3 + turn]));
    for (const t of Object.values(made)) found.push([...(await t.data())]);
    found.push([...(await w.data())]);
  }
  return found;
}

it.each(["reference", "wasm"])("a program that is cut gives what the whole one gives (%s)", async (name) => {
  if (name === "reference") setDevice(new ReferenceDevice());
  const group = new Shards(1);
  const whole = await results((x) => x, group);
  const cut = await results((x) => new Tensor(allReduce(x.node, group)), group);
  cut.forEach((values, i) => void values.forEach((v, k) => void expect(v).toBeCloseTo(whole[i][k], 4)));
});

it("segments hold no collective, keep what is needed again, and change variables last", () => {
  const group = new Shards(1);
  const [given, w] = [makeStorage([4], "f32", "given"), makeStorage([4], "f32", "w")];
  const [x, v] = [fromStorage(given), fromStorage(w)];
  const product = apply(elementwise.mul, x, v);
  const sum = allReduce(apply(elementwise.exp, product), group);
  const next = apply(elementwise.add, apply(elementwise.mul, sum, product), apply(elementwise.neg, v));
  const { segments, crossing, differing } = cutSegments([{ storage: w, value: next }], [given]);
  expect(segments.map((s) => s.sums.length)).toEqual([1, 0]);
  expect(segments.map((s) => s.updates.map((u) => u.storage))).toEqual([[segments[0].sums[0], crossing[0]], [w]]);
  expect(differing).toEqual([w]);
  const nodes = topologicalOrder(segments.flatMap((s) => s.updates.map((u) => u.value)));
  expect(nodes.some(isCollective)).toBe(false);
});

it("sums of shards have one order, whichever process adds which", () => {
  interface Text extends Block {
    readonly text: string;
  }
  const add = (a: Text, b: Text): Text => ({ from: a.from, to: b.to, text: `(${a.text}+${b.text})` });
  const leaf = (n: number): Text => ({ from: n, to: n + 1, text: String(n) });
  for (const shards of [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 31])
    for (let count = 1; count <= shards; count++) {
      const alone: Text[] = [];
      for (let n = 0; n < count; n++) fold(alone, leaf(n), count, add);
      expect(alone).toHaveLength(1);
      for (let processes = 1; processes <= shards; processes++) {
        const all: Text[] = [];
        for (let rank = 0; rank < processes; rank++) {
          const { from, to } = within(shardsOf(rank, processes, shards), count);
          const own: Text[] = [];
          for (let n = from; n < to; n++) fold(own, leaf(n), count, add);
          expect(own.map(({ from, to }) => ({ from, to }))).toEqual(blocksOf({ from, to }, count));
          for (const block of own) fold(all, block, count, add);
        }
        expect(all).toEqual(alone);
      }
    }
  expect(areSiblings({ from: 0, to: 4 }, { from: 4, to: 6 }, 6)).toBe(true);
  expect(areSiblings({ from: 2, to: 4 }, { from: 4, to: 6 }, 8)).toBe(false);
});

it("processes of equal powers of two of the shards send one block each", () => {
  for (const processes of [1, 2, 4, 8])
    for (let rank = 0; rank < processes; rank++) expect(blocksOf(shardsOf(rank, processes, 8), 8)).toHaveLength(1);
});
