// Writes a loop out: its steps one after the other.
import { type Node, rebuilt, topologicalOrder } from "../graph/node.js";
import { concat, reshape } from "../graph/ops/index.js";
import { given, loopOf, nodeIn, placeAt, rowOf, takesRows } from "./steps.js";

interface Written {
  /** The node that replaces each node of a step, by place. */
  readonly steps: readonly Map<Node, Node>[];
  readonly last: readonly Node[];
}

const known = new WeakMap<Node, Written>();

/** A result of a loop as a graph that grows with its length. */
export function writtenOut({ inputs, attrs: part, shape }: Node<"part">): Node {
  const loop = loopOf(inputs);
  let all = known.get(loop);
  if (all === undefined) known.set(loop, (all = writeOut(loop)));
  const { steps, last } = all;
  if ("last" in part) return last[part.last];
  const { parameters, backwards } = loop.attrs;
  const values = steps.map((step) => nodeIn("each" in part ? part.each : parameters[part.all], step));
  if ("all" in part) values.splice(backwards ? 0 : values.length, 0, last[part.all]);
  return concat(
    values.map((x) => reshape(x, [1, ...shape.slice(1)])),
    0,
  );
}

function writeOut({ inputs, attrs }: Node<"loop">): Written {
  const steps: Map<Node, Node>[] = [];
  let last: readonly Node[] = inputs;
  for (let i = 0; i < attrs.length; i++) {
    const place = placeAt(attrs, i);
    const step = given(attrs, inputs, last, (x) => rowOf(x, place));
    steps[place] = step;
    last = attrs.next.map((node) => nodeIn(node, step));
  }
  return { steps, last };
}

/** Rows taken from values that were just joined from single rows are joined directly. */
function joined(node: Node): Node {
  const [x] = node.inputs;
  if (node.kind !== "view" || x.kind !== "concat" || x.attrs.axis !== 0) return node;
  if (x.inputs.some((part) => part.shape[0] !== 1)) return node;
  const map = node.attrs;
  const { offset, domain, coef } = map;
  return takesRows(map) && (domain[0] === 1 || coef[0][0] === 1)
    ? concat(x.inputs.slice(offset[0], offset[0] + domain[0]), 0)
    : node;
}

/** For each node that some values depend on, the same node without loops. */
export function withoutLoops(roots: readonly Node[]): ReadonlyMap<Node, Node> {
  const done = new Map<Node, Node>();
  for (const node of topologicalOrder(roots)) {
    const next = rebuilt(node, done);
    const written = next.kind === "part" ? (next.op.written(next, false) as Node) : joined(next);
    // A step may have loops, too.
    done.set(node, written === next ? next : (withoutLoops([written]).get(written) as Node));
  }
  return done;
}
