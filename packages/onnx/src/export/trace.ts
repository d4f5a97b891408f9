// Traces a network's forward pass with the number of samples left open.
import { type nn, Tensor, UnsupportedError } from "tidu";
import {
  type AffineMap,
  fromStorage,
  isFull,
  isStorage,
  makeStorage,
  type Node,
  type Observation,
  observe,
  pin,
  type Shape,
  type Trace,
  topologicalOrder,
  trace as traceCode,
  withoutLoops,
} from "tidu/internal";
import { called } from "./called.js";

/** A network's forward pass, in inference mode, as a graph. */
export interface Traced {
  /** Knows the variables that it reads. */
  readonly trace: Trace;
  readonly input: Node;
  readonly output: Node;
  /** All nodes, inputs before users. */
  readonly order: readonly Node[];
  /** The layers' parts in it, by the node of their output; without layers that passed their input on as it was. */
  readonly layers: ReadonlyMap<Node, Observation<nn.Module>>;
  /** Whether a node is the input, or the input without its history. */
  isInput(node: Node): boolean;
  /** What the node is with another number of samples; itself where the number is fixed. */
  other(node: Node): Node;
  /** A node's shape, with -1 where the batch decides. */
  sizes(node: Node): number[];
  /** Whether an axis is exactly as long as the batch. */
  isBatch(node: Node, axis: number): boolean;
}

type Pass = Omit<Traced, "other" | "sizes" | "isBatch">;

/**
 * Traces an input [samples, …inputShape] through the network without computing anything. Two passes, with 2 and with 3
 * samples, show which sizes depend on the batch; with a fixed `batchSize` there is one pass, and all sizes are fixed.
 *
 * @throws UnsupportedError where the two passes differ in more than sizes.
 */
export function trace(net: nn.Module, inputShape: Shape, dtype: "f32" | "i32", batchSize?: number): Traced {
  const [a, b] = [batchSize ?? 2, batchSize ?? 3].map((batch) => pass(net, [batch, ...inputShape], dtype));
  const partner = new Map([[a.input, b.input], ...a.order.map((node, i) => [node, b.order[i]] as const)]);
  const differs = a.order.length === b.order.length ? a.order.find((n, i) => !alike(n, b.order[i])) : a.output;
  if (differs !== undefined) {
    throw new UnsupportedError(
      `exportOnnx: the network depends on the number of samples (${called(differs)}); export it for one number, as in exportOnnx(net, shape, { batchSize: 1 })`,
    );
  }
  const other = (node: Node): Node => partner.get(node) ?? node;
  return {
    ...a,
    other,
    sizes: (node) => node.shape.map((d, i) => (d === other(node).shape[i] ? d : -1)),
    isBatch: (node, i) => node.shape[i] === a.input.shape[0] && other(node).shape[i] === b.input.shape[0],
  };
}

function pass(net: nn.Module, shape: Shape, dtype: "f32" | "i32"): Pass {
  const storage = makeStorage(shape, dtype, "input");
  const input = new Tensor(fromStorage(storage));
  let output = input;
  let made: Trace | undefined;
  const seen = observe(net, () => {
    const traced = traceCode(() => net.during(false, () => net.forward(input)));
    [output, made] = [traced.result, traced.trace];
  });
  const written = withoutLoops([output, ...seen.flatMap((o) => [o.input, o.output])].map((t) => t.node));
  const asWritten = (t: Tensor): Tensor => {
    const node = written.get(t.node) as Node;
    return node === t.node ? t : new Tensor(node);
  };
  output = asWritten(output);
  void pin([output.node]);
  const layers = new Map(
    seen
      .map((o) => ({ ...o, input: asWritten(o.input), output: asWritten(o.output) }))
      .filter((o) => o.output.node !== o.input.node)
      .map((o) => [o.output.node, o]),
  );
  return {
    trace: made as Trace,
    input: input.node,
    output: output.node,
    order: topologicalOrder([output.node]),
    layers,
    isInput: (node) => isStorage(node) && node.attrs === storage,
  };
}

/** Whether two nodes are the same but for sizes. */
function alike(a: Node, b: Node): boolean {
  if (a.op !== b.op || a.shape.length !== b.shape.length) return false;
  if (isFull(a) && isFull(b)) return Object.is(a.attrs.value, b.attrs.value);
  return a.kind !== "view" || b.kind !== "view" || sameSteps(a.attrs, b.attrs);
}

const sameSteps = (a: AffineMap, b: AffineMap): boolean =>
  String(a.offset) === String(b.offset) && a.coef.join("/") === b.coef.join("/");
