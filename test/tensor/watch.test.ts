import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DataError } from "../../packages/tidu/src/base/errors.js";
import {
  compile,
  grad,
  loss,
  metrics,
  nn,
  optim,
  setDevice,
  type Tensor,
  tensor,
  Variable,
} from "../../packages/tidu/src/index.js";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import type { Realizer } from "../../packages/tidu/src/tensor/realizer.js";

const two = new WasmDevice({ threads: 2 });
beforeAll(() => two.ready());
afterAll(async () => {
  setDevice(undefined);
  await two.close();
});

const whole = (...numbers: number[]) => tensor(Int32Array.from(numbers));
/** Numbers that the host does not know. */
const computed = (...numbers: number[]) => tensor(numbers).add(0).toInt();

describe.each<[string, Realizer]>([
  ["the reference", new ReferenceDevice()],
  ["one thread", new WasmDevice({ threads: 1 })],
  ["two threads", two],
])("rows and classes that do not exist, on %s", (_, device) => {
  beforeEach(() => setDevice(device));

  test("are errors at once where the host knows them", () => {
    const table = tensor([[1], [2], [3]]);
    expect(() => table.gather(whole(0, -1))).toThrow("gather: row -1 at [1]; it must be from 0 to 2");
    expect(() => table.gather(whole(1_000_000))).toThrow(DataError);
    expect(() => nn.embedding(3, 2).forward(whole(0, 1, 2, 3))).toThrow("embedding(3, 2): number 3 at [3]");
    const scores = tensor([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    for (const label of [-1, 3, 5, -100]) {
      expect(() => loss.crossEntropy(scores, whole(0, label))).toThrow(`crossEntropy: label ${label} at [1]`);
      expect(() => metrics.accuracy(scores, whole(0, label))).toThrow(DataError);
      expect(() => metrics.topK(scores, whole(0, label), 2)).toThrow(DataError);
      expect(() => metrics.confusionMatrix(whole(0, 1), whole(0, label), 3)).toThrow(DataError);
    }
  });

  test("name the loss, not what it is made of", async () => {
    const scores = tensor([[1, 2, 3]]);
    expect(() => loss.nll(scores, whole(5))).toThrow("nll: label 5 at [0]; it must be from 0 to 2");
    await expect(loss.nll(scores, computed(5)).data()).rejects.toThrow("nll: label 5 at [0]");
  });

  test("are errors at the next read where a step meets them: the first one, with its place", async () => {
    const table = tensor([[1], [2], [3]]);
    const rows = computed(0, 2, 7, -1, 1, 9).reshape([2, 3]);
    await expect(table.gather(rows).data()).rejects.toThrow("gather: row 7 at [0, 2]; it must be from 0 to 2");
    await expect(table.gather(computed(2)).data()).resolves.toEqual(Float32Array.of(3));
  });

  test("are errors of a compiled step, however many steps ago", async () => {
    const net = nn.embedding(4, 2);
    const train = optim.sgd({ lr: 0.1 });
    const step = compile((rows, labels) => {
      const cost = loss.crossEntropy(net.forward(rows), labels);
      train.minimize(cost, net.parameters());
      return cost;
    });
    await (await step(whole(0, 3), whole(1, 0))).data();
    await step(whole(0, 4), whole(1, 0));
    const later = await step(whole(0, 3), whole(1, 0));
    await expect(later.data()).rejects.toThrow("embedding(4, 2): number 4 at [1]; it must be from 0 to 3");
    const wrong = await step(whole(0, 3), whole(1, 2));
    await expect(wrong.data()).rejects.toThrow("crossEntropy: label 2 at [1]; it must be from 0 to 1");
    expect(Number.isFinite(await (await step(whole(0, 3), whole(1, 0))).item())).toBe(true);
  });

  test("lengths beyond a sequence are errors, which name the layer and the loss", async () => {
    const gru = nn.gru(2, 3);
    const x = tensor(new Float32Array(16)).reshape([2, 4, 2]);
    for (const lengths of [whole(4, 5), whole(-1, 2)])
      expect(() => gru.forward(x, lengths)).toThrow(
        /gru\(2, 3\): length (5 at \[1\]|-1 at \[0\]); it must be from 0 to 4/,
      );
    await expect(gru.run(x, { lengths: computed(4, 9) }).output.data()).rejects.toThrow("gru.run: length 9 at [1]");
    expect((await gru.forward(x, whole(4, 0)).data()).length).toBe(24);
    const logs = tensor(new Float32Array(24)).reshape([2, 4, 3]).logSoftmax();
    const target = whole(1, 2, 2, 1).reshape([2, 2]);
    const ctc = (options: loss.CtcOptions, of = target) => loss.ctc(logs, of, options);
    expect(() => ctc({ inputLengths: whole(4, 5) })).toThrow("ctc: input length 5 at [1]; it must be from 0 to 4");
    expect(() => ctc({ targetLengths: whole(3, 1) })).toThrow("ctc: target length 3 at [0]; it must be from 0 to 2");
    expect(() => ctc({}, tensor(Int32Array.of(1, 2, 3, 1), [2, 2]))).toThrow(
      "ctc: label 3 at [1, 0]; it must be from 0 to 2",
    );
  });

  test("are one error, however many a step met", async () => {
    const [a, b] = [tensor([1, 2]), tensor([3, 4, 5])];
    const y = a
      .gather(computed(5))
      .add(b.gather(computed(7)))
      .add(a.gather(computed(9)));
    await expect(y.data()).rejects.toThrow(/gather: row [579] at \[0\]/);
    expect(await a.add(1).array()).toEqual([2, 3]);
  });

  test("are the same whatever threads there are, in a long list", async () => {
    const list = Int32Array.from({ length: 100_000 }, (_, i) => (i * 7) % 50);
    list[77_777] = 50;
    list[77_778] = -3;
    const pick = compile((rows) => tensor(Float32Array.from({ length: 50 }, (_, i) => i)).gather(rows));
    await expect((await pick(whole(...list.subarray(0, 9)))).data()).resolves.toHaveLength(9);
    await expect((await pick(tensor(list))).data()).rejects.toThrow("gather: row 50 at [77777]");
  });

  test("are told by each result of runs that may have met one", async () => {
    const table = tensor([10, 20, 30]);
    const lookUp = compile((rows) => table.gather(rows));
    const ends = async (results: readonly Tensor[]) =>
      (await Promise.allSettled(results.map((t) => t.data()))).map(({ status }) => status);
    for (let round = 0; round < 3; round++) {
      const first = await Promise.all([5, 1, 6].map((row) => lookUp(whole(row))));
      expect(await ends([first[1], first[0], first[2]])).toEqual(["rejected", "rejected", "rejected"]);
      // One after the other, too, and while another look is under way.
      const [a, b] = [await lookUp(whole(7)), await lookUp(whole(8))];
      const looking = ends([a]);
      const c = await lookUp(whole(9));
      expect([await looking, await ends([b]), await ends([c])].flat()).toEqual(["rejected", "rejected", "rejected"]);
      expect(await (await lookUp(whole(1))).array()).toEqual([20]);
    }
    const late = table.gather(computed(4));
    await late.realize();
    const [one, two] = [table.add(1), late.add(1)];
    expect(await ends([one, late, two])).toEqual(["rejected", "rejected", "fulfilled"]);
  });

  test("do not hide what is right in the rest of the step", async () => {
    const table = new Variable(tensor([1, 2, 3]));
    const slope = compile((rows) => grad(table.gather(rows).sum(), [table])[0]);
    const result = await slope(whole(0, 5, 2, 2));
    await expect(result.data()).rejects.toThrow(DataError);
    expect(await result.array()).toEqual([1, 0, 2]);
  });
});

describe("ignoreIndex", () => {
  const scores = tensor([
    [1, 2, 3],
    [3, 1, 0],
    [0, 0, 1],
  ]);
  const few = scores.slice(0, 0, 2);
  test.each([{}, { weight: [1, 2, 3] }, { labelSmoothing: 0.1 }, { reduction: "sum" as const }])(
    "leaves samples out of the cost, with %j",
    async (options) => {
      const all = loss.crossEntropy(scores, whole(2, 0, -100), { ...options, ignoreIndex: -100 });
      expect(await all.item()).toBeCloseTo(await loss.crossEntropy(few, whole(2, 0), options).item(), 6);
      const class1 = loss.crossEntropy(scores, whole(2, 0, 1), { ...options, ignoreIndex: 1 });
      expect(await class1.item()).toBeCloseTo(await all.item(), 6);
    },
  );
  test("does not excuse other labels, and must be whole", async () => {
    const cost = loss.crossEntropy(scores, whole(2, 0, -1), { ignoreIndex: -100 });
    await expect(cost.item()).rejects.toThrow("crossEntropy: label -1 at [2]");
    expect(() => loss.crossEntropy(scores, whole(2, 0, 1), { ignoreIndex: 0.5 })).toThrow("ignoreIndex is 0.5");
  });
});
