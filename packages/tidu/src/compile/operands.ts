import { type AffineMap, composeMaps, reach, sliceMap, staysInside } from "../base/affine.js";
import { type Node, topologicalOrder, withInputs } from "../graph/node.js";
import { view } from "../graph/ops/index.js";

/**
 * Gives every contraction operands that its kernel can read in place: a stored value seen through one affine view
 * that stays inside it. A view that leaves its input (the zeros around an image) is split into a padded copy, which is
 * stored, and a view inside that. Halves stay as they are stored: kernels widen them as they read.
 *
 * @returns the roots, rewritten, and the values that must therefore be stored.
 */
export function settleOperands(roots: readonly Node[]): { roots: Node[]; stored: Set<Node> } {
  const stored = new Set<Node>();
  const padded = new Map<string, Node>();
  const done = new Map<Node, Node>();
  const pad = (x: Node, map: AffineMap): Node => {
    const key = `${x.id}|${map.domain}|${map.offset}`;
    const known = padded.get(key) ?? view(x, map);
    padded.set(key, known);
    return known;
  };
  const settle = (operand: Node): Node => {
    let base = operand;
    let map: AffineMap | undefined;
    for (;;) {
      if (base.kind === "view" && (map === undefined || staysInside(map))) {
        const inner = base.attrs;
        map = map === undefined ? inner : composeMaps(map, inner);
      } else if (base.kind !== "elementwise" || !base.op.widens) break;
      base = base.inputs[0];
    }
    if (map !== undefined && !staysInside(map)) {
      const low = map.source.map((_, s) => Math.min(0, reach(map as AffineMap, s)[0]));
      const high = map.source.map((size, s) => Math.max(size - 1, reach(map as AffineMap, s)[1]));
      const shape = low.map((l, s) => high[s] - l + 1);
      base = pad(base, sliceMap(base.shape, shape, low));
      map = { ...map, source: shape, offset: map.offset.map((o, s) => o - low[s]) };
    }
    // A reshape is another way to see what is stored.
    stored.add(base.kind === "reshape" ? base.inputs[0] : base);
    return map === undefined ? base : view(base, map);
  };
  for (const node of topologicalOrder(roots)) {
    let inputs = node.inputs.map((x) => done.get(x) as Node);
    if (node.kind === "contract") inputs = inputs.map(settle);
    done.set(node, withInputs(node, inputs));
  }
  return { roots: roots.map((r) => done.get(r) as Node), stored };
}
