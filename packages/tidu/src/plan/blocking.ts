import type { ContractKernel } from "../compile/kernel.js";
import { FORM_REGISTERS, type Registers } from "./registers.js";
import { DEEPEST, groupBytes, PANEL_BYTES, SUM_BYTES } from "./scratch.js";
import { FAR, type Loop, largest, loopsOf, partsOf, type TilePlan, tallestFor } from "./tile.js";
import { cutColumns, cutRows, type Tiling, tallest, timeOf } from "./tiling.js";

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
export const depthOf = (loops: readonly Loop[]): number => loops.reduce((n, l) => n * l.size, 1);

/** How to cut it at the least cost on a machine with these registers, if that can be done. */
export function planBlocks(kernel: ContractKernel, registers: Registers): BlockPlan | undefined {
  const { outer, summed } = loopsOf(kernel);
  const { blocks, inner } = cut(summed);
  if (depthOf(inner) > DEEPEST) return undefined;
  let best: { plan: BlockPlan; cost: number } | undefined;
  for (const swapped of [false, true])
    for (const columnLoop of candidates(outer, swapped)) {
      const plan = cutAlong(columnLoop, swapped, outer, { blocks, inner }, registers);
      const cost = costOf(plan, registers);
      if (plan !== undefined && (best === undefined || cost < best.cost)) best = { plan, cost };
    }
  return best?.plan;
}

/** Loops that make columns: the one that is contiguous in the result, the one that is so in the operand, the longest. */
function candidates(outer: readonly Loop[], swapped: boolean): Set<Loop> {
  const side = outer.filter((l) => columnStep(l, swapped) !== 0 && rowStep(l, swapped) === 0);
  const own = side.find((l) => Math.abs(columnStep(l, swapped)) === 1);
  return new Set([side.find((l) => l.c === 1), own, largest(side)].filter((l) => l !== undefined));
}

const rowStep = (l: Loop, swapped: boolean): number => (swapped ? l.b : l.a);
const columnStep = (l: Loop, swapped: boolean): number => (swapped ? l.a : l.b);

function cutAlong(
  columnLoop: Loop,
  swapped: boolean,
  outer: readonly Loop[],
  { blocks, inner }: { blocks: readonly Loop[]; inner: readonly Loop[] },
  { lanes, accumulators }: Registers,
): BlockPlan | undefined {
  const ofRows = (l: Loop) => rowStep(l, swapped) !== 0;
  const ofColumns = (l: Loop) => columnStep(l, swapped) !== 0;
  const rowSide = outer.filter((l) => ofRows(l) && !ofColumns(l));
  const rowLoop = largest(rowSide);
  if (rowLoop === undefined) return undefined;
  const rowOthers = rowSide.filter((l) => l !== rowLoop);
  const columnOthers = outer.filter((l) => ofColumns(l) && !ofRows(l) && l !== columnLoop);
  const columns = cutColumns(columnLoop.size, lanes);
  const width = Math.ceil(columns.size / lanes);
  const rows = cutRows(rowLoop.size, Math.floor(accumulators / WIDTH), tallestFor({ accumulators }));
  const tiles = depthOf(rowOthers) * rows.count;
  const fitting = Math.max(1, Math.min(MOST_PANELS, Math.floor(PANEL_BYTES / (depthOf(inner) * width * lanes * 4))));
  const sums = Math.floor(SUM_BYTES / (tallest(rows) * width * groupBytes(lanes)));
  // Copied rows serve the panels of one block: rather few tiles in a block than few panels.
  const panels = Math.min(fitting, depthOf(columnOthers) * columns.count);
  const last = inner.at(-1);
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
    packRows: last === undefined || Math.abs(rowStep(last, swapped)) !== 1,
    panels,
    tiles: blocks.length === 0 ? tiles : Math.min(tiles, Math.max(1, Math.floor(sums / panels))),
  };
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

/** Time that copying, unused lanes, short tiles and stores of single lanes add, as a share of the products' time. */
export function costOf(plan: BlockPlan | undefined, { lanes }: Registers): number {
  if (plan === undefined) return Number.POSITIVE_INFINITY;
  const { columnLoop, columns, rowLoop, rows, panels, packRows, swapped, blocks, inner } = plan;
  const vectors = (columns.count - 1) * Math.ceil(columns.size / lanes) + Math.ceil(columns.last / lanes);
  const idle = (vectors * lanes) / columnLoop.size;
  const short = ((rows.count - 1) * timeOf(rows.size) + timeOf(rows.last)) / rowLoop.size;
  const columnCopy = copying(columnStep(columnLoop, swapped)) / tilesOf(plan);
  const rowCopy = packRows ? copying(rowStep(rowLoop, swapped)) / Math.min(panels, panelsOf(plan)) : 0;
  const scattered = columnLoop.c === 1 ? 0 : (2 * lanes) / (depthOf(blocks) * depthOf(inner));
  return idle * short * (1 + columnCopy + rowCopy + scattered) - 1;
}

/** Time to copy one step of a panel, where one step of a tile's products takes 1. */
const copying = (lane: number): number => (Math.abs(lane) === 1 ? 0.5 : 1.5);

/** Products below which copying is not looked into. */
const LEAST_PRODUCTS = 1 << 18;
/** Whether cutting into blocks beats tiles that read their operands in place. */
export function worthBlocking(kernel: ContractKernel, plan: BlockPlan, tile: TilePlan | undefined): boolean {
  if (depthOf(plan.inner) < 16 || kernel.sizes.reduce((n, s) => n * s, 1) < LEAST_PRODUCTS) return false;
  return tile === undefined || (partsOf(tile).length === 0 && costOf(plan, FORM_REGISTERS) < costInPlace(tile));
}

/** A first cache holds this much of one operand beside what else passes through it. */
const NEAR_BYTES = 24 * 1024;

/** What lies whole pages apart has one place in a first cache, and a tile has more rows and columns than such a place has ways. */
const PAGE = 4096;

/** Bytes between jumps from page to page that are too few for the hardware to see where reading goes. */
const SHORT_RUN = 256;

/** Rows of columns that far apart are still at hand when the next tile reads them. */
const MOST_FAR = 128;

/** Time that a tile which reads in place wastes, as a share of the products' time. */
function costInPlace(tile: TilePlan): number {
  const [row, column] = tile.swapped ? (["b", "a"] as const) : (["a", "b"] as const);
  if (tile.form === "dot") {
    const [rowBytes, columnBytes] = [4 * (tile.rowLoop?.[row] ?? 0), 4 * (tile.columnLoop?.[column] ?? 0)];
    const evicted = [rowBytes, columnBytes].every((bytes) => bytes !== 0 && bytes % PAGE === 0);
    const next = tile.summed.at(-1);
    const jumping = 4 * tile.lanes.size <= SHORT_RUN && next !== undefined && 4 * Math.min(next.a, next.b) >= PAGE;
    return 40 / (depthOf(tile.summed) * tile.lanes.size) + (evicted ? 0.3 : 0.12) + (jumping ? 0.5 : 0);
  }
  const last = tile.summed.at(-1);
  const rowBytes = depthOf(tile.summed) * (tile.rowLoop?.size ?? 1) * 4;
  const rowCost = rowBytes <= NEAR_BYTES ? 0 : last !== undefined && Math.abs(last[row]) === 1 ? 0.05 : 0.4;
  const farSteps = depthOf(tile.summed.filter((l) => Math.abs(l[column]) * 4 >= FAR));
  return rowCost + (farSteps > MOST_FAR ? 0.5 : 0.05) + (tile.laneStep === 1 ? 0 : 0.15);
}
