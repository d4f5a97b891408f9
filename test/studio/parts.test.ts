import { describe, expect, test } from "vitest";
import { boundaryOf } from "../../studio/src/engine/observer.js";
import { LIMITS } from "../../studio/src/engine/settings.js";
import { GRID, places, REACH } from "../../studio/src/engine/views.js";
import { FINER, finer } from "../../studio/src/playground/finer.js";
import { columnsOf, distance, linesOf } from "../../studio/src/playground/network/geometry.js";
import { contour } from "../../studio/src/ui/contours.js";
import { formatExact, formatFixed, formatNumber, formatPercent, numberFrom } from "../../studio/src/ui/format.js";
import { diverging, divergingAt, parts, rgb, shade } from "../../studio/src/ui/pixels.js";
import { nextStop, readNumber } from "../../studio/src/ui/steps.js";
import { epochRange, logRange, logTicks, WHOLE_STEPS } from "../../studio/src/ui/ticks.js";

describe("a number's steps", () => {
  test("fit it: arrow keys lead a learning rate along 1, 2, 5 of each power of ten, down to 0 and up again", () => {
    const down = [0.03];
    while ((down.at(-1) ?? 0) > 0) down.push(nextStop(down.at(-1) ?? 0, -1, LIMITS.lr));
    expect(down).toEqual([0.03, 0.02, 0.01, 0.005, 0.002, 0.001, 5e-4, 2e-4, 1e-4, 5e-5, 2e-5, 1e-5, 0]);
    const up = [0];
    while ((up.at(-1) ?? 0) < LIMITS.lr.most) up.push(nextStop(up.at(-1) ?? 0, 1, LIMITS.lr));
    expect(up.slice(0, 5)).toEqual([0, 1e-5, 2e-5, 5e-5, 1e-4]);
    expect(up.slice(-4)).toEqual([1, 2, 5, 10]);
    expect(nextStop(10, 1, LIMITS.lr)).toBe(10);
  });

  test("are equal where the scale is, without the dust of binary fractions", () => {
    expect(nextStop(0.1, 1, LIMITS.noise)).toBe(0.15);
    expect(nextStop(0.3, -1, LIMITS.noise)).toBe(0.25);
    expect([nextStop(0, -1, LIMITS.noise), nextStop(0.5, 1, LIMITS.noise)]).toEqual([0, 0.5]);
  });

  test("what is typed is taken, or refused with a reason", () => {
    expect([readNumber(" 0,5 ", LIMITS.lr), readNumber("1e-3", LIMITS.lr)]).toEqual([0.5, 0.001]);
    expect(readNumber("11", LIMITS.lr)).toEqual({ why: "range", least: 0, most: 10 });
    expect(readNumber("−1", LIMITS.lr)).toEqual({ why: "range", least: 0, most: 10 });
    expect([readNumber("1,000", LIMITS.batch), readNumber("5×10⁻³", LIMITS.lr)]).toEqual([1000, 0.005]);
    // What is counted is whole; nothing is rounded without a word.
    expect(readNumber("1.5", LIMITS.seed)).toEqual({ why: "whole", least: 0, most: Number.MAX_SAFE_INTEGER });
    expect(readNumber("1.5", LIMITS.batch)).toMatchObject({ why: "whole" });
    expect([readNumber("", LIMITS.lr), readNumber("fast", LIMITS.lr)]).toEqual([
      { why: "noNumber" },
      { why: "noNumber" },
    ]);
  });
});

