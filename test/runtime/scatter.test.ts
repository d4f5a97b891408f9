import { afterAll, beforeAll, expect, test } from "vitest";
import { selection } from "../../packages/tidu/src/compile/selection.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { makeStorage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { compile, grad, loss, nn, setDevice, tensor, Variable } from "../../packages/tidu/src/index.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { checkClose, checkSame, expected, runOn } from "../support/compare.js";

const one = new WasmDevice({ threads: 1, observe: verifier() });
const two = new WasmDevice({ threads: 2, observe: verifier() });
beforeAll(() => two.ready());
afterAll(() => two.close());

/** Numbers whose sum depends on the order in which they are added. */
const uneven = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * 12.9898) * 10 ** (i % 7));

const cases: readonly [text: string, shape: number[], list: number[], axis: number, size: number][] = [
  ["rows of a table, few of them, many times", [64, 128, 64], [64, 128], 0, 50],
  ["wide rows that do not end with a cache line", [300, 101], [300], 0, 7],
  ["rows that are not a whole number of vectors", [500, 7], [500], 0, 11],
  ["single numbers", [3000], [3000], 0, 13],
  ["columns", [40, 300], [300], 1, 9],
  ["the middle axis", [5, 200, 33], [200], 1, 6],
];

test.each(cases)(
  "%s: the definition's sums, the same bits on one thread and on two",
  async (_, shape, list, axis, size) => {
    const count = shape.reduce((n, d) => n * d, 1);
    const [x, rows, y] = [makeStorage(shape, "f32"), makeStorage(list, "i32"), makeStorage([0], "f32")];
    const value = ops.scatter(ops.fromStorage(x), ops.fromStorage(rows), { axis, size });
    const updates = [{ storage: { ...y, shape: value.shape }, value }];
    const places = Int32Array.from(
      { length: list.reduce((n, d) => n * d, 1) },
      (_, i) => ((i * 7919) % (size + 2)) - 1,
    );
    const program = {
      updates,
      contents: new Map<typeof x, Float32Array | Int32Array>([
        [x, uneven(count)],
        [rows, places],
      ]),
    };
    const results = [await runOn(one, program), await runOn(two, program)];
    checkClose(results[0], expected(program), [updates[0].storage]);
    checkSame(results[1], results[0]);
  },
);

test("rows that are put back among zeros are divided there, too: 0 / 0 is not a number", async () => {
  const [x, rows, inverse] = [makeStorage([2], "f32"), makeStorage([2], "i32"), makeStorage([3], "i32")];
  const [source, list, back] = [x, rows, inverse].map((storage) => ops.fromStorage(storage));
  const placed = selection(source, back, list, 0, false);
  const value = ops.apply(ops.elementwise.div, placed, placed);
  const storage = makeStorage(value.shape, "f32");
  const contents = new Map<typeof x, Float32Array | Int32Array>([
    [x, Float32Array.of(4, 5)],
    [rows, Int32Array.of(0, 2)],
    [inverse, Int32Array.of(0, -1, 1)],
  ]);
  const [got] = await runOn(one, { updates: [{ storage, value }], contents });
  expect([...got]).toEqual([1, Number.NaN, 1]);
});

test("the gradient of a large embedding needs no memory beside itself, nor does one row of a table of data", () => {
  setDevice(one);
  const net = nn.embedding(30_000, 64);
  const ids = tensor(new Int32Array(64 * 128)).reshape([64, 128]);
  const slope = compile((rows) => grad(net.forward(rows).square().sum(), [net.weight])[0]);
  expect(slope.prepare(ids).arenaBytes).toBeLessThan(2 ** 20);

  const picked = new Variable(tensor(new Float32Array(30_000)));
  const slopeOfPicked = compile((rows) => grad(picked.gather(rows).square().sum(), [picked])[0]);
  expect(slopeOfPicked.prepare(ids).arenaBytes).toBeLessThan(2 ** 20);
});

test("cross-entropy over many classes stores no one-hot targets: scores and their slopes are all", () => {
  setDevice(one);
  const [n, classes] = [256, 30_000];
  const weight = new Variable(tensor(new Float32Array(16 * classes)).reshape([16, classes]));
  const slope = compile((x, labels) => grad(loss.crossEntropy(x.matmul(weight), labels), [weight])[0]);
  const needs = slope.prepare(tensor(new Float32Array(n * 16)).reshape([n, 16]), tensor(new Int32Array(n)));
  expect(needs.arenaBytes).toBeLessThan(2.1 * 4 * n * classes);
});
