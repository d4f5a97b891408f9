import { makeNode, type Node, type Storage, topologicalOrder } from "../graph/node.js";
import { fromStorage, isStorage } from "../graph/ops/index.js";

/** Values that have been computed and where they are kept. Their graph stays, for gradients to flow through. */
const kept = new WeakMap<Node, Storage>();

/** Notes that a storage holds a node's value. */
export const keep = (node: Node, storage: Storage): void => {
  kept.set(node, storage);
};

/** Where a value is kept, if it has been computed. */
export const keptIn = (node: Node): Storage | undefined => (isStorage(node) ? node.attrs : kept.get(node));

/** The same values, reading what has been computed instead of computing it again. */
export function reuse(roots: readonly Node[]): Node[] {
  const done = new Map<Node, Node>();
  for (const node of topologicalOrder(roots)) {
    const storage = kept.get(node);
    const inputs = node.inputs.map((x) => done.get(x) as Node);
    const same = inputs.every((x, i) => x === node.inputs[i]);
    done.set(node, storage !== undefined ? fromStorage(storage) : same ? node : makeNode(node.op, inputs, node.attrs));
  }
  return roots.map((r) => done.get(r) as Node);
}
