// Gradients, graph to graph: backwards through the nodes, by the rule of each op.
import { floatOf } from "../base/dtype.js";
import { type Node, type Op, type Transposes, topologicalOrder } from "../graph/node.js";
import { apply, elementwise, full, scatter, unview } from "../graph/ops/index.js";
import { joinSlices } from "./slices.js";

const TRANSPOSES: Transposes = { unview, scatter };

/**
 * Reverse-mode gradient, graph to graph (Rumelhart, Hinton and Williams, Nature 323, 1986).
 *
 * @param cost one number, f32 or f64, of any rank.
 * @param wrt the values to differentiate by.
 * @param onMissing told which of them, if any, the cost does not depend on.
 * @returns d cost / d wrt, each of its value's shape; zeros where the cost does not depend on it. The result is an
 *   ordinary graph, so it can be differentiated again.
 */
export function gradient(
  cost: Node,
  wrt: readonly Node[],
  onMissing: (missing: readonly Node[]) => void = () => {},
): Node[] {
  const total = slopes([[cost, full(1, cost.shape, floatOf(cost.dtype))]], wrt);
  const missing = wrt.filter((x) => !total.has(x));
  if (missing.length > 0) onMissing(missing);
  return wrt.map((x) => total.get(x) ?? full(0, x.shape, floatOf(x.dtype)));
}

/**
 * The gradient of a cost by values that others were computed from, as far as `wrt` depends on them or is among them.
 *
 * @param known the gradients of the cost by some values.
 */
export function slopes(known: readonly (readonly [y: Node, dy: Node])[], wrt: readonly Node[]): Map<Node, Node> {
  const order = topologicalOrder(known.map(([y]) => y));
  const targets = new Set(wrt);
  const relevant = new Set<Node>();
  for (const node of order) {
    if (targets.has(node) || node.inputs.some((x) => relevant.has(x))) relevant.add(node);
  }
  /** What each gradient is the sum of, and for each loop the gradients by its results. */
  const parts = new Map<Node, Node[]>();
  const results = new Map<Node, Map<Node<"part">, Node>>();
  const add = (x: Node, dx: Node | undefined): void => {
    if (dx === undefined || !relevant.has(x)) return;
    const before = parts.get(x);
    if (before === undefined) parts.set(x, [dx]);
    else before.push(dx);
  };
  for (const [y, dy] of known) add(y, dy);
  const total = new Map<Node, Node>();
  for (const node of order.toReversed()) {
    const { inputs } = node;
    const own = results.get(node);
    if (own !== undefined && node.kind === "loop") {
      const wanted = inputs.map((x) => relevant.has(x));
      node.op.slopes(node, own, wanted).forEach((dx, k) => add(inputs[k], dx));
    }
    const given = parts.get(node);
    if (given === undefined) continue;
    const dy = joinSlices(given).reduce((sum, dx) => apply(elementwise.add, sum, dx));
    total.set(node, dy);
    if (!inputs.some((x) => relevant.has(x))) continue;
    const op: Op = node.op;
    if (node.kind === "part") {
      const all = results.get(inputs[0]) ?? new Map<Node<"part">, Node>();
      results.set(inputs[0], all.set(node, dy));
    } else op.grad?.(node, dy, TRANSPOSES).forEach((dx, k) => add(inputs[k], dx));
  }
  return total;
}
