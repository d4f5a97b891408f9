// Chooses the tile for a contraction: the fastest by the measured costs.

import { THREADS } from "./body.js";
import type { ThreadCost, TileCost, WgslTarget } from "./card.js";
import type { Extent } from "./product.js";

/** Products with fewer rows or columns are run as sums, several threads for each. */
const FEWEST = 3;

export const groupsOf = (tile: TileCost, { rows, columns, batch }: Extent): number =>
  Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns) * batch;

/** Nanoseconds that a contraction takes with a tile: its sum's steps one after the other, workgroups at once while they fit. */
export const costOf = (tile: TileCost, extent: Extent): number =>
  extent.inner * Math.max(tile.alone, groupsOf(tile, extent) * tile.shared);

/** The best tile; undefined where plain sums are better. */
export function tileFor(extent: Extent, { tiles }: WgslTarget): TileCost | undefined {
  if (Math.min(extent.rows, extent.columns) < FEWEST) return undefined;
  let best: TileCost | undefined;
  for (const tile of tiles) if (best === undefined || costOf(tile, extent) < costOf(best, extent)) best = tile;
  return best;
}

/** Nanoseconds that another dispatch costs, and that each byte costs that goes to memory and back. */
const DISPATCH = 4000;
const BYTE = 1 / 1000;
/** Steps of a sum that a part has at least. */
const SHORTEST = 32;
const MOST_PARTS = 512;

/** Terms of a plain sum that a thread has at least, and how many of those who add it up keep a card busy. */
const FEW_TERMS = 256;
const BUSY = 256;

/** The same for plain sums, each by a workgroup, or by a thread where waiting for others costs much. */
export function partsOfSum(results: number, terms: number, { wait }: ThreadCost): number {
  const together = wait > 0 ? 1 : THREADS;
  // Some drivers also abort a thread whose loop takes too long.
  return Math.max(1, Math.min(Math.floor(BUSY / results), Math.floor(terms / (FEW_TERMS * together))));
}

/** Into how many parts a product by tiles is best cut: more of them fill a card that few results leave idle. */
export function partsFor(extent: Extent, target: WgslTarget): number {
  let [best, least] = [1, Number.POSITIVE_INFINITY];
  for (let parts = 1; parts <= MOST_PARTS && extent.inner / parts >= SHORTEST; parts *= 2) {
    const cut = { ...extent, batch: extent.batch * parts, inner: extent.inner / parts };
    const again = parts === 1 ? 0 : DISPATCH + 8 * parts * extent.batch * extent.rows * extent.columns * BYTE;
    const cost = Math.min(...target.tiles.map((tile) => costOf(tile, cut))) + again;
    if (cost < least) [best, least] = [parts, cost];
  }
  return best;
}
