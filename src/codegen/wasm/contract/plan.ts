import type { ContractKernel } from "../../../compile/kernel.js";

/** One loop of a contraction and how far a step of it moves each operand and the result, in elements. */
export interface Loop {
  readonly axis: number;
  readonly size: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/**
 * How a contraction uses the vector registers.
 *
 * "outer": lanes run along a loop of one operand and the result; the other operand's elements are spread over all
 * lanes. A tile is `rows` of the spread operand by two vectors of the other.
 * "dot": lanes run along a loop that is summed over and both operands are read in vectors; lanes are added up at the
 * end. A tile is `rows` of one operand by `columns` of the other.
 */
export interface TilePlan {
  readonly form: "outer" | "dot";
  /** The loop that lanes run along. */
  readonly lanes: Loop;
  /** The loop whose steps are the tile's rows, and how many it takes at once. */
  readonly rowLoop?: Loop;
  readonly rows: number;
  /** The other side's loop of the tile; in the outer form this is `lanes`. */
  readonly columnLoop?: Loop;
  readonly columns: number;
  /** Whether the operands' roles are exchanged: rows then belong to b. */
  readonly swapped: boolean;
  /** In the outer form: the result is contiguous along the rows, so tiles are transposed before they are stored. */
  readonly transposed: boolean;
  /** Remaining loops of the result, outermost first. */
  readonly others: readonly Loop[];
  /** Loops that are summed over, outermost first; in the dot form without `lanes`. */
  readonly summed: readonly Loop[];
}

/** Steps shorter than this many bytes stay within the pages and cache lines that the hardware keeps at hand. */
export const FAR = 1024;

/** @param accumulators how many sums a tile may keep in registers beside the operands. */
export function planTile(kernel: ContractKernel, accumulators: number): TilePlan | undefined {
  const { outer, summed } = loopsOf(kernel);
  const candidates = [
    ...outer.map((l) => outerForm(l, outer, summed, accumulators)),
    ...summed.map((l) => dotForm(l, outer, summed, accumulators)),
  ];
  let best: { score: number; plan: TilePlan } | undefined;
  for (const c of candidates) if (c !== undefined && c.score > (best?.score ?? 0)) best = c;
  return best?.plan;
}

/** The loops of a contraction that have more than one step: those of the result, and those that are summed over. */
export function loopsOf(kernel: ContractKernel): { outer: Loop[]; summed: Loop[] } {
  const loops = kernel.sizes.map(
    (size, axis): Loop => ({
      axis,
      size,
      a: kernel.a.index.coef[axis],
      b: kernel.b.index.coef[axis],
      c: axis < kernel.outer ? kernel.stores[0].index.coef[axis] : 0,
    }),
  );
  return {
    outer: loops.slice(0, kernel.outer).filter((l) => l.size > 1),
    summed: mergeRuns(loops.slice(kernel.outer).filter((l) => l.size > 1)),
  };
}

/** Neighbouring summed loops through which both operands run on without a jump are one. */
function mergeRuns(loops: readonly Loop[]): Loop[] {
  const merged: Loop[] = [];
  for (const loop of [...loops].sort((p, q) => q.a + q.b - p.a - p.b)) {
    const last = merged[merged.length - 1];
    if (last !== undefined && last.a === loop.a * loop.size && last.b === loop.b * loop.size) {
      merged[merged.length - 1] = { ...loop, size: last.size * loop.size };
    } else merged.push(loop);
  }
  return merged;
}

/** Share of the lanes of `per` that do useful work over `size` elements. */
const filled = (size: number, per: number): number => size / (Math.ceil(size / per) * per);

function outerForm(lanes: Loop, outer: readonly Loop[], summed: readonly Loop[], accumulators: number) {
  const swapped = lanes.a === 1 && lanes.b === 0;
  if (!(swapped || (lanes.b === 1 && lanes.a === 0))) return undefined;
  const ownRow = (l: Loop) => l !== lanes && (swapped ? l.b !== 0 && l.a === 0 : l.a !== 0 && l.b === 0);
  const contiguous = outer.find((l) => ownRow(l) && l.c === 1);
  const transposed = lanes.c !== 1;
  if (transposed && contiguous === undefined) return undefined;
  const rowLoop = transposed ? contiguous : largest(outer.filter(ownRow));
  const vectors = lanes.size > 4 ? 2 : 1;
  const most = Math.floor(accumulators / vectors);
  const rows = rowLoop === undefined ? 1 : transposed ? Math.min(4, rowLoop.size) : tileOf(rowLoop.size, most);
  const others = outer.filter((l) => l !== lanes && l !== rowLoop);
  const plan: TilePlan = {
    form: "outer",
    lanes,
    rowLoop,
    rows,
    columnLoop: lanes,
    columns: vectors * 4,
    swapped,
    transposed,
    others,
    summed,
  };
  const fit = transposed ? 0.95 * filled((rowLoop as Loop).size, 4) : 1;
  // The spread operand is not packed: steps over whole pages slow it down.
  const far = summed.every((l) => Math.abs(swapped ? l.b : l.a) * 4 >= FAR) ? 0.7 : 1;
  return { score: far * fit * filled(lanes.size, 4) * reuse(rows, vectors), plan };
}

function dotForm(lanes: Loop, outer: readonly Loop[], summed: readonly Loop[], accumulators: number) {
  if (lanes.a !== 1 || lanes.b !== 1) return undefined;
  const mine = outer.filter((l) => l.a !== 0 && l.b === 0);
  const yours = outer.filter((l) => l.b !== 0 && l.a === 0);
  // The side that holds the result's contiguous loop makes the columns, so that a tile is stored in vectors.
  const swapped = mine.some((l) => l.c === 1);
  const [rowSide, columnSide] = swapped ? [yours, mine] : [mine, yours];
  const columnLoop = columnSide.find((l) => l.c === 1) ?? largest(columnSide);
  const rowLoop = largest(rowSide);
  const columns = columnLoop === undefined ? 1 : evenly(columnLoop.size, 5);
  const rows = rowLoop === undefined ? 1 : evenly(rowLoop.size, Math.floor(accumulators / columns));
  const others = outer.filter((l) => l !== rowLoop && l !== columnLoop);
  const rest = summed.filter((l) => l !== lanes);
  const plan: TilePlan = {
    form: "dot",
    lanes,
    rowLoop,
    rows,
    columnLoop,
    columns,
    swapped,
    transposed: false,
    others,
    summed: rest,
  };
  return { score: 0.9 * filled(lanes.size, 4) * reuse(rows, columns), plan };
}

/** Multiplications per load, as a share of the two that a core can do in the time of two loads. */
const reuse = (rows: number, columns: number): number => Math.min(1, (rows * columns) / (rows + columns));

export const largest = (loops: readonly Loop[]): Loop | undefined =>
  loops.reduce<Loop | undefined>((best, l) => (best === undefined || l.size > best.size ? l : best), undefined);

/** Time of a step of a tile with 1 to 5 rows of two vectors: a product of its own must come before the next on a sum. */
const ROW_TIME = [4, 4, 4, 4.4, 5];
const timeOf = (rows: number): number => ROW_TIME[rows - 1] ?? rows;

/** The tile height, at most `most`, that takes least time for all rows. */
export function tileOf(size: number, most: number): number {
  if (size <= most) return size;
  const total = (t: number): number => Math.floor(size / t) * timeOf(t) + (size % t === 0 ? 0 : timeOf(size % t));
  return [5, 4, 3].filter((t) => t <= most).reduce((best, t) => (total(t) < total(best) ? t : best));
}

/** A divisor near 4, so that whole vectors are stored, else 4 with a smaller last tile. */
function evenly(size: number, most: number): number {
  if (size <= most) return size;
  return [4, 5, 3].find((t) => t <= most && size % t === 0) ?? Math.min(4, most);
}
