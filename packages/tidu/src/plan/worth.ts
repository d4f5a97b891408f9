// Whether a contraction is cut into blocks. The order of its sums follows from this, so it is decided for registers that are the same
// everywhere, by estimates that do not change with what is known of machines.
import { sizeOf } from "../base/shape.js";
import type { ContractKernel } from "../compile/kernel.js";
import { type BlockPlan, cutsOf, depthOf, panelsOf, tilesOf } from "./blocking.js";
import { sidesOf, unfilled } from "./copying.js";
import { FORM_REGISTERS } from "./registers.js";
import { FAR, type Loop, type TilePlan } from "./tile.js";

/** Products below which copying is not looked into. */
const LEAST_PRODUCTS = 1 << 18;

/** Whether cutting into blocks beats tiles that read their operands in place. */
export function worthBlocking(kernel: ContractKernel, tile: TilePlan | undefined): boolean {
  const cuts = cutsOf(kernel, FORM_REGISTERS);
  if (cuts.length === 0 || depthOf(cuts[0].inner) < 16 || sizeOf(kernel.sizes) < LEAST_PRODUCTS) return false;
  if (tile === undefined) return true;
  return tile.parts.length === 0 && Math.min(...cuts.map((plan) => wasteOf(plan, kernel))) < costInPlace(tile);
}

/** Time that copying, unused lanes, short tiles and stores of single lanes add, as a share of the products' time. */
function wasteOf(plan: BlockPlan, kernel: ContractKernel): number {
  const { columnLoop, panels, blocks, inner } = plan;
  const { lanes } = FORM_REGISTERS;
  const [rows, columns] = sidesOf(plan, kernel);
  const columnCopy = copying(columns.lane) / tilesOf(plan);
  const rowCopy = rows.fits ? 0 : copying(rows.lane) / Math.min(panels, panelsOf(plan));
  const scattered = (storing(columnLoop) * lanes) / (depthOf(blocks) * depthOf(inner));
  return unfilled(plan, lanes) * (1 + columnCopy + rowCopy + scattered) - 1;
}

/** Time to copy one step of a panel, where one step of a tile's products takes 1. */
const copying = (lane: number): number => (Math.abs(lane) === 1 ? 0.5 : 1.5);

/** Addresses whole pages apart map to one set of the first-level cache, which has so many ways at least. */
const PAGE = 4096;
const WAYS = 8;

/** Time to store a lane of a vector, where a step of its products takes 1. */
const storing = ({ c, size }: Loop): number => (c === 1 ? 0 : (4 * c) % PAGE === 0 && size > WAYS ? 40 : 2);

/** A first cache holds this much of one operand beside what else passes through it. */
const NEAR_BYTES = 24 * 1024;

/** With fewer contiguous bytes than this between jumps from page to page, the hardware cannot prefetch. */
const SHORT_RUN = 256;

/** With at most this many rows that are far apart, they are still in the cache when the next tile reads them. */
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
