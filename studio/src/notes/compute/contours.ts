// Lines of equal height through numbers on a grid: marching squares.

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
 * Pieces of the lines along which the numbers equal a level; each crosses one square of the grid in a straight line.
 *
 * @param heights row by row, `columns` in each.
 */
export function contour(heights: readonly number[], columns: number, level: number): [Point, Point][] {
  const pieces: [Point, Point][] = [];
  const rows = heights.length / columns;
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = CORNERS.map(([x, y]) => heights[(row + y) * columns + column + x] - level);
      const crossings = CORNERS.flatMap(([x, y], i): Point[] => {
        const next = (i + 1) % 4;
        if (at[i] > 0 === at[next] > 0) return [];
        const share = at[i] / (at[i] - at[next]);
        const [toX, toY] = CORNERS[next];
        return [[column + x + share * (toX - x), row + y + share * (toY - y)]];
      });
      for (let i = 0; i + 1 < crossings.length; i += 2) pieces.push([crossings[i], crossings[i + 1]]);
    }
  }
  return pieces;
}
