// Which operands of a contraction in blocks are copied together, and in which order: all ways, and what each costs.
import { type ContractKernel, expressionsOf, isRead } from "../compile/kernel.js";
import { type BlockPlan, depthOf, divisor, mostTiles, panelsOf, tilesOf } from "./blocking.js";
import type { Registers } from "./registers.js";
import { DEEPEST } from "./scratch.js";
import type { Loop } from "./tile.js";
import { timeOf, timeOfAll } from "./tiling.js";

/** Steps copied of one panel before those of the next: the lines that they share with it are still in the first cache. */
const STRIPE = 8;
const LEAST_STRIPE = 4;
/** Tiles of rows that are copied together where they share lines and pages. */
const MOST_GROUP = 4;

/** Steps of a page or more go to the same set of the first cache: more of them than this evict each other. */
const PAGE = 4096;
const MOST_LINES = 8;
/** Pages that a processor finds without looking up tables. */
const MOST_PAGES = 64;

/** Cycles to fetch an element that the block at hand has not read yet. */
const FETCH = 0.25;

/** Cycles that loading a vector of columns adds to a step, for any number of rows: taller tiles load less often. */
const LOAD = 0.25;

/** Elements of a cache line. */
const LINE = 16;

const near = (step: number): boolean => Math.abs(step) === 1;

/** How an operand runs through memory. */
interface Side {
  readonly float: boolean;
  /** Elements from lane to lane, and from step to step of the innermost loop. */
  readonly lane: number;
  readonly step: number;
  /** Steps that are far apart. */
  readonly far: number;
  /** Whether steps are contiguous, in float32. */
  readonly fits: boolean;
}

/** Those of rows and of columns. */
export function sidesOf({ swapped, inner, rowLoop, columnLoop }: BlockPlan, kernel: ContractKernel): [Side, Side] {
  const side = (operand: "a" | "b", { [operand]: lane }: Loop): Side => {
    const float = kernel[operand].buffer.dtype === "f32";
    const step = inner.at(-1)?.[operand] ?? 0;
    const far = depthOf(inner.filter((l) => Math.abs(l[operand]) * 4 >= PAGE));
    return { float, lane, step, far, fits: float && near(step) };
  };
  return swapped ? [side("b", rowLoop), side("a", columnLoop)] : [side("a", rowLoop), side("b", columnLoop)];
}

/** The same blocks with all ways of copying rows and columns. */
export function copies(plan: BlockPlan, kernel: ContractKernel, registers: Registers): BlockPlan[] {
  const [rows, columns] = sidesOf(plan, kernel);
  const ofRows = rows.fits ? [false] : rows.float && near(rows.lane) ? [false, true] : [true];
  const ofColumns = columns.float && columns.lane === 1 ? [false, true] : [true];
  const last = plan.inner[plan.inner.length - 1].size;
  const stripeOf = ({ lane, far }: Side): number => {
    const part = near(lane) && far > MOST_PAGES ? divisor(last, STRIPE) : 0;
    return part < LEAST_STRIPE ? 0 : part;
  };
  const [rowStripe, stripe] = [stripeOf(rows), stripeOf(columns)];
  const group = rowStripe === 0 ? 1 : Math.min(MOST_GROUP, Math.floor(DEEPEST / depthOf(plan.inner)));
  return partsOf(plan, registers).flatMap((parts) =>
    ofRows.flatMap((packRows) =>
      ofColumns.map((packColumns) => ({ ...plan, ...parts, packRows, packColumns, stripe, rowStripe, group })),
    ),
  );
}

/** Panels and tiles in a block, of even parts: fewer panels leave memory for the sums of more tiles. */
function partsOf(plan: BlockPlan, registers: Registers): Pick<BlockPlan, "panels" | "tiles">[] {
  const [allPanels, allTiles] = [panelsOf(plan), tilesOf(plan)];
  const even = (all: number, most: number): number => Math.ceil(all / Math.ceil(all / most));
  const parts = [];
  for (let panels = even(allPanels, plan.panels); panels > 0; panels = even(allPanels, panels - 1)) {
    const tiles = even(allTiles, mostTiles(plan, panels, registers));
    parts.push({ panels, tiles });
    if (tiles === allTiles) break;
  }
  return parts;
}

