// Lines along which values on a grid are the same: marching squares, whose pieces are strung together, since browsers draw
// one long line in half the time that its pieces take.

/** x and y of each corner, one after the other; a ring ends where it began. */
export type Line = readonly number[];

/** The lines of a level, in units of the grid: the first value lies at 0, 0. */
export function contour(values: ArrayLike<number>, width: number, height: number, level: number): Line[] {
  const ends = piecesOf(values, width, height, level);
  const met = metOf(ends, 2 * width * height);
  const isDone = new Uint8Array(ends.length);
  const lines: Line[] = [];
  const follow = (first: number): void => {
    const line: number[] = [];
    addCrossing(line, values, width, level, ends[first]);
    for (let end = first; end >= 0 && isDone[end] === 0; end = met[end ^ 1]) {
      isDone[end] = isDone[end ^ 1] = 1;
      addCrossing(line, values, width, level, ends[end ^ 1]);
    }
    lines.push(line);
  };
  // Those that come from the border; what is left are rings.
  for (let end = 0; end < ends.length; end++) if (met[end] < 0 && isDone[end] === 0) follow(end);
  for (let end = 0; end < ends.length; end++) if (isDone[end] === 0) follow(end);
  return lines;
}

/**
 * Each piece goes through one square of the grid: the sides at which it ends follow each other. A side lies between a value and
 * the one right of it, or below it: its number is twice that of the value, or one more. No arrays on the way: this is done as
 * often as the page draws.
 */
function piecesOf(values: ArrayLike<number>, width: number, height: number, level: number): number[] {
  const ends: number[] = [];
  for (let y = 0; y + 1 < height; y++) {
    let at = y * width;
    let a = values[at] > level;
    let d = values[at + width] > level;
    for (const last = at + width - 1; at < last; at++) {
      const b = values[at + 1] > level;
      const c = values[at + width + 1] > level;
      // Most squares have no piece.
      if (a === b && b === c && c === d) continue;
      if (a !== b) ends.push(2 * at);
      if (b !== c) ends.push(2 * (at + 1) + 1);
      if (c !== d) ends.push(2 * (at + width));
      if (d !== a) ends.push(2 * at + 1);
      a = b;
      d = c;
    }
  }
  return ends;
}

/** Of each end the one that it meets at its side, or -1 at the border. */
function metOf(ends: readonly number[], sides: number): Int32Array {
  const met = new Int32Array(ends.length).fill(-1);
  const firstAt = new Int32Array(sides).fill(-1);
  ends.forEach((side, end) => {
    const first = firstAt[side];
    if (first < 0) firstAt[side] = end;
    else {
      met[first] = end;
      met[end] = first;
    }
  });
  return met;
}

/** Where the level passes a side. */
function addCrossing(line: number[], values: ArrayLike<number>, width: number, level: number, side: number): void {
  const at = side >> 1;
  const isDown = side % 2 === 1;
  const share = (level - values[at]) / (values[at + (isDown ? width : 1)] - values[at]);
  line.push((at % width) + (isDown ? 0 : share), Math.floor(at / width) + (isDown ? share : 0));
}
