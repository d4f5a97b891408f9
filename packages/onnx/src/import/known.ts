// Numbers that are known while the network is traced: sizes, and what exporters compute from them with ordinary
// operations (take the batch's size, join it with others, reshape to that). Such values are tensors like any other;
// beside that, their elements are worked out at once by each operation's own definition.

import { full, type Tensor } from "tidu";
import { adopt, isStorage, meaningOf, type NDArray, type Node, sizeOf, topologicalOrder } from "tidu/internal";

/** A known tensor's elements. */
export interface Known extends NDArray {
  /** Whether ONNX has them as integers, whose quotients are integers. */
  readonly whole: boolean;
}

const known = new WeakMap<Node, Known>();

/** Tensors of more elements are no sizes. */
const MOST_ELEMENTS = 1024;

/** The elements of a tensor, if they are known. */
export const knownOf = (x: Tensor): Known | undefined => known.get(x.node);

/** A tensor, held as f32, whose elements are known if they are few. */
export function knownTensor(values: ArrayLike<number>, shape: readonly number[], whole: boolean): Tensor {
  const x = values.length === 1 ? full(shape, values[0]) : adopt(Float32Array.from(values), shape);
  if (values.length <= MOST_ELEMENTS) known.set(x.node, { shape, data: Float64Array.from(values), whole });
  return x;
}

/** Works out results of an operation whose inputs are all known. */
export function follow(inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
  const given = inputs.map(knownOf);
  if (given.includes(undefined)) return;
  const whole = given.every((k) => k?.whole);
  for (const { node } of outputs) {
    if (known.has(node)) continue;
    const elements = evaluate(node);
    if (elements !== undefined) known.set(node, { ...elements, whole });
  }
}

function evaluate(root: Node): NDArray | undefined {
  const values = new Map<Node, NDArray>();
  const order = topologicalOrder([root], known);
  if (order.some((node) => isStorage(node) || sizeOf(node.shape) > MOST_ELEMENTS)) return undefined;
  for (const node of order) {
    const inputs = node.inputs.map((n) => known.get(n) ?? (values.get(n) as NDArray));
    values.set(node, meaningOf(node, inputs));
  }
  return values.get(root);
}
