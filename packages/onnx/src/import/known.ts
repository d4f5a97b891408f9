// Numbers that are known while the network is traced: sizes, and values that exporters compute from them with ordinary
// operations (take the batch size, join it with others, reshape to that). Such values are ordinary tensors; in
// addition, their elements are computed at once by each operation's definition.

import { Tensor } from "tidu";
import {
  adopt,
  type DType,
  fullNode,
  isFull,
  isIndex,
  meaningOf,
  type NDArray,
  type Node,
  type Shape,
  sizeOf,
  topologicalOrder,
} from "tidu/internal";

const known = new WeakMap<Node, NDArray>();

/** Tensors with more elements are not sizes. */
export const MOST_ELEMENTS = 1024;

/** The elements of a tensor, if they are known. */
export const knownOf = (x: Tensor): NDArray | undefined => known.get(x.node);

/** Whether a tensor stands for one without elements, such as the shape of a single number. */
export const isEmpty = (x: Tensor | undefined): boolean => x !== undefined && knownOf(x)?.data.length === 0;

const [LEAST, MOST] = [-(2 ** 31), 2 ** 31 - 1];

/** Whole numbers limited to the range of i32. */
const clamped = (values: ArrayLike<number>): Int32Array =>
  Int32Array.from({ length: values.length }, (_, i) => Math.min(Math.max(Math.trunc(values[i]), LEAST), MOST));

/** A tensor whose elements are known if they are few; there may be none. */
export function knownTensor(values: ArrayLike<number>, shape: Shape, dtype: "f32" | "i32" | "bool"): Tensor {
  const x = values.length <= 1 ? one(values[0] ?? 0, shape, dtype) : stored(values, shape, dtype);
  if (values.length <= MOST_ELEMENTS) known.set(x.node, { shape, data: Float64Array.from(values) });
  return x;
}

function one(value: number, shape: Shape, dtype: "f32" | "i32" | "bool"): Tensor {
  if (dtype === "bool")
    return stored(
      [value],
      shape.map(() => 1),
      dtype,
    );
  const sizes = shape.map(() => 1);
  return new Tensor(fullNode(dtype === "i32" ? clamped([value])[0] : Math.fround(value), sizes, dtype));
}

const stored = (values: ArrayLike<number>, shape: Shape, dtype: DType): Tensor =>
  adopt(dtype === "f32" ? new Float32Array(values) : clamped(values), shape, dtype);

const NOTHING: ReadonlyMap<Node, NDArray> = new Map();

/** Computes the results of an operation whose inputs are all known. */
export function follow(inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
  if (inputs.some((x) => !known.has(x.node))) return;
  for (const { node } of outputs) {
    if (known.has(node)) continue;
    const elements = evaluate(node, NOTHING, MOST_ELEMENTS);
    if (elements !== undefined) known.set(node, elements);
  }
}

/** Whether the elements of a value are no part of the graph: those of a layer's variables, and of other tensors. */
const isOutside = (node: Node): boolean => node.inputs.length === 0 && !isFull(node) && !isIndex(node);

/** The elements of a value that is made from given and known ones; undefined if something else is in it, or it is too large. */
export function evaluate(
  root: Node,
  given: ReadonlyMap<Node, NDArray>,
  most = Number.POSITIVE_INFINITY,
): NDArray | undefined {
  const values = new Map<Node, NDArray>();
  const elementsOf = (node: Node): NDArray | undefined => values.get(node) ?? given.get(node) ?? known.get(node);
  const order = topologicalOrder([root], { has: (node) => given.has(node) || known.has(node) });
  if (order.some((node) => isOutside(node) || sizeOf(node.shape) > most)) return undefined;
  for (const node of order) {
    values.set(node, meaningOf(node, node.inputs.map(elementsOf) as NDArray[]));
  }
  return elementsOf(root);
}
