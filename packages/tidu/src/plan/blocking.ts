// Plans blocks: how a large contraction is cut to fit the caches.
import type { ContractKernel } from "../compile/kernel.js";
import { areOneGroup, chainsOf } from "./chains.js";
import type { Registers } from "./registers.js";
import { blockBytes, chainBytes, DEEPEST, groupBytes } from "./scratch.js";
import { type Loop, largest, loopsOf, tallestFor } from "./tile.js";
import { cutColumns, cutRows, evened, type Tiling, tallest } from "./tiling.js";

/**
 * How a large contraction is cut into blocks that fit the caches (Goto and van de Geijn, 2008). Columns make panels of one
 * tile's width and one block's depth; a block of panels stays in the second-level cache while each tile of rows is
 * multiplied with every panel of it. Both are copied together where that costs less than reading them where they are.
 */
export interface BlockPlan {
  /** Whether the operands' roles are exchanged: rows then belong to b. */
  readonly swapped: boolean;
  readonly rowLoop: Loop;
  readonly rows: Tiling;
  readonly columnLoop: Loop;
  readonly columns: Tiling;
  /** Other loops of the result: those that move both operands, or neither, then the rows' and the columns' own. */
  readonly both: readonly Loop[];
  readonly rowOthers: readonly Loop[];
  readonly columnOthers: readonly Loop[];
  /** Loops that are summed over: one block after the other, and within a block. */
  readonly blocks: readonly Loop[];
  readonly inner: readonly Loop[];
  /** Whether each tile of rows is copied together, for every block, before it meets the panels; halves become floats. */
  readonly packRows: boolean;
  /** Whether columns are copied together in panels; else tiles read them where they are. */
  readonly packColumns: boolean;
  /** Steps of the innermost loop that are copied of one panel, or tile of rows, before those of the next; 0: all. */
  readonly stripe: number;
  readonly rowStripe: number;
  /** Tiles of rows that are copied together. */
  readonly group: number;
  /** Panels in a block, and tiles of rows that meet a block before the next is packed. */
  readonly panels: number;
  readonly tiles: number;
}

/** Steps of the summed loops in one block: a panel and a tile of rows then fit the first cache. */
const DEPTH = 640;
const MOST_PANELS = 32;
/** Registers of a panel's width. */
const WIDTH = 2;
export const depthOf = (loops: readonly Loop[]): number => loops.reduce((n, l) => n * l.size, 1);

/** Every way to cut it into blocks of which all is copied, with as many panels as fit and all tiles. */
export function cutsOf(kernel: ContractKernel, registers: Registers): BlockPlan[] {
  const { outer, summed } = loopsOf(kernel);
  const { blocks, inner } = cut(summed);
  if (depthOf(inner) > DEEPEST) return [];
  return [false, true].flatMap((swapped) =>
    [...candidates(outer, swapped)].flatMap((columnLoop) =>
      [...candidates(outer, !swapped)].map((rowLoop) =>
        cutAlong(rowLoop, columnLoop, swapped, outer, { blocks, inner }, registers),
      ),
    ),
  );
}

/**
 * Loops that make columns: the longest, the one that is contiguous in the operand, the one that is so in the result. Those that
 * make rows are the same of the other operand.
 */
function candidates(outer: readonly Loop[], swapped: boolean): Set<Loop> {
  const side = outer.filter((l) => columnStep(l, swapped) !== 0 && rowStep(l, swapped) === 0);
  const own = side.find((l) => Math.abs(columnStep(l, swapped)) === 1);
  return new Set([largest(side), own, side.find((l) => l.c === 1)].filter((l) => l !== undefined));
}

const rowStep = (l: Loop, swapped: boolean): number => (swapped ? l.b : l.a);
const columnStep = (l: Loop, swapped: boolean): number => (swapped ? l.a : l.b);

