// Ops whose value takes more than one run of a program: runs in other processes, or on other shards of a batch.
import { makeNode, type Node, type Op } from "../node.js";

/** Runs of one program that compute together; what makes their programs ready is `tensor/realizer.ts`'s `Team`. */
export interface Group {
  /** Distinguishes it from other groups in a program's signature; the same in every process. */
  readonly name: string;
}

/**
 * The sum of a value over all runs of a group, in one fixed order; on a group of one run, the value. Each run's cost gets
 * the gradients of all runs' results, so its gradient is the same op.
 */
export const allReduceOp: Op<Group> = {
  name: "allReduce",
  kind: "collective",
  infer: ([x]) => x,
  grad: ({ attrs }, dy) => [allReduce(dy, attrs)],
  key: ({ name }) => name,
};

export const allReduce = (x: Node, group: Group): Node => makeNode(allReduceOp, [x], group);
export const isCollective = (node: Node): node is Node<Group> => node.op.kind === "collective";
