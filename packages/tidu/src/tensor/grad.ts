// Gradients of tensors.
import { check, listOf, refuseShape } from "../base/check.js";
import { floatOf, isFloat } from "../base/dtype.js";
import { ArgumentError } from "../base/errors.js";
import { formatShape, sameShape } from "../base/shape.js";
import { gradient } from "../grad/reverse.js";
import { type Node, type NodeOf, type Storage, topologicalOrder } from "../graph/node.js";
import { isResult, isVersion } from "../graph/ops/index.js";
import { cellOf, named } from "./cell.js";
import type { Origin } from "./compile.js";
import { aTensor, checkTensor, Tensor } from "./tensor.js";
import { type Place, placeOf, tracing } from "./trace.js";
import { cast } from "./types.js";

/** For each of a list of tensors its gradient. */
export type Gradients<W extends readonly Tensor[]> = { -readonly [K in keyof W]: Tensor };

/**
 * Gradient of one number with respect to tensors that it was computed from, by backpropagation.
 *
 * @param cost a tensor that holds one number.
 * @param wrt the tensors with respect to which to differentiate: inputs, parameters or intermediate values. An
 *   operation that changes nothing, such as a reshape to the same shape, returns its operand, not a new intermediate
 *   value.
 * @returns for each of `wrt` a tensor f32 (by f64 f64) of its shape, zeros where the cost does not depend on it. The results are
 *   ordinary tensors: `grad` of them gives second derivatives.
 * @throws ShapeError if the cost is not one number; ArgumentError for a variable that has been assigned since the cost
 *   was computed from it, and if the path back from the cost ends at the result of a compiled function.
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
  if (cost.size !== 1 || floatOf(cost.dtype) !== cost.dtype)
    refuseShape(where, "cost", cost, "one number, f32; reduce it first, as with sum() or mean()");
  for (const t of wrt)
    if (!isFloat(t.dtype)) refuseShape(where, "a tensor of wrt", t, "of floats; whole numbers have no gradient");
  const root = cost.node;
  const nodes = wrt.map((t) => t.node);
  return gradient(root, nodes, (missing) => checkPresent(root, missing)).map(
    (node, i) => new Tensor(cast(node, floatOf(wrt[i].dtype))),
  );
}

/**
 * Throws where a cost depends on what is missing in a way that no gradient can follow: by an earlier value of a variable, or
 * by the result of a compiled function. What is there itself has a gradient of 0: what the cost does not depend on reads it.
 */
function checkPresent(cost: Node, missing: readonly Node[]): void {
  const flows = (node: Node) => (node.op.grad === undefined ? [] : node.inputs);
  const order = topologicalOrder([cost], undefined, flows);
  const there = new Set(order);
  const absent = missing.filter((node) => !there.has(node));
  if (absent.length === 0) return;
  refuseStale(order, new Set(absent.map(placeOfNode)));
  for (const node of order) if (isResult(node)) refuseResult(node, absent);
}

function refuseStale(order: readonly Node[], places: ReadonlySet<Place | undefined>): void {
  const stale = order.find((node) => {
    const place = placeOfNode(node);
    return place !== undefined && places.has(place);
  });
  if (stale === undefined) return;
  const which = named(placeOfNode(stale) as Place);
  throw new ArgumentError(
    tracing() !== undefined && isVersion(stale)
      ? `grad: the cost was computed from ${which} outside the compiled function; compute it inside`
      : `grad: the cost was computed from an earlier value of ${which}, which has been assigned since; ask for gradients before assigning, or compute the cost again`,
  );
}

/** Throws if a compiled function that gave a result used what a gradient is asked by, or was called with such tensors. */
function refuseResult({ attrs, shape }: NodeOf<"source", Storage>, absent: readonly Node[]): void {
  const { places, inputs } = attrs.from as Origin;
  const behind = absent.find((node) => {
    const place = placeOfNode(node);
    if (place !== undefined && places.includes(place)) return true;
    return inputs.some((input) => input.dtype === node.dtype && sameShape(input.shape, node.shape));
  });
  if (behind === undefined) return;
  throw new ArgumentError(
    `grad: the cost was computed from a result ${formatShape(shape)} of a compiled function, and no gradient flows into that; ask for gradients inside the compiled function, or detach() the result if it is a constant`,
  );
}

const placeOfNode = (node: Node) => cellOf(node) ?? placeOf(node);
