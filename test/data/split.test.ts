import fc from "fast-check";
import { classWeights, dataset, split } from "tidu/data";
import { describe, expect, it } from "vitest";
import { splitRows } from "../../packages/tidu/src/data/split.js";
import { tensor } from "../../packages/tidu/src/index.js";

const labelled = fc.record({
  labels: fc.array(fc.nat(4), { minLength: 2, maxLength: 60 }),
  fraction: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
  seed: fc.nat(1000),
});
const countOf = (rows: Iterable<number>, labels: number[], label: number): number =>
  [...rows].filter((row) => labels[row] === label).length;

it("a part of a data set is counted from the start, and a negative number says how to count from the end", () => {
  const data = dataset(Float32Array.of(1, 2, 3, 4), [1], Uint8Array.of(0, 1, 0, 1));
  expect(data.slice(data.count - 2).count).toBe(2);
  expect(() => data.slice(-2)).toThrow("start is -2; it must be a whole number from 0 to 3; use count - 2");
  expect(() => data.slice(0, -1)).toThrow("end is -1; it must be a whole number from 1 to 4; use count - 1");
  const bad = [Symbol("two"), tensor([true]), null, "2"] as unknown[] as number[];
  for (const start of bad) {
    expect(() => data.slice(start)).toThrow(/slice: start is .*; it must be a whole number from 0 to 3$/);
    expect(() => tensor([1, 2, 3, 4]).slice(0, start)).toThrow(
      /slice: start is .*; it must be a whole number from 0 to 3$/,
    );
  }
});

describe("splitRows", () => {
  it("puts every row into one part, in order, and gives each class its share", () => {
    fc.assert(
      fc.property(labelled, ({ labels, fraction, seed }) => {
        // A share that rounds to nothing is refused, which another test covers.
        fc.pre(labels.length * fraction >= 6);
        const [rest, held] = splitRows(labels.length, fraction, seed, labels);
        expect([...rest, ...held].sort((a, b) => a - b)).toEqual(labels.map((_, i) => i));
        for (const part of [rest, held]) expect([...part]).toEqual([...part].sort((a, b) => a - b));
        for (const label of new Set(labels)) {
          const all = labels.filter((l) => l === label).length;
          const got = countOf(held, labels, label);
          expect(got).toBeGreaterThanOrEqual(Math.min(Math.floor(all * fraction), all - 1));
          expect(got).toBeLessThanOrEqual(Math.min(Math.ceil(all * fraction), all - 1));
        }
      }),
      { seed: 1 },
    );
  });

  it("gives the second part exactly its share where classes are large enough", () => {
    const labels = Array.from({ length: 150 }, (_, i) => i % 3);
    expect(splitRows(150, 0.1, 3, labels)[1].length).toBe(15);
    expect(splitRows(150, 0.25, 3)[1].length).toBe(38);
  });

  it("depends on the seed, and on nothing else", () => {
    const [a, b, c] = [1, 1, 2].map((seed) => splitRows(100, 0.3, seed)[1]);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    // Not the first or the last ones.
    expect(Math.max(...a) - Math.min(...a)).toBeGreaterThan(50);
  });

  it.each([0, 1, -0.1, 1.5, Number.NaN])("refuses the fraction %d", (fraction) => {
    expect(() => splitRows(10, fraction, 0)).toThrow(/split: validation is .*; it must be above 0 and below 1/);
  });

  it("refuses a part without samples", () => {
    expect(() => splitRows(10, 0.01, 0)).toThrow(/a share of 0.01 of 10 samples rounds to 0; use a larger share/);
    expect(() => splitRows(3, 0.5, 0, [0, 1, 2])).toThrow(/rounds to 0/);
  });
});

describe("split", () => {
  const labels = Uint8Array.from({ length: 40 }, (_, i) => (i < 30 ? 0 : 1));
  const inputs = Uint8Array.from({ length: 80 }, (_, i) => i);
  const data = dataset(inputs, [2], labels, { classes: ["a", "b"], transform: (x) => x.toFloat().mul(2) });

  it("keeps samples with their targets, types, classes and transform", async () => {
    const [train, validation] = await split(data, { validation: 0.2, seed: 5 });
    expect([train.count, validation.count]).toEqual([32, 8]);
    expect(await validation.targets.data()).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 1));
    const [x, t] = [await validation.inputs.data(), await validation.targets.data()];
    expect(x).toBeInstanceOf(Uint8Array);
    for (let i = 0; i < 8; i++) {
      expect(x[2 * i + 1]).toBe(x[2 * i] + 1);
      expect(t[i]).toBe(x[2 * i] < 60 ? 0 : 1);
    }
    expect(validation.classes).toEqual(["a", "b"]);
    expect(validation.transform).toBe(data.transform);
  });

  it("splits values at random, and says what it needs to keep shares of classes", async () => {
    const values = dataset(Float32Array.from(inputs), [2], Float32Array.from(labels));
    expect((await split(values, { validation: 0.5 }))[1].targets.shape).toEqual([20, 1]);
    await expect(split(values, { validation: 0.5, stratify: true })).rejects.toThrow(
      /split: targets are f32 \[40, 1\], expected class numbers/,
    );
  });
});

it.each([[{}], [0.5], [undefined]])("refuses the options %j, which name no share", async (options) => {
  const data = dataset(new Float32Array(4), [1], new Float32Array(4));
  await expect(split(data, options as never)).rejects.toThrow(/^split: (validation|options) is /);
});

describe("classWeights", () => {
  it("are samples / (classes · samples of the class)", async () => {
    const data = dataset(new Uint8Array(8), [1], Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 2));
    expect(await classWeights(data)).toEqual([8 / 15, 8 / 6, 8 / 3]);
  });

  it("need a sample of each class", async () => {
    const data = dataset(new Uint8Array(2), [1], Int32Array.of(0, 2), { classes: ["ant", "bee", "cat"] });
    await expect(classWeights(data)).rejects.toThrow(/classWeights: class bee has no sample; leave it out or add/);
  });
});
