/** How a loop is cut into tiles: `count` of them, each of `size` steps but the last, which may be shorter or longer. */
export interface Tiling {
  readonly size: number;
  readonly count: number;
  readonly last: number;
}

/** Tiles of one size, and what is left as the last. */
export function cutEvenly(steps: number, size: number): Tiling {
  if (steps <= size) return { size: steps, count: 1, last: steps };
  const count = Math.ceil(steps / size);
  return { size, count, last: steps - (count - 1) * size };
}

/** Time of a step of a tile with 1 to 6 rows of two vectors: each sum has to wait for its previous product. */
const ROW_TIME = [4, 4, 4, 4.4, 5, 6];
export const timeOf = (rows: number): number => ROW_TIME[rows - 1] ?? rows;

/** The same of one tile after the other. */
export const timeOfAll = ({ size, count, last }: Tiling): number => (count - 1) * timeOf(size) + timeOf(last);

/** Tiles of fewer rows are only made of a rest; one with a single vector of columns need not be higher than usual. */
const LEAST_ROWS = 3;
const USUAL_ROWS = 6;

/** The tiles, of at most `most` rows, that take least time for all rows. */
export function cutRows(rows: number, most: number, highest = USUAL_ROWS): Tiling {
  if (rows <= most) return cutEvenly(rows, rows);
  const top = Math.min(most, highest);
  return Array.from({ length: top - LEAST_ROWS + 1 }, (_, i) => top - i)
    .map((size) => joinRest(cutEvenly(rows, size), most))
    .reduce((best, t) => (timeOfAll(t) < timeOfAll(best) ? t : best));
}

/** As many tiles, of more even heights if that takes no longer. */
export function evened(rows: number, tiles: Tiling): Tiling {
  const even = cutEvenly(rows, Math.ceil(rows / tiles.count));
  return even.count === tiles.count && even.last > tiles.last && timeOfAll(even) <= timeOfAll(tiles) ? even : tiles;
}

/** Makes one tile of a short rest and the tile before it, if they are at most `most` rows together. */
function joinRest({ size, count, last }: Tiling, most: number): Tiling {
  return count > 1 && size + last <= most ? { size, count: count - 1, last: size + last } : { size, count, last };
}

/** Tiles of two registers. */
export const cutColumns = (columns: number, lanes: number): Tiling => cutEvenly(columns, 2 * lanes);

/** Rows of the tallest tile. */
export const tallest = ({ size, last }: Tiling): number => Math.max(size, last);
