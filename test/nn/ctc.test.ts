// CTC against the sum over all ways to spell a target, written out, with lengths, blanks and impossible targets.
import { describe, expect, it } from "vitest";
import { grad, loss, type Tensor, tensor } from "../../packages/tidu/src/index.js";

const CLASSES = 3;

/** All ways to choose a class for each step. */
const ways = (steps: number): number[][] =>
  Array.from({ length: CLASSES ** steps }, (_, way) =>
    Array.from({ length: steps }, (_, t) => Math.floor(way / CLASSES ** t) % CLASSES),
  );

/** What a way spells: repetitions become one, then blanks vanish. */
const spelt = (way: readonly number[], blank: number): string =>
  way.filter((c, t) => c !== way[t - 1] && c !== blank).join();

/** -ln of the probability of a target, and its gradient by the logarithms of the probabilities. */
function expected(p: readonly number[][], target: readonly number[], blank: number) {
  let total = 0;
  const slope = p.map((row) => row.map(() => 0));
  for (const way of ways(p.length)) {
    if (spelt(way, blank) !== target.join()) continue;
    const chance = way.reduce((product, c, t) => product * p[t][c], 1);
    total += chance;
    way.forEach((c, t) => void (slope[t][c] += chance));
  }
  return { cost: -Math.log(total), slope: slope.map((row) => row.map((s) => (total === 0 ? 0 : -s / total + 0))) };
}

const ints = (...list: number[]): Tensor => tensor(Int32Array.from(list));
const chances = (steps: number): number[][] =>
  Array.from({ length: steps }, (_, t) => {
    const row = [1, 2 + Math.sin(t * 3), 1.5 + Math.cos(t * 5)];
    return row.map((v) => v / row.reduce((a, b) => a + b));
  });

describe.each([0, 2])("with blank %i", (blank) => {
  const [a, b] = blank === 0 ? [1, 2] : [0, 1];
  it.each<[string, number, number[], number]>([
    ["a target as long as its steps", 2, [a, b], 2],
    ["room for blanks", 4, [a, b], 2],
    ["a symbol twice, which needs a blank between", 4, [b, b], 2],
    ["a symbol twice without room", 2, [b, b], 2],
    ["more symbols than steps", 1, [a, b], 2],
    ["no symbols", 3, [a, b], 0],
    ["no symbols in one step", 1, [a], 0],
    ["one of two symbols", 3, [b, a], 1],
  ])("%s", async (_, steps, target, length) => {
    const p = chances(steps);
    const logs = tensor([p]).log();
    const options = { blank, reduction: "sum", targetLengths: ints(length) } as const;
    const cost = loss.ctc(logs, ints(...target).reshape([1, target.length]), options);
    const want = expected(p, target.slice(0, length), blank);
    if (Number.isFinite(want.cost)) expect(await cost.item()).toBeCloseTo(want.cost, 5);
    else expect(await cost.item()).toBe(Number.POSITIVE_INFINITY);
    const [slope] = (await grad(cost, [logs])[0].array()) as number[][][];
    expect(slope).toEqual(want.slope.map((row) => row.map((v) => expect.closeTo(v, 5))));
  });

  it("samples of different lengths, some without steps", async () => {
    const p = [4, 4, 4, 4].map(chances);
    const [lengths, symbols] = [
      [4, 2, 0, 0],
      [2, 1, 0, 1],
    ];
    const target = [
      [a, b],
      [b, b],
      [a, a],
      [a, b],
    ];
    const cost = loss.ctc(tensor(p).log(), tensor(Int32Array.from(target.flat()), [4, 2]), {
      blank,
      reduction: "none",
      inputLengths: ints(...lengths),
      targetLengths: ints(...symbols),
    });
    const want = p.map((rows, i) => expected(rows.slice(0, lengths[i]), target[i].slice(0, symbols[i]), blank).cost);
    (await cost.data()).forEach((v, i) => {
      if (Number.isFinite(want[i])) expect(v).toBeCloseTo(want[i], 5);
      else expect(v).toBe(want[i]);
    });
  });

  it("classes that are impossible at a step", async () => {
    const p = [
      [0.5, 0, 0.5],
      [0, 1, 0],
      [0.25, 0.75, 0],
    ];
    const logs = tensor([p]).log();
    for (const target of [[a, b], [b, a], [a], [b]]) {
      const cost = loss.ctc(logs, ints(...target).reshape([1, target.length]), { blank, reduction: "sum" });
      const want = expected(p, target, blank).cost;
      if (Number.isFinite(want)) expect(await cost.item()).toBeCloseTo(want, 5);
      else expect(await cost.item()).toBe(want);
      expect((await grad(cost, [logs])[0].data()).every(Number.isFinite)).toBe(true);
    }
  });
});
