// Whether convolutions are filtered: windows bring the code for it, so that pages without them do not carry it.
import type { Kernel, MakeBuffer } from "./kernel.js";
import type { Target } from "./target.js";
import { filterKernels } from "./winograd/index.js";

let filter: typeof filterKernels | undefined;

/** Lets programs be filtered from now on; whatever makes windows calls it. */
export const bringFilters = (): void => {
  filter = filterKernels;
};

/** The same kernels, convolutions filtered where that is less to do. */
export const filtered = (kernels: readonly Kernel[], target: Target, make: MakeBuffer): readonly Kernel[] =>
  filter && target.winograd ? filter(kernels, target, make) : kernels;
