import { check, listOf, refuseShape } from "../base/check.js";
import { ArgumentError } from "../base/errors.js";
import { formatShape } from "../base/shape.js";
import { gradient } from "../grad/reverse.js";
import { type Node, topologicalOrder } from "../graph/node.js";
import { isVersion } from "../graph/ops/index.js";
import { cellOf } from "./cell.js";
import { aTensor, checkTensor, Tensor } from "./tensor.js";
import { placeOf, tracing } from "./trace.js";

/** For each of a list of tensors its gradient. */
export type Gradients<W extends readonly Tensor[]> = { -readonly [K in keyof W]: Tensor };

/**
 * Gradient of one number by any tensors it was computed from, by the chain rule from the cost backwards.
 *
 * @param cost a tensor that holds one number.
 * @param wrt the tensors to differentiate by, inputs, parameters or values in between.
 * @returns for each of `wrt` a tensor of its shape, zeros where the cost does not depend on it. The results are
 *   ordinary tensors: `grad` of them gives second derivatives.
 * @throws ShapeError if the cost is not one number; ArgumentError for a variable that has been assigned since the cost was
 *   computed from it.
 *
 * @example
 * ```ts
 * import { grad, tensor } from "tidu";
 *
 * const x = tensor([3])
 * const [slope] = grad(x.square().sum(), [x])
 * console.log(await slope.array()); // [6]
 * ```
 */
export function grad<const W extends readonly Tensor[]>(cost: Tensor, wrt: W): Gradients<W> {
  checkTensor("grad", "cost", cost);
  check("grad", "wrt", wrt, listOf(aTensor, "a list of tensors"));
  return gradientsOf("grad", cost, wrt) as Gradients<W>;
}

/** The same for a method of another name. */
export function gradientsOf(where: string, cost: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (cost.size !== 1 || cost.dtype !== "f32")
    refuseShape(where, "cost", cost, "one number, f32; reduce it first, as with sum() or mean()");
  for (const t of wrt)
    if (t.dtype !== "f32") refuseShape(where, "a tensor to differentiate by", t, "f32; whole numbers have no gradient");
  const root = cost.node;
  const nodes = wrt.map((t) => t.node);
  return gradient(root, nodes, (missing) => checkPresent(root, missing)).map((node) => new Tensor(node));
}

/** Throws for values of variables that a cost does not depend on, if it depends on earlier values of the same ones. */
function checkPresent(cost: Node, missing: readonly Node[]): void {
  const places = new Set(missing.map(placeOfNode).filter((place) => place !== undefined));
  if (places.size === 0) return;
  const flows = (node: Node) => (node.op.grad === undefined ? [] : node.inputs);
  const stale = topologicalOrder([cost], undefined, flows).find((node) => {
    const place = placeOfNode(node);
    return place !== undefined && places.has(place);
  });
  if (stale === undefined) return;
  const name = placeOfNode(stale)?.storage.name;
  const which = `the variable ${name === undefined ? "" : `"${name}" `}${formatShape(stale.shape)}`;
  throw new ArgumentError(
    tracing() !== undefined && isVersion(stale)
      ? `grad: the cost was computed from ${which} outside the compiled function; compute it inside`
      : `grad: the cost was computed from an earlier value of ${which}, which has been assigned since; ask for gradients before assigning, or compute the cost again`,
  );
}

const placeOfNode = (node: Node) => cellOf(node) ?? placeOf(node);
