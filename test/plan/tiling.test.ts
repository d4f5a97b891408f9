import { expect, test } from "vitest";
import { cutEvenly, cutRows, evened, tallest } from "../../packages/tidu/src/plan/tiling.js";

test("rows are cut into tiles that cover them all and fit the registers", () => {
  for (const most of [4, 5, 6])
    for (let rows = 1; rows < 200; rows++) {
      const tiles = cutRows(rows, most);
      expect((tiles.count - 1) * tiles.size + tiles.last).toBe(rows);
      expect(tallest(tiles)).toBeLessThanOrEqual(most);
      expect(tiles.last).toBeGreaterThan(0);
    }
});

test("a rest joins the tile before it where both fit the registers", () => {
  expect(cutRows(16, 6)).toEqual({ size: 5, count: 3, last: 6 });
  expect(cutRows(10, 4)).toEqual({ size: 3, count: 3, last: 4 });
  expect(cutEvenly(10, 8)).toEqual({ size: 8, count: 2, last: 2 });
});

test("few tiles are made of the same height, many stay as tall as they can be", () => {
  expect(evened(16, cutRows(16, 12, 12))).toEqual({ size: 8, count: 2, last: 8 });
  expect(evened(32, cutRows(32, 12, 12))).toEqual({ size: 11, count: 3, last: 10 });
  expect(evened(1024, cutRows(1024, 12, 12))).toEqual({ size: 11, count: 93, last: 12 });
  expect(evened(16, cutRows(16, 6))).toEqual({ size: 5, count: 3, last: 6 });
});
