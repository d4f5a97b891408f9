import type { Kernel, MakeBuffer } from "../kernel.js";
import type { Target } from "../target.js";
import { Filter } from "./filter.js";
import { planFiltering } from "./plan.js";

/**
 * Convolutions by minimal filtering (Winograd 1980; Lavin and Gray, CVPR 2016): where the taps of a contraction's
 * window are three by three, four by four outputs come from 36 products instead of 144. The kernel becomes four, which
 * transform both operands, multiply them point by point (a contraction again), and transform back; what followed the
 * contraction stays where the outputs are made.
 */
export function filterKernels(kernels: readonly Kernel[], target: Target, make: MakeBuffer): Kernel[] {
  return kernels.flatMap((kernel) => {
    if (kernel.kind !== "contract") return [kernel];
    const plan = planFiltering(kernel, target);
    return plan === undefined ? [kernel] : new Filter(kernel, plan, make).kernels();
  });
}