/** Time of all tiles with idle lanes and short tiles, where full ones would take 1. */
export function unfilled({ columnLoop, columns, rowLoop, rows }: BlockPlan, lanes: number): number {
  const vectors = (columns.count - 1) * Math.ceil(columns.size / lanes) + Math.ceil(columns.last / lanes);
  return ((vectors * lanes) / columnLoop.size) * (timeOfAll(rows) / rowLoop.size);
}

/** Time that copying, far reads, unused lanes, short tiles and stores of single lanes add, as a share of the products' time. */
export function costOf(plan: BlockPlan, kernel: ContractKernel, { lanes }: Registers): number {
  const { columns, rows, panels, tiles, packRows, packColumns, blocks, inner, stripe } = plan;
  const [ofRows, ofColumns] = sidesOf(plan, kernel);
  const far = stripe ? 0 : ofColumns.far;
  const vectors = Math.ceil(columns.size / lanes);
  // Columns are fetched for each part of the tiles, and rows for each part of the panels.
  const cycles =
    LOAD * vectors +
    (packColumns ? 0 : reading(columns.size, ofColumns) + splitting(columns.size, ofColumns)) +
    (packRows ? 0 : reading(rows.size, ofRows)) +
    again(tilesOf(plan), tiles) *
      (FETCH * columns.size + (packColumns ? copying(columns.size, ofColumns.lane, far) : 0)) +
    again(panelsOf(plan), panels) * (FETCH * rows.size + (packRows ? copying(rows.size, ofRows.lane, ofRows.far) : 0));
  // Two vectors by a row take a cycle.
  const step = (timeOf(rows.size) * vectors) / 2;
  const scattered = (lanes * scattering(kernel, plan)) / (depthOf(blocks) * depthOf(inner));
  return unfilled(plan, lanes) * (waiting(plan, lanes) + cycles / step + scattered) - 1;
}

/** Time of a step, where two vectors of columns by as many rows would take 1: the sums of one wait for their last product, or for loads. */
const waiting = ({ columns, rows }: BlockPlan, lanes: number): number =>
  columns.size > lanes ? 1 : Math.max(8, rows.size + 1) / timeOf(rows.size);

/** How many parts of so many there are, for each of all. */
const again = (all: number, part: number): number => Math.ceil(all / part) / all;

/** Cycles to copy one step of so many elements. */
const copying = (count: number, lane: number, far: number): number =>
  near(lane) ? Math.ceil(count / 4) * 1.2 + (far > MOST_PAGES ? 6 : 0) : 1.1 * count;

/** Cycles by which one step takes longer where the elements are than in a copy. */
function reading(count: number, { step, far }: Side): number {
  if (near(step) || step === count) return 0;
  return far > MOST_LINES ? 1 + 32 / count : 4 / count;
}

/** Cycles by which one step of columns takes longer where vectors do not begin at cache lines. */
const splitting = (count: number, { step }: Side): number => (step % LINE === 0 ? 0 : (0.5 * count) / LINE);

/** Cycles to store or read a value of a single lane: beside those of other rows, or alone in its line. */
const [BESIDE, ALONE] = [2.5, 10];
/** More where lanes are a page or more apart: they miss the first cache. */
const PAGE_APART = 6;

/** Cycles for the values of a lane that a result is made of, or becomes, which are not side by side along the columns. */
function scattering(kernel: ContractKernel, { columnLoop, rowLoop }: BlockPlan): number {
  const touched = [...expressionsOf(kernel).filter(isRead), ...kernel.stores];
  return touched.reduce((sum, { index: { coef } }) => {
    const step = coef[columnLoop.axis];
    if (step === 0 || step === 1) return sum;
    return sum + (coef[rowLoop.axis] === 1 ? BESIDE : ALONE) + (4 * Math.abs(step) < PAGE ? 0 : PAGE_APART);
  }, 0);
}
