import type { Kernel, MakeBuffer } from "../kernel.js";
import type { Target } from "../target.js";
import { Evenness } from "./even.js";
import { Filter } from "./filter.js";
import { planFiltering } from "./plan.js";

/**
 * Convolutions by minimal filtering (Winograd 1980; Lavin and Gray, CVPR 2016): where the taps of a contraction's
 * window are three by three, four by four outputs come from 36 products instead of 144. The kernel becomes four, which
 * transform both operands, multiply them point by point (a contraction again), and transform back; the epilogue of the
 * contraction goes to the last.
 */
export function filterKernels(kernels: readonly Kernel[], target: Target, make: MakeBuffer): Kernel[] {
  const evenness = new Evenness(make);
  return kernels.flatMap((kernel) => {
    const plan = kernel.kind === "contract" ? planFiltering(kernel, target) : undefined;
    const made =
      kernel.kind !== "contract" || plan === undefined ? [kernel] : new Filter(kernel, plan, make, evenness).kernels();
    evenness.after(kernel);
    return made;
  });
}
