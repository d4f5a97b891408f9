// What attention may see: masks and causality, together and alone, against sums written out.
import { expect, it } from "vitest";
import { nn, type Tensor, tensor } from "../../packages/tidu/src/index.js";

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
