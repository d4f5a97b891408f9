// Makes optimizers from the goldens' options.
import * as optim from "../../../packages/tidu/src/optim/index.js";
import type { Variable } from "../../../packages/tidu/src/tensor/variable.js";
import type { OptimizerRunCase, Options } from "../../goldens/load.js";

type Golden = Pick<OptimizerRunCase, "optimizer" | "options" | "groups" | "clip">;
// biome-ignore lint/suspicious/noExplicitAny: options are as various as the optimizers
const MAKE = optim as unknown as Record<string, (options: any) => optim.Optimizer>;

/** Makes an optimizer from golden options; `variables` are those that its groups name. */
export function makeOptimizer(golden: Golden, variables: Readonly<Record<string, Variable>> = {}): optim.Optimizer {
  const groups = golden.groups?.map(({ params, options }) => ({
    ...options,
    parameters: params.map((p) => variables[p]),
  }));
  const { clip } = golden;
  const clipping: Options = clip === undefined ? {} : { [clip.kind === "norm" ? "clipNorm" : "clipValue"]: clip.max };
  return MAKE[golden.optimizer]({ ...golden.options, ...clipping, ...(groups && { groups }) });
}
