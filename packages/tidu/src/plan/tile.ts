// Plans tiles: which part of a contraction's result the registers hold.
import { sizeOf } from "../base/shape.js";
import type { ContractKernel } from "../compile/kernel.js";
import { type Bounds, boundsOf, savedBy } from "../compile/padding.js";
import { filled } from "../compile/target.js";
import { FORM_REGISTERS, type Registers } from "./registers.js";
import { cutColumns, cutEvenly, cutRows, type Tiling } from "./tiling.js";

/** One loop of a contraction and how far a step of it moves each operand and the result, in elements. */
export interface Loop {
  readonly axis: number;
  readonly size: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** Of a summed loop: the steps whose products are not known to be 0. */
  readonly bounds?: Bounds;
  /** Set where each step is a chain, a leaf of a tree. */
  readonly tree?: boolean;
}

/**
 * How a contraction uses the vector registers.
 *
 * "outer": lanes run along a loop of one operand and the result; the other operand's elements are spread over all
 * lanes. A tile is `rows` of the spread operand by two registers of the other.
 * "dot": lanes run along a loop that is summed over and both operands are read in vectors; lanes are added up at the
 * end. A tile is `rows` of one operand by `columns` of the other.
 */
export interface TilePlan {
  readonly form: "outer" | "dot";
  /** The loop that lanes run along, and how many elements of its operand they are apart. */
  readonly lanes: Loop;
  readonly laneStep: number;
  /** The loop whose steps are the tiles' rows, and how they are cut. */
  readonly rowLoop?: Loop;
  readonly rows: Tiling;
  /** A short loop of the same operand, in the dot form: a tile has all its steps for each of its rows. */
  readonly beside?: Loop;
  /** The other side's loop of the tile; in the outer form this is `lanes`. */
  readonly columnLoop?: Loop;
  readonly columns: Tiling;
  /** Whether the operands' roles are exchanged: rows then belong to b. */
  readonly swapped: boolean;
  /** Remaining loops of the result, outermost first. */
  readonly others: readonly Loop[];
  /** Loops that are summed over, outermost first; in the dot form without `lanes`. */
  readonly summed: readonly Loop[];
  /** Those of them of which a tile runs the steps within the bounds, which are the same for all of it; they come first. */
  readonly parts: readonly Loop[];
}

/** Steps shorter than this many bytes stay within the pages and cache lines that the hardware keeps at hand. */
export const FAR = 1024;
/** The dot form has vectors of so many lanes on every machine: they are sums of their own. */
export const DOT_LANES = 4;
/** Sums of a tile in the dot form: both sides' vectors need registers beside them. */
const MOST_DOTS = 10;
/** Registers that the operands need where a vector has several columns, on machines with many registers. */
const WIDE_OPERANDS = 4;

/** Time to convert a vector of float16; bfloat16 take next to none. */
const CONVERSION = 6;

/** Below this many steps, adding up the lanes at the end takes as long as the products. */
const SHORT_DOT = 6;
/** The value of lanes two elements apart: each vector takes two loads and a shuffle. */
const APART = 0.7;

/** Rows of the highest tile of two vectors of columns. */
export const tallestFor = ({ accumulators }: Pick<Registers, "accumulators">): number => Math.max(6, accumulators / 2);

/**
 * How to use the registers, in the form that suits {@link FORM_REGISTERS} best.
 *
 * @param like a plan whose order of sums it must have.
 */
