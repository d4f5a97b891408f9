import type { Node } from "../graph/node.js";
import { valuesOf } from "../graph/ops/index.js";
import { standsAlone } from "./schedule.js";

/** Stores parts of expressions that would read more values than a kernel may. */
export function storeCrowded(order: readonly Node[], stored: Set<Node>, most: number): void {
  /** What a value that is computed on the way is made from. */
  const made = new Map<Node, ReadonlySet<Node>>();
  const readsOf = (node: Node): ReadonlySet<Node> =>
    stored.has(node) ? new Set([node]) : (made.get(node) as Set<Node>);
  for (const node of order) {
    const union = () => new Set(valuesOf(node).flatMap((x) => [...readsOf(x)]));
    const parts = valuesOf(node)
      .filter((x) => !stored.has(x))
      .sort((p, q) => readsOf(p).size - readsOf(q).size);
    // Each value that is joined has a kernel of its own, so there may be any number of them.
    while (node.kind !== "concat" && union().size > most && parts.length > 0) stored.add(parts.pop() as Node);
    made.set(node, standsAlone(node) ? new Set([node]) : union());
  }
}
