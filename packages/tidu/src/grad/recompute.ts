// A value whose gradient computes it again, so that nothing in between has to be kept.
import { makeNode, type Node, type Op, topologicalOrder } from "../graph/node.js";
import { isFull, isIndex, reshape } from "../graph/ops/index.js";
import { slopes } from "./reverse.js";

/**
 * The first input, which was computed from all others. Its gradient is that of a copy of all that lies between; the copy
 * waits until the gradient of the value itself is there (checkpointing: Griewank and Walther, ACM TOMS 26, 2000;
 * Chen et al., 2016).
 */
const recomputeOp: Op<"reshape", undefined> = {
  name: "recompute",
  kind: "reshape",
  infer: ([y]) => ({ shape: y.shape, dtype: y.dtype }),
  grad({ inputs: [y, ...edge] }, dy) {
    const copies = new Map<Node, Node>(edge.map((x) => [x, reshape(x, x.shape, dy)]));
    const copy = (x: Node): Node => copies.get(x) as Node;
    for (const node of topologicalOrder([y], copies))
      copies.set(node, node.inputs.length === 0 ? node : makeNode(node.op, node.inputs.map(copy), node.attrs));
    const found = slopes([[copy(y), dy]], edge.map(copy));
    return [undefined, ...edge.map((x) => found.get(copy(x)))];
  },
};

/**
 * The same value, whose gradient computes again what it was made of.
 *
 * @param since only what is younger than this node is computed again.
 */
export function recomputed(y: Node, since: Node): Node {
  const isEdge = (node: Node): boolean => node.id <= since.id || node.inputs.length === 0;
  const all = topologicalOrder([y], undefined, (node) => (isEdge(node) ? [] : node.inputs));
  // Constants as old as `since` were tensors before; younger ones belong to the body.
  const edge = all.filter((node) => isEdge(node) && (node.id <= since.id || !isFull(node)) && !isIndex(node));
  return edge.includes(y) ? y : makeNode(recomputeOp, [y, ...edge], undefined);
}
