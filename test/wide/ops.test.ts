// Every op of the op table in f64, on the reference device: its values, its type, and its gradient to eight digits.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { floatOf, shown } from "../../packages/tidu/src/base/dtype.js";
import { gradient } from "../../packages/tidu/src/grad/reverse.js";
import { makeStorage, type Node, type Storage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { evaluate, ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { ROWS, type Row } from "../ops/table.js";
import { Choices } from "../support/choices.js";
import { weigh } from "../support/gradients.js";
import { Inputs, type Source } from "../support/inputs.js";

const choices = fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 });

/** Applies a row's op to freshly drawn inputs, whose floats are f64. */
function draw({ apply }: Row, numbers: readonly number[]) {
  const c = new Choices(numbers);
  const inputs = new Inputs(c, false);
  const source: Source = (shape, domain) =>
    inputs.source(shape, domain.dtype === "f32" ? { ...domain, dtype: "f64" } : domain);
  const y = apply(c, source);
  const contents = new Map([...inputs.contents].map(([s, data]) => [s, Float64Array.from(shown(s.dtype, data))]));
  return { y, given: inputs.contents, contents, floats: inputs.floats };
}

type Contents = ReadonlyMap<Storage, Float64Array>;
const valuesOf = (roots: readonly Node[], contents: Contents) =>
  evaluate(roots, (s) => ({ shape: s.shape, data: contents.get(s) as Float64Array })).map((y) => y.data);

/** The derivative by one element, by differences of the fourth order; and by how much they change with their step. */
function difference(cost: Node, contents: Contents, data: Float64Array, i: number): [slope: number, unsure: number] {
  const here = data[i];
  const at = (by: number): number => {
    data[i] = here + by;
    const [[value]] = valuesOf([cost], contents);
    data[i] = here;
    return value;
  };
  const slope = (h: number) => (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  const found = slope(1e-3);
  return [found, Math.abs(found - slope(5e-4))];
}

describe.each(ROWS.map((row) => [row.op.name, row] as const))("%s", (_, row) => {
  test("is f64 of f64, and what its definition says, to the last bit", async () => {
    const property = fc.asyncProperty(choices, async (numbers) => {
      const { y, given, contents, floats } = draw(row, numbers);
      if (floats.length === 0) return;
      const isOfFloats = floats.some((x) => x.dtype === "f64" && y.inputs.includes(x));
      if (isOfFloats) expect(y.dtype).not.toBe("f32");
      const device = new ReferenceDevice();
      for (const [storage, data] of given) device.write(storage, data);
      const target = makeStorage(y.shape, y.dtype);
      await device.prepare([{ storage: target, value: y }]).run();
      if (y.dtype === "f64") expect([...(await device.read(target))]).toEqual([...valuesOf([y], contents)[0]]);
    });
    await fc.assert(property, { numRuns: 6, seed: 1 });
  });

  test("has the gradient that differences have", () => {
    const property = fc.property(choices, (numbers) => {
      const { y, contents, floats } = draw(row, numbers);
      if (y.dtype !== "f64" || row.blocks || y.shape.reduce((n, d) => n * d, 1) > 100) return;
      const cost = weigh(y);
      expect(cost.dtype).toBe("f64");
      const slopes = gradient(cost, floats);
      expect(slopes.map((s) => s.dtype)).toEqual(floats.map((x) => floatOf(x.dtype)));
      const found = valuesOf(slopes, contents);
      floats.forEach((x, k) => {
        const data = contents.get(x.attrs as Storage) as Float64Array;
        for (let i = 0; i < Math.min(data.length, 40); i++) {
          const [slope, unsure] = difference(cost, contents, data, i);
          const off = Math.abs(slope - found[k][i]) - unsure;
          expect(off / Math.max(1, Math.abs(slope)), `${row.op.name} ${i}: ${found[k][i]}, ${slope}`).toBeLessThan(
            1e-8,
          );
        }
      });
    });
    fc.assert(property, { numRuns: 4, seed: 1 });
  });
});

test("constants of gradient rules, which are f32, do not round what they meet", () => {
  const storage = makeStorage([1], "f64");
  const x = ops.fromStorage(storage);
  const y = ops.apply(ops.elementwise.mul, x, ops.full(0.1, [1]));
  expect(y.dtype).toBe("f64");
  expect(valuesOf([y], new Map([[storage, Float64Array.of(3)]]))[0][0]).toBe(3 * 0.1);
});
