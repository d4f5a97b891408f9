// Where everything of the drawn network is: columns, units, and the lines between them.
import type { Edges, Pictures } from "../../engine/protocol.js";

/** Pixels at the usual size of text. Above the units: heads, and the row of +; below them the sizes. */
export const HEAD = 28;
export const PLUS = 28;
export const FOOT = 32;
/** A column as narrow as this has its size above the buttons that change it. */
const NARROW = 84;
const NARROW_FOOT = 46;
/** A line below the units that says how many more there are. */
const MORE = 16;
/** The least width of a column, and of one whose size can be pressed. */
const [LEAST, LEAST_SIZED] = [32, 50];
const LARGEST = 144;
const SMALLEST = 12;
const GAP = 5;
/** Units that a column shows at most. */
const MOST = 32;

/** A column: the inputs, or a layer. */
export interface Column {
  readonly left: number;
  readonly width: number;
  /** Units that are shown, and that there are. */
  readonly shown: number;
  readonly all: number;
  readonly side: number;
  /** Top of the first unit. */
  readonly top: number;
  /** Whether its size stands above the buttons that change it. */
  readonly narrow: boolean;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

export const boxOf = ({ left, width, side, top }: Column, unit: number): Box => ({
  left: left + (width - side) / 2,
  top: top + unit * (side + GAP),
  side,
});

/**
 * Columns side by side: those whose size can be pressed need more room.
 *
 * @param text the size of text, as a multiple of the usual one.
 */
export function columnsOf(
  units: readonly (Pictures | undefined)[],
  sized: readonly boolean[],
  { width, height }: { readonly width: number; readonly height: number },
  text: number,
): { readonly columns: readonly Column[]; readonly width: number } {
  const least = sized.map((s) => text * (s ? LEAST_SIZED : LEAST));
  const needed = sum(least);
  const whole = Math.max(width, needed);
  // Where there is room all columns are alike.
  const even = Math.max(0, Math.min(1, (whole / units.length - text * LEAST_SIZED) / (30 * text)));
  const alike = least.map((own) => (1 - even) * (own * (whole / needed)) + even * (whole / units.length));
  const widest = Math.min(...alike) * 0.62;
  const isNarrow = (own: number) => own < text * NARROW;
  const foot = alike.some((own, i) => sized[i] && isNarrow(own)) ? NARROW_FOOT : FOOT;
  const [above, more] = [text * (HEAD + PLUS), text * MORE];
  const room = Math.max(0, height - above - text * foot);
  let left = 0;
  const columns = units.map((pictures, i) => {
    const own = alike[i];
    const count = pictures?.count ?? 0;
    const there = pictures?.all ?? count;
    // A line below says how many more there are.
    const fit = Math.max(1, Math.floor((room - more) / (SMALLEST + GAP)));
    const shown = Math.min(count, MOST, fit);
    const side = Math.max(
      SMALLEST,
      Math.min(LARGEST, widest, (room - (there > shown ? more : 0)) / Math.max(1, shown) - GAP),
    );
    const used = shown * (side + GAP) - GAP + (there > shown ? more : 0);
    const top = above + Math.max(0, (room - used) / 2);
    const column = { left, width: own, shown, all: there, side, top, narrow: isNarrow(own) };
    left += own;
    return column;
  });
  return { columns, width: whole };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** A line from a unit to one of the next column. */
export interface Line {
  readonly layer: number;
  readonly from: number;
  readonly to: number;
  /** Which of the weights it is: row and column of the edges. */
  readonly row: number;
  readonly value: number;
  readonly points: readonly [x1: number, y1: number, x2: number, y2: number];
}

/** The lines into a layer; of maxout as many from unit to unit as it has pieces. */
export function linesOf(
  layer: number,
  from: Column,
  to: Column,
  edges: Edges | undefined,
  pieces: number,
): readonly Line[] {
  if (edges === undefined) return throughLines(layer, from, to);
  const lines: Line[] = [];
  for (let row = 0; row < edges.to; row++) {
    const unit = Math.floor(row / pieces);
    if (unit >= to.shown) break;
    for (let source = 0; source < Math.min(edges.from, from.shown); source++) {
      const value = edges.values[row * edges.from + source];
      lines.push({ layer, from: source, to: unit, row, value, points: between(from, source, to, unit) });
    }
  }
  return lines;
}

/** Where a layer has no weights, each unit goes on to its own. */
const throughLines = (layer: number, from: Column, to: Column): readonly Line[] =>
  from.all !== to.all
    ? []
    : Array.from({ length: Math.min(from.shown, to.shown) }, (_, unit) => ({
        layer,
        from: unit,
        to: unit,
        row: unit,
        value: Number.NaN,
        points: between(from, unit, to, unit),
      }));

function between(from: Column, source: number, to: Column, unit: number): Line["points"] {
  const [a, b] = [boxOf(from, source), boxOf(to, unit)];
  return [a.left + a.side, a.top + a.side / 2, b.left, b.top + b.side / 2];
}

/** How far a point is from a line. */
export function distance([x1, y1, x2, y2]: Line["points"], x: number, y: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x1 + along * dx - x, y1 + along * dy - y);
}
