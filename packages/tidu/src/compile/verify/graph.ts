import { formatShape, sameShape } from "../../base/shape.js";
import { type Node, type Op, topologicalOrder } from "../../graph/node.js";
import { CompilerFault } from "./fault.js";

/** Every node has the type that its op infers from its inputs, and inputs that are older than itself (so no cycles). */
export function verifyGraph(pass: string, roots: readonly Node[]): void {
  for (const node of topologicalOrder(roots)) {
    const op: Op = node.op;
    const { shape, dtype } = op.infer(node.inputs, node.attrs);
    if (!sameShape(shape, node.shape) || dtype !== node.dtype) {
      throw new CompilerFault(
        pass,
        `%${node.id} ${node.op.name} is ${node.dtype}${formatShape(node.shape)}, its inputs make it ${dtype}${formatShape(shape)}`,
      );
    }
    const younger = node.inputs.find((x) => x.id >= node.id);
    if (younger !== undefined)
      throw new CompilerFault(pass, `%${node.id} ${node.op.name} is older than its input %${younger.id}`);
  }
}
