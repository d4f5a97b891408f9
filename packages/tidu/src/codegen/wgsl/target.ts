// What programs for a graphics card may use, and the cost of their contractions.
import { isPacked } from "../../base/dtype.js";
import { besideEachOther } from "../../compile/beside.js";
import { storeCrowded } from "../../compile/crowded.js";
import { type ContractKernel, instructionsOf, type Kernel, type ReduceKernel } from "../../compile/kernel.js";
import { cutSums } from "../../compile/partial.js";
import type { Target } from "../../compile/target.js";
import { partsOfBlocks } from "./blocks.js";
import { ALIGNMENT, type WgslTarget } from "./card.js";
import { extentOf, productOf } from "./product.js";
import { partsFor, partsOfSum, tileFor } from "./tiles.js";

/** Operations below which a kernel leaves part of a card idle; larger kernels get a dispatch of their own. */
const SMALL = 1 << 24;

const isSmall = (kernel: Kernel): boolean => {
  const points = kernel.sizes.reduce((n, s) => n * s, 1);
  const each = kernel.kind === "contract" ? 2 : instructionsOf(kernel.stores.map((s) => s.value)) + 2;
  return points * each <= SMALL && kernel.stores.every((s) => !isPacked(s.buffer.dtype));
};

function partsOf(kernel: ContractKernel | ReduceKernel, target: WgslTarget): number {
  const { blocks, threads } = target;
  if (kernel.kind === "contract" && blocks !== undefined) return partsOfBlocks(productOf(kernel), { blocks, threads });
  const extent = kernel.kind === "contract" ? extentOf(productOf(kernel)) : undefined;
  if (extent !== undefined && tileFor(extent, target) !== undefined) return partsFor(extent, target);
  const product = (sizes: readonly number[]): number => sizes.reduce((n, s) => n * s, 1);
  return partsOfSum(product(kernel.sizes.slice(0, kernel.outer)), product(kernel.sizes.slice(kernel.outer)), threads);
}

/** The compiler's target for a card. */
export const compilerTarget = (target: WgslTarget): Target => ({
  together: 32,
  widest: 32,
  vector: 32,
  alignment: ALIGNMENT,
  mostBuffers: target.mostBuffers,
  mostStores: 16,
  longest: 300,
  recompute: 3,
  // Threads cannot add to places that other threads add to as well.
  mostTerms: Number.POSITIVE_INFINITY,
  loops: false,
  winograd: false,
  store: (order, stored) => storeCrowded(order, stored, target.mostBuffers - 1),
  finish(kernels, make) {
    const cut = cutSums(kernels, (kernel) => partsOf(kernel, target), make);
    return target.beside ? besideEachOther(cut, isSmall, target.mostBuffers) : cut.map((k) => [k]);
  },
});
