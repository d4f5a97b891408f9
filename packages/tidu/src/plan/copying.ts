// Which operands of a contraction in blocks are copied together, and in which order: all ways, and what each costs.
import { type ContractKernel, expressionsOf, isRead } from "../compile/kernel.js";
import { type BlockPlan, depthOf, divisor, panelsOf, tilesOf } from "./blocking.js";
import type { Registers } from "./registers.js";
import type { Loop } from "./tile.js";
import { timeOf, timeOfAll } from "./tiling.js";

/** Steps copied of one panel before those of the next: the lines that they share with it are still in the first cache. */
const STRIPE = 8;
const LEAST_STRIPE = 4;

/** Steps of a page or more go to the same set of the first cache: more of them than this evict each other. */
const PAGE = 4096;
const MOST_LINES = 8;
/** Pages that a processor finds without looking up tables. */
const MOST_PAGES = 64;

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
export function copies(plan: BlockPlan, kernel: ContractKernel): BlockPlan[] {
  const [rows, columns] = sidesOf(plan, kernel);
  const ofRows = rows.fits ? [false] : rows.float && near(rows.lane) ? [false, true] : [true];
  const ofColumns = columns.float && columns.lane === 1 ? [false, true] : [true];
  const jumps = near(columns.lane) && columns.far > MOST_PAGES;
  const part = jumps ? divisor(plan.inner[plan.inner.length - 1].size, STRIPE) : 0;
  const stripe = part < LEAST_STRIPE ? 0 : part;
  return ofRows.flatMap((packRows) => ofColumns.map((packColumns) => ({ ...plan, packRows, packColumns, stripe })));
}

/** Time of all tiles with idle lanes and short tiles, where full ones would take 1. */
export function unfilled({ columnLoop, columns, rowLoop, rows }: BlockPlan, lanes: number): number {
  const vectors = (columns.count - 1) * Math.ceil(columns.size / lanes) + Math.ceil(columns.last / lanes);
  return ((vectors * lanes) / columnLoop.size) * (timeOfAll(rows) / rowLoop.size);
}

/** Time that copying, far reads, unused lanes, short tiles and stores of single lanes add, as a share of the products' time. */
export function costOf(plan: BlockPlan, kernel: ContractKernel, { lanes }: Registers): number {
  const { columnLoop, columns, rows, panels, packRows, packColumns, blocks, inner, stripe } = plan;
  const [ofRows, ofColumns] = sidesOf(plan, kernel);
  const columnCost = packColumns
    ? copying(columns.size, ofColumns.lane, stripe ? 0 : ofColumns.far) / tilesOf(plan)
    : reading(columns.size, ofColumns);
  const rowCost = packRows
    ? copying(rows.size, ofRows.lane, ofRows.far) / Math.min(panels, panelsOf(plan))
    : reading(rows.size, ofRows);
  // Two vectors by a row take a cycle.
  const step = (timeOf(rows.size) * Math.ceil(columns.size / lanes)) / 2;
  const scattered = (2.5 * lanes * apart(kernel, columnLoop.axis)) / (depthOf(blocks) * depthOf(inner));
  return unfilled(plan, lanes) * (1 + (columnCost + rowCost) / step + scattered) - 1;
}

/** Cycles to copy one step of so many elements. */
const copying = (count: number, lane: number, far: number): number =>
  near(lane) ? Math.ceil(count / 4) * 1.2 + (far > MOST_PAGES ? 6 : 0) : 1.1 * count;

/** Cycles by which one step takes longer where the elements are than in a copy. */
function reading(count: number, { step, far }: Side): number {
  if (near(step) || step === count) return 0;
  return far > MOST_LINES ? 1 + 32 / count : 4 / count;
}

/** How many of the values that a result is made of, or becomes, are not side by side along an axis. */
function apart(kernel: ContractKernel, axis: number): number {
  const touched = [...expressionsOf(kernel).filter(isRead), ...kernel.stores];
  return touched.filter(({ index: { coef } }) => coef[axis] !== 0 && coef[axis] !== 1).length;
}
