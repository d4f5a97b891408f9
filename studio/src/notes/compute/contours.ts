// Lines of equal height through numbers on a grid, and what lies above them: marching squares.
import { contour as lineOf } from "../../ui/contours.js";

/** A point between grid points, in columns and rows. */
export type Point = readonly [column: number, row: number];

/** The sides of a square of four neighboring grid points: from which corner to which, clockwise from the top left. */
const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

/**
 * Heights of the middles of fields, and around them those of the border, half a field away, along straight lines.
 *
 * @param heights row by row, `columns` in each.
 */
export function framed(heights: readonly number[], columns: number): readonly number[] {
  const rows = heights.length / columns;
  const wide = Array.from({ length: rows }, (_, row) => ended(heights.slice(row * columns, (row + 1) * columns)));
  const across = Array.from({ length: columns + 2 }, (_, column) => ended(wide.map((row) => row[column])));
  return Array.from({ length: rows + 2 }, (_, row) => across.map((column) => column[row])).flat();
}

/** A row with what lies half a step before its first number and behind its last. */
const ended = (row: readonly number[]): readonly number[] => [
  1.5 * row[0] - 0.5 * row[1],
  ...row,
  1.5 * row[row.length - 1] - 0.5 * row[row.length - 2],
];

/**
 * What is higher than a level: corners of a polygon for each square of the grid that has a part of it.
 *
 * @param heights row by row, `columns` in each.
 */
export function above(heights: readonly number[], columns: number, level: number): Point[][] {
  const polygons: Point[][] = [];
  const rows = heights.length / columns;
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = CORNERS.map(([x, y]) => heights[(row + y) * columns + column + x] - level);
      const polygon = CORNERS.flatMap(([x, y], i): Point[] => {
        const corner: Point[] = at[i] > 0 ? [[column + x, row + y]] : [];
        return [...corner, ...crossing(at, i, column, row)];
      });
      if (polygon.length > 0) polygons.push(polygon);
    }
  }
  return polygons;
}

/** Where a side of a square, from its corner `i` to the next, passes the level. */
function crossing(at: readonly number[], i: number, column: number, row: number): Point[] {
  const next = (i + 1) % 4;
  if (at[i] > 0 === at[next] > 0) return [];
  const share = at[i] / (at[i] - at[next]);
  const [[x, y], [toX, toY]] = [CORNERS[i], CORNERS[next]];
  return [[column + x + share * (toX - x), row + y + share * (toY - y)]];
}

/**
 * The lines along which the numbers equal a level, by their corners.
 *
 * @param heights row by row, `columns` in each.
 */
export const contour = (heights: readonly number[], columns: number, level: number): Point[][] =>
  lineOf(heights, columns, heights.length / columns, level).map((line) =>
    Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i], line[2 * i + 1]]),
  );
