// Rows that the same kernel finds and takes: by the largest score, by a rounded sum, by a place in an order. What is
// taken in one go must be what is taken by the rows once they have been read.
import { describe, expect, it } from "vitest";
import { argmin, argsort, clip, cumsum, nn, type Tensor, tensor } from "../../packages/tidu/src/index.js";

/** Numbers from -1 to 1 that look random and are the same each time. */
const numbers = (rows: number, columns: number): Tensor =>
  tensor(
    Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * i * 1.37 + i)),
    [rows, columns],
  );

const MOST = 5;
const whole = (x: Tensor): Tensor => clip(x.abs().mul(1.7), 0, MOST).toInt();

/** How the rows are found, all below 6, from scores of 6 rows. */
const FOUND: Record<string, (scores: Tensor) => Tensor> = {
  "the largest of a column": (s) => s.argmax(0),
  "the smallest of a column": (s) => argmin(s, 0),
  "the largest of a row": (s) => s.transpose().argmax(1),
  "a sum": (s) => whole(s.sum(0)),
  "a sum of products": (s) => whole(s.transpose().matmul(s)),
  "a running sum": (s) => whole(cumsum(s.transpose(), 1)),
  "an order": (s) => argsort(s, 0).transpose(),
};

/** What is taken by them, of a table of 6 rows. */
const TAKEN: Record<string, (table: Tensor, rows: Tensor) => Tensor> = {
  "rows of a table": (t, rows) => t.gather(rows),
  "rows of sums": (t, rows) => t.sum(1).gather(rows),
  "columns of a table": (t, rows) => t.transpose().gather(rows, 1),
  "rows of bytes": (t, rows) => t.abs().mul(100).to("u8").gather(rows),
  "rows of halves": (t, rows) => t.to("f16").gather(rows).toFloat(),
  "what comes of a row and its number": (t, rows) => t.sum(1).gather(rows).mul(rows.add(1)),
};

describe.each([1, 3, 4, 7, 8, 17, 40])("of %i columns of scores", (columns) => {
  const scores = numbers(MOST + 1, columns);
  const table = numbers(MOST + 1, 9);
  for (const [found, find] of Object.entries(FOUND)) {
    it.each(Object.entries(TAKEN))(`${found} picks %s`, async (_, take) => {
      const rows = find(scores);
      const [once, known] = [await take(table, rows).data(), await find(scores).data()];
      expect(known.every((row) => row >= 0 && row <= MOST)).toBe(true);
      const read = tensor(Int32Array.from(known), rows.shape);
      expect(once).toEqual(await take(table, read).data());
    });
  }

  it("the largest score picks an embedding", async () => {
    const layer = nn.embedding(MOST + 1, 3);
    const rows = scores.argmax(0);
    const once = await layer.forward(rows).data();
    expect(once).toEqual(await layer.forward(tensor(Int32Array.from(await scores.argmax(0).data()))).data());
  });
});