export function planTile(kernel: ContractKernel, registers: Registers, like?: TilePlan): TilePlan | undefined {
  const { outer, summed } = loopsOf(kernel);
  const conversions = [kernel.a, kernel.b].map(({ buffer }) => (buffer.dtype === "f16" ? CONVERSION : 0));
  const forms = [
    ...outer.map((l) => (r: Registers, parts?: readonly Loop[]) => outerForm(l, outer, summed, r, parts)),
    ...summed.map((l) => (r: Registers, parts?: readonly Loop[]) => dotForm(l, outer, summed, r, conversions, parts)),
  ];
  const fits = ({ form, lanes }: TilePlan): boolean =>
    like === undefined || (form === like.form && (form === "outer" || lanes.axis === like.lanes.axis));
  const found = forms.map((form) => form(FORM_REGISTERS)).map((f) => (f !== undefined && fits(f.plan) ? f : undefined));
  const scores = found.map((form) => form?.score ?? 0);
  const best = scores.indexOf(Math.max(...scores));
  const plan = found[best]?.plan;
  if (plan === undefined) return undefined;
  const { parts } = like ?? plan;
  return forms[best](
    registers,
    summed.filter((l) => parts.some((p) => p.axis === l.axis)),
  )?.plan;
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
      bounds: axis < kernel.outer ? undefined : boundsOf(axis, kernel),
      tree: kernel.tree && axis === kernel.outer,
    }),
  );
  return {
    outer: loops.slice(0, kernel.outer).filter((l) => l.size > 1),
    summed: loops
      .slice(kernel.outer)
      .filter((l) => l.size > 1)
      .sort((p, q) => q.a + q.b - p.a - p.b),
  };
}

/** Whether a tile along some loops can run a part of this one: its bounds are the same for all of the tile. */
const isPart = ({ bounds }: Loop, tile: readonly (Loop | undefined)[]): boolean =>
  bounds !== undefined && tile.every((l) => l === undefined || bounds.rest.coef[l.axis] === 0);

/** Share of a contraction's products that are computed when tiles skip those with padding. */
export const shareDone = (tile: TilePlan, { sizes }: ContractKernel): number =>
  tile.parts.reduce((share, l) => share * (1 - savedBy(l.bounds as Bounds, l.size, sizes)), 1);

function outerForm(lanes: Loop, outer: readonly Loop[], summed: readonly Loop[], registers: Registers, parts = summed) {
  const laneStep = lanes.a === 0 ? lanes.b : lanes.a;
  if ((lanes.a !== 0 && lanes.b !== 0) || !(laneStep === 1 || laneStep === 2)) return undefined;
  const swapped = lanes.a !== 0;
  const ownRow = (l: Loop) => l !== lanes && (swapped ? l.b !== 0 && l.a === 0 : l.a !== 0 && l.b === 0);
  const rowLoop = largest(outer.filter(ownRow));
  const vectors = lanes.size > registers.lanes ? 2 : 1;
  const most = Math.floor(registers.accumulators / vectors);
  const height = rowLoop?.size ?? 1;
  const rows = cutRows(height, most, tallestFor(registers));
  const others = outer.filter((l) => l !== lanes && l !== rowLoop);
  const plan: TilePlan = {
    form: "outer",
    lanes,
    laneStep,
    rowLoop,
    rows,
    columnLoop: lanes,
    columns: cutColumns(lanes.size, registers.lanes),
    swapped,
    others,
    summed,
    parts: parts.filter((l) => isPart(l, [rowLoop, lanes])),
  };
  const fit = lanes.c === 1 ? 1 : 0.6;
  // The spread operand is not packed: steps over whole pages slow it down.
  const far = summed.every((l) => Math.abs(swapped ? l.b : l.a) * 4 >= FAR) ? 0.7 : 1;
  const apart = laneStep === 1 ? 1 : APART;
  return { score: apart * far * fit * filled(lanes.size, FORM_REGISTERS.lanes) * reuse(rows.size, vectors), plan };
}