test("numbers are written in one way, which can be read back", () => {
  const written = [0, 1234.5, -0.5, -0.00004, 7.33e-8, 9.01e15, -12_345_678, 0.0001, Infinity].map(formatNumber);
  expect(written).toEqual(["0", "1,235", "−0.5", "−4×10⁻⁵", "7.33×10⁻⁸", "9.01×10¹⁵", "−1.23×10⁷", "0.0001", "∞"]);
  for (const value of [0, 1234, -0.5, -0.00004, 7.33e-8, 9.01e15, 1e-3])
    expect(numberFrom(formatNumber(value))).toBe(value);
  expect([formatFixed(-0.001, 2), formatFixed(1110, 0), formatPercent(0.861), formatExact(2 ** 53 - 1)]).toEqual([
    ...["0.00", "1,110", "86.10%", "9,007,199,254,740,991"],
  ]);
  expect(["", "x", "1,2,3", "5×"].map(numberFrom)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
});

test("an axis always has numbers: powers of ten, parts of one, or round numbers; epochs are whole", () => {
  expect(logTicks([0.004, 30])).toEqual([0.01, 0.1, 1, 10]);
  expect(logTicks([1e-9, 1])).toEqual([1e-8, 1e-6, 1e-4, 0.01, 1]);
  expect(logTicks([0.15, 0.7])).toEqual([0.2, 0.5]);
  expect(logTicks([0.61, 0.69]).length).toBeGreaterThan(2);
  expect([...logTicks([1e30, 1.1e30]), ...logTicks([1, 1e38])].length).toBeGreaterThan(4);
  expect(WHOLE_STEPS.slice(0, 4)).toEqual([1, 2, 5, 10]);
  // Curves fill it; one value alone is in its middle. Epochs are shown from the beginning, and one at least.
  const [low, high] = logRange(0.5, 8);
  expect([0.5 / low, high / 8].map((times) => Math.round(100 * times))).toEqual([110, 110]);
  const [below, above] = logRange(2.3, 2.3);
  expect([2.3 / below, above / 2.3].map((times) => times ** 2)).toEqual([expect.closeTo(2), expect.closeTo(2)]);
  expect(logRange(1e-38, 1e38).every(Number.isFinite)).toBe(true);
  expect([epochRange(0.02, 0.4), epochRange(1, 30)]).toEqual([
    [0, 1],
    [0, 30],
  ]);
});

test("a contour lies where the values pass its level", () => {
  const [width, height] = [20, 20];
  const values = Float32Array.from({ length: width * height }, (_, i) =>
    Math.hypot((i % width) - 9.5, Math.floor(i / width) - 9.5),
  );
  const [ring, ...others] = contour(values, width, height, 6);
  expect(others).toEqual([]);
  expect(ring.slice(-2)).toEqual(ring.slice(0, 2));
  for (const [x, y] of cornersOf(ring)) expect(Math.abs(Math.hypot(x - 9.5, y - 9.5) - 6)).toBeLessThan(0.1);
  // A circle that the border cuts in four.
  const arcs = contour(values, width, height, 11);
  expect(arcs).toHaveLength(4);
  for (const arc of arcs) {
    const corners = cornersOf(arc);
    for (const [x, y] of corners) expect(Math.abs(Math.hypot(x - 9.5, y - 9.5) - 11)).toBeLessThan(0.1);
    for (const [x, y] of [corners[0], corners[corners.length - 1]]) expect([x, y].some((n) => n % 19 === 0)).toBe(true);
  }
  expect(contour(values, width, height, 99)).toEqual([]);
});

test("every piece of a contour is on one line, whose corners are in neighboring squares", () => {
  const [width, height] = [13, 11];
  const values = Float32Array.from({ length: width * height }, (_, i) => (Math.sin(12.9898 * i) * 43758.5453) % 1);
  // In each square half as many pieces as it has sides with ends of different sign.
  const isAbove = (x: number, y: number) => values[y * width + x] > 0.1;
  let pieces = 0;
  for (let y = 0; y + 1 < height; y++)
    for (let x = 0; x + 1 < width; x++) {
      const corners = [isAbove(x, y), isAbove(x + 1, y), isAbove(x + 1, y + 1), isAbove(x, y + 1)];
      pieces += corners.filter((own, i) => own !== corners[(i + 1) % 4]).length / 2;
    }
  const lines = contour(values, width, height, 0.1).map(cornersOf);
  expect(lines.reduce((sum, { length }) => sum + length - 1, 0)).toBe(pieces);
  for (const line of lines)
    line.slice(1).forEach(([x, y], i) => {
      expect(Math.max(Math.abs(x - line[i][0]), Math.abs(y - line[i][1]))).toBeLessThanOrEqual(1);
    });
});

const cornersOf = (line: readonly number[]): (readonly [number, number])[] =>
  Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i], line[2 * i + 1]]);

