// Ops whose value takes more than one run of a program: runs in other processes, or on other shards of a batch.
import type { Group } from "../attributes.js";
import { makeNode, type Node, type Op } from "../node.js";

/**
 * The sum of a value over all runs of a group, in one fixed order; on a group of one run, the value. Each run's cost gets
 * the gradients of all runs' results, so its gradient is the same op.
 */
export const allReduceOp: Op<"collective"> = {
  name: "allReduce",
  kind: "collective",
  infer: ([x]) => x,
  grad: ({ attrs }, dy) => [allReduce(dy, attrs)],
  key: ({ name }) => name,
};

export const allReduce = (x: Node, group: Group): Node => makeNode(allReduceOp, [x], group);
export const isCollective = (node: Node): node is Node<"collective"> => node.kind === "collective";
