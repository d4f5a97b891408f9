// The op of a loop, and that of its results.
import { broadcastMap } from "../base/affine.js";
import { sameShape } from "../base/shape.js";
import { type LoopOp, makeNode, misfit, type Node, type Op, type PartOp } from "../graph/node.js";
import { reshape, view } from "../graph/ops/index.js";
import { compileLoop, readsOfLoop } from "./compile.js";
import { Ran } from "./meaning.js";
import { type Results, slopesOf } from "./slopes.js";
import { type Part, placeAfter, placeBefore, rowsFrom, type Steps, textOfNode, textOfSteps } from "./steps.js";
import { writtenOut } from "./written.js";

/**
 * Gradients flow through a loop and all of its parts at once: see `slopes`. This empty rule says that gradients flow at
 * all, so that inputs are kept.
 */
const grad = () => [];

/** All steps of a loop; it has no value of its own, and is read by its parts. */
const loopOp: LoopOp & Op<Steps> = {
  name: "loop",
  kind: "loop",
  infer(inputs, { length, states, sequences, parameters }) {
    const fits = (x: Node, i: number): boolean => {
      const { shape, dtype } = parameters[i];
      const walked = i >= states && i < states + sequences;
      return x.dtype === dtype && sameShape(x.shape, walked ? [length, ...shape] : shape);
    };
    if (inputs.length !== parameters.length || !inputs.every(fits))
      misfit("loop", inputs, parameters.map((p: Node) => `[${p.shape}]`).join());
    return { shape: [], dtype: "f32" };
  },
  grad,
  slopes: (loop, results, wanted) =>
    slopesOf(loop as Node<Steps>, results as ReadonlyMap<Node<Part>, Node>, wanted, RESULTS),
  reads: (loop) => readsOfLoop(loop as Node<Steps>),
  compile: compileLoop,
  key: textOfSteps,
  value: ({ attrs }, inputs) => new Ran(attrs, inputs),
};

/** Loops of at most this many steps are better written out. */
const SHORT = 1;

const partOp: PartOp & Op<Part> = {
  name: "part",
  kind: "part",
  infer([loop], part) {
    const { length, parameters } = loop.attrs as Steps;
    if ("each" in part) return { shape: [length, ...part.each.shape], dtype: part.each.dtype };
    const { shape, dtype } = parameters["all" in part ? part.all : part.last];
    return { shape: "all" in part ? [length + 1, ...shape] : shape, dtype };
  },
  grad,
  key: (part) => ("each" in part ? textOfNode(part.each) : Object.entries(part).join()),
  value: ({ attrs, shape }, [ran]) => ({ shape, data: (ran as Ran).part(attrs) }),
  written: (node, loops) =>
    loops && (node.inputs[0].attrs as Steps).length > SHORT ? undefined : writtenOut(node as Node<Part>),
};

export const makeLoop = (steps: Steps, inputs: readonly Node[]): Node<Steps> => makeNode<Steps>(loopOp, inputs, steps);

const parts = new WeakMap<Node, Map<unknown, Node>>();

/** A result of a loop: always the same node for the same part. */
function partOf(loop: Node, key: unknown, part: Part): Node {
  let known = parts.get(loop);
  if (known === undefined) parts.set(loop, (known = new Map()));
  let node = known.get(key);
  if (node === undefined) known.set(key, (node = makeNode<Part>(partOp, [loop], part)));
  return node;
}

/** The states of one kind, all and the last one. */
const statesOf = (loop: Node<Steps>, state: number): Node => partOf(loop, `all${state}`, { all: state });
export const lastOf = (loop: Node<Steps>, state: number): Node => partOf(loop, `last${state}`, { last: state });

/** A value of the step, at the place of each step. */
export function eachOf(loop: Node<Steps>, value: Node): Node {
  const { parameters, states, sequences, next, length } = loop.attrs;
  const at = parameters.indexOf(value);
  if (at >= 0 && at < states) return rowsFrom(statesOf(loop, at), placeBefore(loop.attrs));
  if (at >= states + sequences) {
    const { shape } = value;
    return view(reshape(loop.inputs[at], [1, ...shape]), broadcastMap([1, ...shape], [length, ...shape]));
  }
  if (at >= 0) return loop.inputs[at];
  const state = next.indexOf(value);
  return state >= 0 ? rowsFrom(statesOf(loop, state), placeAfter(loop.attrs)) : partOf(loop, value, { each: value });
}

const RESULTS: Results = { makeLoop, eachOf, lastOf };
