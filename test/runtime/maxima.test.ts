// Maxima and minima along contiguous axes, which are found in several chains side by side: every element counts.
import { tensor } from "tidu";
import { expect, test } from "vitest";

const LENGTHS = [...Array.from({ length: 69 }, (_, i) => i + 2), 127, 128, 129, 1000, 4099];

test.each(["f32", "i32", "f16"] as const)(
  "each element of a row can be the largest or the smallest: %s",
  async (dtype) => {
    for (const length of LENGTHS) {
      const rows = Math.min(length, 70);
      const where = Array.from({ length: rows }, (_, i) => (length <= 70 ? i : Math.floor((i * length) / rows)));
      const of = (value: number) =>
        tensor(where.map((at) => Array.from({ length }, (_, i) => (i === at ? value : i % 5)))).to(dtype);
      const [largest, smallest] = [of(9).max([1]), of(-9).min([1])];
      expect(Array.from(await largest.data()), `${length} elements`).toEqual(where.map(() => 9));
      expect(Array.from(await smallest.data()), `${length} elements`).toEqual(where.map(() => -9));
      // Lanes run along the rows where there are too few of them for lanes of their own.
      for (const at of [
        [0, length >> 2, length >> 1],
        [(3 * length) >> 2, length - 2, length - 1],
      ]) {
        const few = (value: number) =>
          tensor(at.map((place) => Array.from({ length }, (_, i) => (i === place ? value : i % 5)))).to(dtype);
        expect(Array.from(await few(9).max([1]).data()), `${at} of ${length}`).toEqual([9, 9, 9]);
        expect(Array.from(await few(-9).min([1]).data()), `${at} of ${length}`).toEqual([-9, -9, -9]);
      }
    }
  },
);

test("NaN anywhere in a row is its maximum and its minimum", async () => {
  for (const length of LENGTHS.slice(0, 69)) {
    const x = tensor(Array.from({ length }, (_, at) => Array.from({ length }, (_, i) => (i === at ? Number.NaN : i))));
    expect((await x.max([1]).data()).every(Number.isNaN), `${length} elements`).toBe(true);
    expect((await x.min([1]).data()).every(Number.isNaN), `${length} elements`).toBe(true);
  }
});
