// Which block of a contraction's results each thread computes: the one that costs least.
import { pointsOf } from "./axes.js";
import type { BlockCost, ThreadCost } from "./card.js";
import type { Product } from "./product.js";

/** Rows and columns of sums that a thread keeps. */
export interface Block {
  readonly rows: number;
  readonly columns: 1 | 2 | 3 | 4;
}

export interface BlockTarget {
  readonly threads: ThreadCost;
  readonly blocks: BlockCost;
}

const ROWS = [1, 2, 3, 4, 5, 6, 8];
/** Sums of one row are the elements of a vector. */
const COLUMNS = [1, 2, 3, 4] as const;

/** Nanoseconds for each result, for each place that a thread finds at its start, and for another dispatch. */
const RESULT = 20;
const PLACE = 10;
const DISPATCH = 50_000;
/** Steps of a sum that a part has at least. */
const SHORTEST = 32;
const MOST_PARTS = 512;

/** Threads along the rows and the columns, and products. */
export const threadsOf = (product: Product, { rows, columns }: Block) => ({
  rows: Math.ceil(pointsOf(product.rows) / rows),
  columns: Math.ceil(pointsOf(product.columns) / columns),
  batch: pointsOf(product.batch),
});

function costOf(product: Product, block: Block, parts: number, { threads, blocks: cost }: BlockTarget): number {
  const { rows, columns } = block;
  const along = threadsOf(product, block);
  const step = cost.step + (rows + columns) * cost.read + rows * columns * cost.product;
  const steps = (pointsOf(product.inner) / parts) * step;
  const each = steps + RESULT * rows * columns + PLACE * (rows + columns);
  return Math.max(threads.busy, along.rows * along.columns * along.batch * parts) * each;
}

/** The block that costs least where the sum is cut into parts, and its cost in nanoseconds of all threads. */
function best(product: Product, parts: number, target: BlockTarget): { block: Block; cost: number } {
  const all = ROWS.flatMap((rows) => COLUMNS.map((columns): Block => ({ rows, columns })));
  return all
    .map((block) => ({ block, cost: costOf(product, block, parts, target) }))
    .reduce((a, b) => (b.cost < a.cost ? b : a));
}

export const blockFor = (product: Product, target: BlockTarget): Block => best(product, 1, target).block;

/** Into how many parts the sums are best cut: few results alone leave a processor idle. */
export function partsOfBlocks(product: Product, target: BlockTarget): number {
  const results = pointsOf(product.rows) * pointsOf(product.columns) * pointsOf(product.batch);
  let [parts, least] = [1, Number.POSITIVE_INFINITY];
  for (let n = 1; n <= MOST_PARTS && pointsOf(product.inner) / n >= SHORTEST; n *= 2) {
    const cost = best(product, n, target).cost + (n === 1 ? 0 : DISPATCH + RESULT * n * results);
    if (cost < least) [parts, least] = [n, cost];
  }
  return parts;
}
