import { sumOp } from "../graph/ops/index.js";
import type {
  Affine,
  Buffer,
  ContractKernel,
  Expr,
  Kernel,
  MakeBuffer,
  Operand,
  ReduceKernel,
  Store,
} from "./kernel.js";
import { rewriter } from "./rewrite.js";

/**
 * Cuts sums with few results into parts that are computed beside each other, and adds up the parts: a weight's gradient
 * has hundreds of results of tens of thousands of products each. The order is fixed, so the same program always gives
 * the same bits. Maxima and the like are cut in the same way.
 *
 * @param parts into how many parts a contraction or a reduction is best cut.
 */
export function cutSums(kernels: readonly Kernel[], parts: (kernel: Long) => number, make: MakeBuffer): Kernel[] {
  return kernels.flatMap((kernel) => {
    if (kernel.kind !== "contract" && kernel.kind !== "reduce") return [kernel];
    const cut = cutAt(kernel, parts(kernel));
    return cut === undefined ? [kernel] : inParts(kernel, cut, make);
  });
}

type Long = ContractKernel | ReduceKernel;

/** A summed loop, and into how many equal pieces it is cut. */
interface Cut {
  readonly axis: number;
  readonly pieces: number;
}

/**
 * The cut that comes nearest to a number of parts; of equal ones that of the outer loop, whose steps are farther apart
 * in memory.
 */
function cutAt({ sizes, outer }: Long, wanted: number): Cut | undefined {
  let best: Cut | undefined;
  const distance = (pieces: number): number => Math.abs(Math.log(pieces / wanted));
  for (let axis = outer; axis < sizes.length; axis++) {
    for (let pieces = 2; pieces <= Math.min(sizes[axis], wanted ** 2); pieces++) {
      if (sizes[axis] % pieces !== 0) continue;
      if (best === undefined || distance(pieces) < distance(best.pieces)) best = { axis, pieces };
    }
  }
  return best !== undefined && distance(best.pieces) < distance(1) ? best : undefined;
}

function inParts(kernel: Long, { axis, pieces }: Cut, make: MakeBuffer): Kernel[] {
  const { sizes, outer, stores } = kernel;
  const length = sizes[axis] / pieces;
  const cut = ({ offset, coef }: Affine): Affine => ({
    offset,
    coef: [...coef.slice(0, outer), coef[axis] * length, ...coef.slice(outer)],
  });
  const operand = ({ buffer, index }: Operand): Operand => ({ buffer, index: cut(index), inside: [] });
  const results = sizes.slice(0, outer);
  // Parts lie in the order of the results that they are parts of.
  const order = results
    .map((_, i) => i)
    .sort((p, q) => Math.abs(stores[0].index.coef[q]) - Math.abs(stores[0].index.coef[p]));
  const strides = new Array<number>(outer + 1).fill(0);
  let step = 1;
  for (const i of [...order].reverse()) {
    strides[i] = step;
    step *= results[i];
  }
  strides[outer] = step;
  const op = kernel.kind === "contract" ? sumOp : kernel.op;
  const buffer: Buffer = make(`${kernel.name}.parts`, [...results, pieces], strides, op.dtype);
  const place = (loops: number): Affine => ({
    offset: 0,
    coef: Array.from({ length: loops }, (_, i) => strides[i] ?? 0),
  });
  const inner = sizes.slice(outer).map((size, i) => (outer + i === axis ? length : size));
  const core: Expr = { kind: "core" };
  const base = {
    name: buffer.name,
    sizes: [...results, pieces, ...inner],
    outer: outer + 1,
    stores: [{ buffer, index: place(sizes.length + 1), guards: [], value: core }],
  };
  const terms: Kernel =
    kernel.kind === "contract"
      ? { ...base, kind: "contract", a: operand(kernel.a), b: operand(kernel.b) }
      : { ...base, kind: "reduce", op, body: rewriter({ index: cut })(kernel.body) };
  const index = ({ offset, coef }: Affine): Affine => ({ offset, coef: [...coef.slice(0, outer), 0] });
  const rewrite = rewriter({ index });
  const sum: Kernel = {
    kind: "reduce",
    name: kernel.name,
    sizes: [...results, pieces],
    outer,
    op,
    body: { kind: "load", buffer, index: place(outer + 1), guards: [] },
    stores: stores.map(
      (s): Store => ({
        ...s,
        index: index(s.index),
        guards: s.guards.map((g) => ({ index: index(g.index), size: g.size })),
        value: rewrite(s.value),
      }),
    ),
  };
  return [terms, sum];
}
