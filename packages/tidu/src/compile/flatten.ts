// Loops of a contraction that run through memory as one become one. With few images, lanes then run along their pixels, too.
import { affinesOf, type ContractKernel, type Kernel, MOST_STEPS } from "./kernel.js";
import { boundsOf } from "./padding.js";
import { moved } from "./rewrite.js";

/** The same kernels, contractions with as few loops as they can have. */
export const flattened = (kernels: readonly Kernel[]): Kernel[] =>
  kernels.map((kernel) => (kernel.kind === "contract" ? flat(kernel) : kernel));

function flat(kernel: ContractKernel): ContractKernel {
  const { sizes, outer, tree } = kernel;
  // Which loops of a result that is added up may be divided among threads is known for each of them.
  const adds = kernel.stores.some((s) => s.accumulate !== undefined);
  const { all } = affinesOf(kernel);
  const loops = sizes.flatMap((_, axis) => {
    // Where products with padding are left out, the loops that these depend on stay as they are.
    const bounds = axis < outer ? undefined : boundsOf(axis, kernel);
    if (bounds !== undefined) all.push(bounds.rest);
    return bounds !== undefined || (axis < outer ? adds : tree && axis === outer) ? [] : [axis];
  });
  for (const near of loops)
    for (const far of loops) {
      if (far === near || far < outer !== near < outer || sizes[far] * sizes[near] > MOST_STEPS) continue;
      if (all.every((index) => runsOn(index.coef, far, sizes[near], near))) return flat(joined(kernel, far, near));
    }
  return kernel;
}

/** Whether steps along the loop `near` continue where they began when `far` takes one. */
const runsOn = (coef: readonly number[], far: number, steps: number, near: number): boolean =>
  coef[far] === coef[near] * steps;

/** The kernel with one loop in place of these two. */
function joined(kernel: ContractKernel, far: number, near: number): ContractKernel {
  const steps = kernel.sizes[near];
  const without = (list: readonly number[]) => list.filter((_, axis) => axis !== far);
  return {
    ...moved(kernel, {
      index: ({ offset, coef }) => ({ offset, coef: without(coef) }),
      keep: (g) => runsOn(g.index.coef, far, steps, near),
    }),
    sizes: without(kernel.sizes.with(near, steps * kernel.sizes[far])),
    outer: kernel.outer - (far < kernel.outer ? 1 : 0),
  };
}