test("the decision is drawn where it is, and smooth where the network is sure on both sides", () => {
  // A disc of radius 0.6 about (0.1, -0.2), with probabilities that are 0 and 1 in f32 a little beside its edge.
  const [grid, times] = [GRID, FINER];
  const at = places(grid);
  const last = Float32Array.from({ length: 2 * grid * grid }, (_, i) => {
    const field = Math.floor(i / 2);
    const score = 150 * (Math.hypot(at[2 * field] - 0.1, at[2 * field + 1] + 0.2) - 0.6);
    return 1 / (1 + Math.exp(i % 2 === 0 ? score : -score));
  });
  const { width, height, values } = finer(boundaryOf(last, false), times);
  expect([width, height]).toEqual([grid * times, grid * times]);
  // As the plane draws it: values stand in the middle of their fields.
  const place = (n: number) => REACH * ((2 * (n + 0.5)) / width - 1);
  const corners = contour(values, width, height, 0).flatMap(cornersOf);
  const radii = corners.map(([x, y]) => Math.hypot(place(x) - 0.1, -place(y) + 0.2));
  expect(radii.length).toBeGreaterThan(100);
  for (const radius of radii) expect(Math.abs(radius - 0.6)).toBeLessThan(0.004);
  // Numbers are as they are, and between straight lines there are straight lines.
  const slope = { width: 8, height: 2, count: 1, values: Float32Array.from({ length: 16 }, (_, i) => i % 8) };
  expect(finer(slope, 2).values[7]).toBeCloseTo(3.25);
  expect(finer(slope, 1)).toEqual(slope);
  const twice = {
    width: 8,
    height: 2,
    count: 2,
    values: Float32Array.from({ length: 32 }, (_, i) => (i < 16 ? 1 : 2) * (i % 8)),
  };
  expect(finer(twice, 3).values.subarray(24 * 6)).toEqual(finer(slope, 3).values.map((v) => 2 * v));
});

test("pixels have the colors of numbers: 0 that of the paper, what lies beyond the ends theirs, what is none that of 0", () => {
  const paper = rgb("rgb(255, 255, 255)");
  const pixels = new Uint32Array(7);
  const values = Float32Array.of(0, 2, -2, 1e9, Number.NEGATIVE_INFINITY, Number.NaN, 1);
  shade(pixels, values, diverging(paper), 0.5);
  const [low, high] = [divergingAt(paper, -1), divergingAt(paper, 1)];
  expect([...pixels.subarray(0, 6)]).toEqual([paper, high, low, high, low, paper]);
  expect(parts(pixels[6])).toEqual(parts(divergingAt(paper, 0.5)));
});

describe("the drawn network", () => {
  const pictures = (count: number, all = count) => ({
    width: 1,
    height: 1,
    count,
    all,
    values: new Float32Array(count),
  });
  const units = [pictures(2), pictures(8), pictures(8), pictures(64, 400), pictures(2)];
  const sized = [false, true, false, true, true];

  test.each([
    [820, 700],
    [340, 320],
    [1400, 1100],
  ])("lies within %i by %i", (width, height) => {
    const { columns, width: whole } = columnsOf(units, sized, { width, height }, 1);
    expect(whole).toBe(width);
    for (const { left, width: own, top, shown, side, all } of columns) {
      expect(left + own).toBeLessThanOrEqual(width + 1e-6);
      expect(top + shown * (side + 5) - 5 + (all > shown ? 16 : 0)).toBeLessThanOrEqual(height - 32 + 1e-6);
      expect(side).toBeGreaterThanOrEqual(12);
    }
    expect(columns.map(({ all }) => all)).toEqual([2, 8, 8, 400, 2]);
  });

  test("is wider than its window where columns would be too narrow to be pressed", () => {
    expect(columnsOf(units, sized, { width: 100, height: 300 }, 1).width).toBe(3 * 50 + 2 * 32);
  });

  test("keeps twice the room for text of twice the size", () => {
    const { columns, width } = columnsOf(units, sized, { width: 100, height: 600 }, 2);
    expect(width).toBe(2 * (3 * 50 + 2 * 32));
    expect(Math.min(...columns.map(({ top }) => top))).toBeGreaterThanOrEqual(2 * (28 + 28));
    expect(columnsOf(units, sized, { width: 500, height: 600 }, 2).columns.every(({ narrow }) => narrow)).toBe(true);
  });

  test("has a line for each weight, also several from unit to unit, and one through where there are none", () => {
    const { columns } = columnsOf(units, sized, { width: 800, height: 600 }, 1);
    const edges = { from: 2, to: 16, values: Float32Array.from({ length: 32 }, (_, i) => i) };
    const lines = linesOf(0, columns[0], columns[1], edges, 2);
    expect(lines.map(({ from, to, row, value }) => [from, to, row, value])).toEqual(
      Array.from({ length: 32 }, (_, i) => [i % 2, Math.floor(i / 4), Math.floor(i / 2), i]),
    );
    expect(linesOf(1, columns[1], columns[2], undefined, 1).map(({ from, to }) => [from, to])).toEqual(
      Array.from({ length: 8 }, (_, i) => [i, i]),
    );
    expect(linesOf(2, columns[2], columns[3], undefined, 1)).toEqual([]);
    expect(distance([0, 0, 10, 0], 5, 3)).toBe(3);
    expect(distance([0, 0, 10, 0], 13, 4)).toBe(5);
  });
});
