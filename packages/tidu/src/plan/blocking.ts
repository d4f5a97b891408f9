import type { ContractKernel } from "../compile/kernel.js";
import { FORM_REGISTERS, type Registers } from "./registers.js";
import { DEEPEST, groupBytes, PANEL_BYTES, SUM_BYTES } from "./scratch.js";
import { FAR, type Loop, largest, loopsOf, partsOf, type TilePlan, tallestFor } from "./tile.js";
import { cutColumns, cutRows, type Tiling, tallest } from "./tiling.js";

/**
 * How a large contraction is cut into blocks that fit the caches (Goto and van de Geijn, 2008). Columns are copied
 * together in panels of one tile's width and one block's depth; a block of panels stays in the second cache while tile
 * after tile of rows, copied together too where they do not lie so already, meets every panel of it.
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
  /** Whether each tile of rows is copied together, for every block, before it meets the panels. */
  readonly packRows: boolean;
  /** Panels in a block, and tiles of rows that meet a block before the next is packed. */
  readonly panels: number;
  readonly tiles: number;
}

/** Steps of the summed loops in one block: a panel and a tile of rows then fit the first cache. */
const DEPTH = 640;
const MOST_PANELS = 32;
/** Registers of a panel's width. */
const WIDTH = 2;
/** What is cheapest is decided for vectors of so many lanes; fewer columns are not worth a vector. */
const LANES = FORM_REGISTERS.lanes;

export const depthOf = (loops: readonly Loop[]): number => loops.reduce((n, l) => n * l.size, 1);

/** How to cut it, if that can be done; which operand makes the rows is what suits {@link FORM_REGISTERS} best. */
export function planBlocks(kernel: ContractKernel, registers: Registers): BlockPlan | undefined {
  const { outer, summed } = loopsOf(kernel);
  const cost = (swapped: boolean): number => costOf(plansWith(swapped, FORM_REGISTERS));
  return plansWith(cost(false) > cost(true), registers);

  function plansWith(swapped: boolean, goal: Registers): BlockPlan | undefined {
    const rowStep = (l: Loop) => (swapped ? l.b : l.a);
    const columnStep = (l: Loop) => (swapped ? l.a : l.b);
    const rowSide = outer.filter((l) => rowStep(l) !== 0 && columnStep(l) === 0);
    const columnSide = outer.filter((l) => columnStep(l) !== 0 && rowStep(l) === 0);
    const columnLoop = columnSide.find((l) => l.c === 1 && l.size >= LANES) ?? largest(columnSide);
    const rowLoop = largest(rowSide);
    if (columnLoop === undefined || rowLoop === undefined) return undefined;
    const { blocks, inner } = cut(summed);
    if (depthOf(inner) > DEEPEST) return undefined;
    const rowOthers = rowSide.filter((l) => l !== rowLoop);
    const columns = cutColumns(columnLoop.size, goal.lanes);
    const width = Math.ceil(columns.size / goal.lanes);
    const rows = cutRows(rowLoop.size, Math.floor(goal.accumulators / WIDTH), tallestFor(goal));
    const tiles = depthOf(rowOthers) * rows.count;
    const fitting = Math.max(
      1,
      Math.min(MOST_PANELS, Math.floor(PANEL_BYTES / (depthOf(inner) * width * goal.lanes * 4))),
    );
    const sums = Math.floor(SUM_BYTES / (tallest(rows) * width * groupBytes(goal.lanes)));
    const columnOthers = columnSide.filter((l) => l !== columnLoop);
    // Copied rows serve the panels of one block: rather few tiles in a block than few panels.
    const panels = Math.min(fitting, depthOf(columnOthers) * columns.count);
    const most = blocks.length === 0 ? tiles : Math.min(tiles, Math.max(1, Math.floor(sums / panels)));
    const both = outer.filter((l) => (rowStep(l) !== 0) === (columnStep(l) !== 0));
    const last = inner.at(-1);
    const inPlace = last !== undefined && Math.abs(rowStep(last)) === 1;
    return {
      swapped,
      rowLoop,
      rows,
      columnLoop,
      columns,
      both,
      rowOthers,
      columnOthers,
      blocks,
      inner,
      packRows: !inPlace,
      panels,
      tiles: most,
    };
  }
}

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
function divisor(size: number, most: number): number {
  for (let d = Math.min(most, size); d > 1; d--) if (size % d === 0) return d;
  return 1;
}

/** Time that copying, unused lanes and stores of single lanes add, as a share of the products' time. */
export function costOf(plan: BlockPlan | undefined): number {
  if (plan === undefined) return Number.POSITIVE_INFINITY;
  const { columnLoop, columns, rowLoop, rows, panels, packRows, swapped, blocks, inner } = plan;
  const idle = (columns.count * Math.ceil(columns.size / LANES) * LANES) / columnLoop.size;
  const short = ((rows.count - 1) * Math.max(rows.size, LANES) + Math.max(rows.last, LANES)) / rowLoop.size;
  const columnCopy = copying(swapped ? columnLoop.a : columnLoop.b) / tilesOf(plan);
  const rowCopy = packRows ? copying(swapped ? rowLoop.b : rowLoop.a) / Math.min(panels, panelsOf(plan)) : 0;
  const scattered = columnLoop.c === 1 ? 0 : (2 * LANES) / (depthOf(blocks) * depthOf(inner));
  return idle * short * (1 + columnCopy + rowCopy + scattered) - 1;
}

/** Time to copy one step of a panel, where one step of a tile's products takes 1. */
const copying = (lane: number): number => (Math.abs(lane) === 1 ? 0.5 : 1.5);

/** Products below which copying is not looked into. */
const LEAST_PRODUCTS = 1 << 18;
/** Whether cutting into blocks beats tiles that read their operands in place. */
export function worthBlocking(kernel: ContractKernel, plan: BlockPlan, tile: TilePlan | undefined): boolean {
  if (depthOf(plan.inner) < 16 || kernel.sizes.reduce((n, s) => n * s, 1) < LEAST_PRODUCTS) return false;
  return tile === undefined || (partsOf(tile).length === 0 && costOf(plan) < costInPlace(tile));
}

/** A first cache holds this much of one operand beside what else passes through it. */
const NEAR_BYTES = 24 * 1024;

/** Rows of columns that far apart are still at hand when the next tile reads them. */
const MOST_FAR = 128;

/** Time that a tile which reads in place wastes, as a share of the products' time. */
function costInPlace(tile: TilePlan): number {
  if (tile.form === "dot") return 40 / (depthOf(tile.summed) * tile.lanes.size) + 0.03;
  const [row, column] = tile.swapped ? (["b", "a"] as const) : (["a", "b"] as const);
  const last = tile.summed.at(-1);
  const rowBytes = depthOf(tile.summed) * (tile.rowLoop?.size ?? 1) * 4;
  const rowCost = rowBytes <= NEAR_BYTES ? 0 : last !== undefined && Math.abs(last[row]) === 1 ? 0.05 : 0.4;
  const farSteps = depthOf(tile.summed.filter((l) => Math.abs(l[column]) * 4 >= FAR));
  return rowCost + (farSteps > MOST_FAR ? 0.5 : 0.05);
}
