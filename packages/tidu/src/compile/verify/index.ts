import type { Observer, Stages } from "../program.js";
import { CompilerFault } from "./fault.js";
import { verifyGraph } from "./graph.js";
import { isInjective, verifyKernel } from "./kernel.js";
import { verifyMemory } from "./memory.js";
import { verifySchedule, verifySteps } from "./schedule.js";

/**
 * Checks what each pass made against the rules that the next ones rely on, and throws a CompilerFault where one is
 * broken: `compileProgram(updates, PROCESSOR, verifier())`.
 */
export function verifier(): Observer {
  const seen: { -readonly [K in keyof Stages]?: Stages[K] } = {};
  const checks: { readonly [K in keyof Stages]: (product: Stages[K]) => void } = {
    simplified: (roots) => verifyGraph("simplify", roots),
    settled: (roots) => verifyGraph("settle operands", roots),
    plan: (plan) => verifySchedule("schedule", plan),
    steps: (steps) => verifySteps("order", steps, seen.plan as Stages["plan"]),
    layouts: (layouts) => verifyLayouts(layouts),
    program: (program) => {
      for (const kernel of program.kernels) verifyKernel("lower", kernel);
      verifyMemory("plan memory", program);
    },
  };
  return (pass, product) => {
    Object.assign(seen, { [pass]: product });
    (checks[pass] as (product: unknown) => void)(product);
  };
}

/** Strides that give every element a place of its own. */
function verifyLayouts(layouts: Stages["layouts"]): void {
  for (const [node, strides] of layouts) {
    if (!isInjective({ offset: 0, coef: strides }, node.shape)) {
      throw new CompilerFault(
        "lay out",
        `%${node.id} ${node.op.name} of shape [${node.shape}] has strides [${strides}]`,
      );
    }
  }
}
