import type { Node } from "../graph/node.js";
import { valuesOf } from "../graph/ops/index.js";

/** Stores parts of expressions that would read more values than a kernel may. */
export function storeCrowded(order: readonly Node[], stored: Set<Node>, most: number): void {
  /** What a value that is computed on the way is made from. */
  const made = new Map<Node, ReadonlySet<Node>>();
  const readsOf = (node: Node): ReadonlySet<Node> =>
    stored.has(node) ? new Set([node]) : (made.get(node) as Set<Node>);
  for (const node of order) {
    const union = () => new Set(valuesOf(node).flatMap((x) => [...readsOf(x)]));
    let reads = union();
    while (reads.size > most) {
      const [largest] = [...valuesOf(node)].sort((p, q) => readsOf(q).size - readsOf(p).size);
      stored.add(largest);
      reads = union();
    }
    made.set(node, reads);
  }
}