function cutAlong(
  rowLoop: Loop,
  columnLoop: Loop,
  swapped: boolean,
  outer: readonly Loop[],
  { blocks, inner }: { blocks: readonly Loop[]; inner: readonly Loop[] },
  registers: Registers,
): BlockPlan {
  const { lanes, accumulators } = registers;
  const ofRows = (l: Loop) => rowStep(l, swapped) !== 0;
  const ofColumns = (l: Loop) => columnStep(l, swapped) !== 0;
  const rowOthers = outer.filter((l) => ofRows(l) && !ofColumns(l) && l !== rowLoop);
  const columnOthers = outer.filter((l) => ofColumns(l) && !ofRows(l) && l !== columnLoop);
  const columns = cutColumns(columnLoop.size, lanes);
  const width = Math.ceil(columns.size / lanes);
  const most = Math.floor(accumulators / WIDTH);
  const rows = evened(rowLoop.size, cutRows(rowLoop.size, most, tallestFor({ accumulators })));
  const panelBytes = depthOf(inner) * width * lanes * 4;
  const fitting = Math.max(1, Math.min(MOST_PANELS, Math.floor(blockBytes(registers) / panelBytes)));
  return {
    swapped,
    rowLoop,
    rows,
    columnLoop,
    columns,
    both: outer.filter((l) => ofRows(l) === ofColumns(l)),
    rowOthers,
    columnOthers,
    blocks,
    inner,
    packRows: true,
    packColumns: true,
    stripe: 0,
    rowStripe: 0,
    group: 1,
    panels: Math.min(fitting, depthOf(columnOthers) * columns.count),
    tiles: depthOf(rowOthers) * rows.count,
  };
}

/** Tiles of rows that so many panels may meet before the next block: their unfinished sums are kept meanwhile. */
export function mostTiles(plan: BlockPlan, panels: number, registers: Registers): number {
  const { lanes } = registers;
  if (plan.blocks.length === 0) return tilesOf(plan);
  const bytes = tallest(plan.rows) * Math.ceil(plan.columns.size / lanes) * sumBytes(plan, lanes);
  return Math.min(tilesOf(plan), Math.max(1, Math.floor(blockBytes(registers) / bytes / panels)));
}

/** Memory for a vector of unfinished sums. */
export const sumBytes = ({ blocks, inner }: Pick<BlockPlan, "blocks" | "inner">, lanes: number): number =>
  areOneGroup(chainsOf(inner, false), depthOf(blocks)) ? chainBytes(lanes) : groupBytes(lanes);

/** Tiles of rows in all, and panels of columns. */
export const tilesOf = ({ rowOthers, rows }: BlockPlan): number => depthOf(rowOthers) * rows.count;
export const panelsOf = ({ columnOthers, columns }: BlockPlan): number => depthOf(columnOthers) * columns.count;

/** Cuts the summed loops so that the innermost of them make one block. */
function cut(summed: readonly Loop[]): { blocks: Loop[]; inner: Loop[] } {
  const [blocks, inner]: [Loop[], Loop[]] = [[], []];
  let depth = 1;
  for (const loop of [...summed].reverse()) {
    const room = Math.floor(DEPTH / depth);
    if (blocks.length > 0) blocks.unshift(loop);
    else if (loop.size <= room) inner.unshift(loop);
    else {
      const part = divisor(loop.size, room);
      // Better one deep block than many shallow ones.
      if (part * depth < DEPTH / 8 && inner.length === 0) inner.unshift(loop);
      else {
        if (part > 1) inner.unshift({ ...loop, size: part });
        blocks.unshift({ ...loop, size: loop.size / part, a: loop.a * part, b: loop.b * part });
      }
    }
    depth = depthOf(inner);
  }
  return { blocks, inner };
}

/** The largest divisor of `size` that is at most `most`. */
export function divisor(size: number, most: number): number {
  for (let d = Math.min(most, size); d > 1; d--) if (size % d === 0) return d;
  return 1;
}
