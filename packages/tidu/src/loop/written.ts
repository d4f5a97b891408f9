// A loop without a loop: its steps one after the other.
import { makeNode, type Node, type PartOp, topologicalOrder } from "../graph/node.js";
import { concat, reshape } from "../graph/ops/index.js";
import { given, nodeIn, type Part, placeAt, rowOf, type Steps } from "./steps.js";

interface Written {
  /** What stands for each node of a step, by place. */
  readonly steps: readonly Map<Node, Node>[];
  readonly last: readonly Node[];
}

const known = new WeakMap<Node, Written>();

/** A result of a loop as a graph that grows with its length. */
export function writtenOut({ inputs: [loop], attrs: part, shape }: Node<Part>): Node {
  let all = known.get(loop);
  if (all === undefined) known.set(loop, (all = writeOut(loop as Node<Steps>)));
  const { steps, last } = all;
  if ("last" in part) return last[part.last];
  const { parameters, backwards } = loop.attrs as Steps;
  const values = steps.map((step) => nodeIn("each" in part ? part.each : parameters[part.all], step));
  if ("all" in part) values.splice(backwards ? 0 : values.length, 0, last[part.all]);
  return concat(
    values.map((x) => reshape(x, [1, ...shape.slice(1)])),
    0,
  );
}

function writeOut({ inputs, attrs }: Node<Steps>): Written {
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

/** What nodes are without loops, for each that some values follow from. */
export function withoutLoops(roots: readonly Node[]): ReadonlyMap<Node, Node> {
  const done = new Map<Node, Node>();
  for (const node of topologicalOrder(roots)) {
    const inputs = node.inputs.map((x) => done.get(x) as Node);
    const next = inputs.every((x, i) => x === node.inputs[i]) ? node : makeNode(node.op, inputs, node.attrs);
    const written = next.op.kind === "part" ? ((next.op as PartOp).written(next, false) as Node) : next;
    // A step may have loops, too.
    done.set(node, written === next ? next : (withoutLoops([written]).get(written) as Node));
  }
  return done;
}
