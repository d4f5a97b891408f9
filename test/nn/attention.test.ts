// What attention may see: masks and causality, together and alone, against sums written out.
import { expect, it } from "vitest";
import { nn, ones, type Tensor, tensor, zeros } from "../../packages/tidu/src/index.js";

const LENGTH = 3;
const wave = (by: number): Tensor =>
  tensor(
    Float32Array.from({ length: LENGTH * 2 }, (_, i) => Math.sin(i * by + 1)),
    [1, LENGTH, 2],
  );
const [query, key, value] = [wave(1), wave(2), wave(3)];
const T = true;
const F = false;

/** softmax of the scores of what is seen, written out; 0 where nothing is. */
async function expected(seen: boolean[][], added: number[][] | undefined): Promise<number[][]> {
  const [[q], [k], [v]] = (await Promise.all([query, key, value].map((x) => x.array()))) as number[][][][];
  return q.map((row, i) => {
    const weights = k.map((other, j) => {
      const score = (row[0] * other[0] + row[1] * other[1]) / Math.SQRT2 + (added?.[i][j] ?? 0);
      return seen[i][j] ? Math.exp(score) : 0;
    });
    const total = weights.reduce((a, b) => a + b);
    return [0, 1].map((c) => (total === 0 ? 0 : weights.reduce((sum, w, j) => sum + w * v[j][c], 0) / total));
  });
}

const MASKS: Record<string, boolean[][]> = {
  "padding before": [[F, T, T]],
  "padding of all": [[F, F, F]],
  "padding behind": [[T, T, F]],
  "holes in the diagonal": [
    [F, T, T],
    [T, F, T],
    [F, F, F],
  ],
};

it.each(Object.entries(MASKS))("%s", async (_, mask) => {
  for (const causal of [false, true]) {
    const seen = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (mask[i] ?? mask[0])[j] && (!causal || j <= i)));
    const bools = await nn.attend(query, key, value, { causal, mask: tensor(mask) }).array();
    const close = (rows: number[][]) => [rows.map((row) => row.map((x) => expect.closeTo(x, 6)))];
    expect(bools).toEqual(close(await expected(seen, undefined)));
    for (const never of [Number.NEGATIVE_INFINITY, -1e38]) {
      const bias = mask.map((row, i) => row.map((b, j) => (b ? (i + 1) * 0.3 - j * 0.2 : never)));
      const added = [0, 1, 2].map((i) => (bias[i] ?? bias[0]).map((x) => (x < -1e30 ? 0 : x)));
      const floats = await nn.attend(query, key, value, { causal, mask: tensor(bias) }).array();
      expect(floats).toEqual(close(await expected(seen, added)));
    }
  }
});

// Masks of samples, masks of whole numbers and lengths that differ are common mistakes: each names what was called.
it.each<[() => unknown, string]>([
  [
    () => nn.attend(zeros([4, 2, 3, 2]), zeros([4, 2, 5, 2]), zeros([4, 2, 5, 2]), { mask: ones([4, 5]).gt(0) }),
    "attend: mask is tensor bool [4, 5]; it must be of a shape that broadcasts to the scores, [4, 2, 3, 5]; reshape it, such as to [4, 1, 1, 5]",
  ],
  [
    () => nn.multiHeadAttention(4, 2).forward(zeros([3, 2, 4]), undefined, undefined, ones([3, 2]).gt(0)),
    "multiHeadAttention(4, 2): mask is tensor bool [3, 2]; it must be of a shape that broadcasts to the scores, [3, 2, 2, 2]; reshape it, such as to [3, 1, 1, 2]",
  ],
  [
    () => nn.transformerBlock(4, 2).forward(zeros([3, 2, 4]), ones([1, 3, 1, 1, 2])),
    "transformerBlock(4, 2): mask is tensor f32 [1, 3, 1, 1, 2]; it must be of a shape that broadcasts",
  ],
  [
    () => nn.attend(query, key, value, { mask: tensor(Int32Array.of(1, 1, 0)) }),
    'attend: mask is tensor i32 [3]; it must be bool, or f32, which is added to the scores; use to("bool")',
  ],
  [
    () => nn.transformerBlock(4, 2).forward(zeros([3, 2, 4]), tensor(Uint8Array.of(1, 0))),
    "transformerBlock(4, 2): mask is tensor u8 [2]; it must be bool",
  ],
  [() => nn.attend(query, zeros([1, 3, 5]), value), "attend: key is tensor f32 [1, 3, 5]; it must be [..., seen, 2]"],
  [
    () => nn.attend(query, key, zeros([1, 4, 2])),
    "attend: value is tensor f32 [1, 4, 2]; it must be [..., 3, features]",
  ],
  [
    () => nn.multiHeadAttention(4, 2).forward(zeros([3, 2, 4]), zeros([1, 5, 4])),
    "multiHeadAttention(4, 2): key is tensor f32 [1, 5, 4]; it must be of 3 samples, as query is",
  ],
  [
    () => nn.multiHeadAttention(4, 2).forward(zeros([3, 2, 4]), zeros([3, 5, 4]), zeros([3, 2, 4])),
    "multiHeadAttention(4, 2): value is tensor f32 [3, 2, 4]; it must be [3, 5, 4], as key is",
  ],
])("a wrong mask or shape, %#", (call, message) => expect(call).toThrow(message));