function dotForm(
  lanes: Loop,
  outer: readonly Loop[],
  summed: readonly Loop[],
  registers: Registers,
  conversions: readonly number[],
  parts?: readonly Loop[],
) {
  if (lanes.a !== 1 || lanes.b !== 1) return undefined;
  // Without given parts the order of sums follows from the plan and its score: they never change.
  const fixed = parts === undefined;
  const tiled = fixed ? outer : outer.filter((l) => parts.every((part) => isPart(part, [l])));
  const mine = tiled.filter((l) => l.a !== 0 && l.b === 0);
  const yours = tiled.filter((l) => l.b !== 0 && l.a === 0);
  // The side that holds the result's contiguous loop makes the columns, so that a tile is stored in vectors; where vectors have
  // several columns, the side that fills them better.
  const stored = mine.some((l) => l.c === 1);
  const wide = registers.lanes > DOT_LANES;
  const rest = summed.filter((l) => l !== lanes);
  const { time, ...tile } = (wide ? [stored, !stored] : [stored])
    .flatMap((swapped) =>
      dotTiles(swapped ? [yours, mine] : [mine, yours], swapped, registers, fixed ? undefined : conversions),
    )
    .reduce((p, q) => (q.time < p.time ? q : p));
  const { rowLoop, rows, beside, columnLoop, columns } = tile;
  const plan: TilePlan = {
    form: "dot",
    lanes,
    laneStep: 1,
    ...tile,
    others: outer.filter((l) => l !== rowLoop && l !== beside && l !== columnLoop),
    summed: rest,
    parts: parts ?? rest.filter((l) => isPart(l, [rowLoop, columnLoop])),
  };
  const steps = sizeOf(rest.map((l) => l.size)) * Math.ceil(lanes.size / DOT_LANES);
  const fold = steps < SHORT_DOT ? 0.5 : 0.9;
  return { score: fold * filled(lanes.size, FORM_REGISTERS.lanes) * reuse(rows.size, columns.size), plan };
}

/**
 * Ways to cut the sides of the dot form into tiles, and the time of four steps of all of them.
 *
 * @param conversions times to convert a vector of each operand; without them, tiles as the order of sums knows them.
 */
function dotTiles(
  [rowSide, columnSide]: readonly (readonly Loop[])[],
  swapped: boolean,
  registers: Registers,
  conversions?: readonly number[],
) {
  const [a, b] = conversions ?? [0, 0];
  const [ofRows, ofColumns] = swapped ? [b, a] : [a, b];
  const columnLoop = columnSide.find((l) => l.c === 1) ?? largest(columnSide);
  const rowLoop = largest(rowSide);
  const [height, length] = [rowLoop?.size ?? 1, columnLoop?.size ?? 1];
  const quads = registers.lanes / DOT_LANES;
  // A divisor, so that whole vectors are stored, else 4 with a smaller last one.
  const widths = quads > 1 ? [1, 2, 3].map((n) => n * quads) : [[4, 5, 3].find((t) => length % t === 0) ?? 4];
  // Every tile converts its columns anew: one alone can serve more rows.
  if (ofColumns) widths.push(1);
  const most = quads > 1 ? registers.accumulators - WIDE_OPERANDS : Math.min(MOST_DOTS, registers.accumulators);
  const besides = conversions ? rowSide.filter((l) => l !== rowLoop) : [];
  return [undefined, ...besides].flatMap((beside) =>
    widths.flatMap((width) => {
      const columns = cutEvenly(length, width);
      const vectors = Math.ceil(columns.size / quads);
      const times = beside?.size ?? 1;
      const tallest = Math.min(quads > 1 || width === 1 ? most : DOT_LANES, Math.floor(most / vectors));
      if (times > tallest) return [];
      const rows = cutEvenly(height, Math.floor(tallest / times));
      const sums = rows.size * times;
      // A vector of columns is put together from fours; sums wait for their own last products.
      const loads = (sums + (columns.size === 1 ? 1 : 2 * quads - 1) * vectors) / 2;
      const step = Math.max(sums * vectors, loads, 4) + ofRows * sums + ofColumns * vectors;
      return { rowLoop, rows, beside, columnLoop, columns, swapped, time: (rows.count * columns.count * step) / times };
    }),
  );
}

/** Multiplications per load, as a share of the two that a core can do in the time of two loads. */
const reuse = (rows: number, columns: number): number => Math.min(1, (rows * columns) / (rows + columns));

export const largest = (loops: readonly Loop[]): Loop | undefined =>
  loops.reduce<Loop | undefined>((best, l) => (best === undefined || l.size > best.size ? l : best), undefined);
