// The op of a loop, and that of its results.
import { broadcastMap } from "../base/affine.js";
import { sameShape } from "../base/shape.js";
import { type LoopOp, makeNode, misfit, type Node, type Part, type PartOp, type Steps } from "../graph/node.js";
import { reshape, view } from "../graph/ops/index.js";
import { compileLoop, readsOfLoop } from "./compile.js";
import { Ran } from "./meaning.js";
import { type Results, slopesOf } from "./slopes.js";
import { loopOf, placeAfter, placeBefore, rowsFrom, textOfNode, textOfSteps } from "./steps.js";
import { writtenOut } from "./written.js";

/**
 * Gradients flow through a loop and all of its parts at once: see `slopes`. This empty rule says that gradients flow at
 * all, so that inputs are kept.
 */
const grad = () => [];

/** All steps of a loop; it has no value of its own, and is read by its parts. */
const loopOp: LoopOp = {
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
  slopes: (loop, results, wanted) => slopesOf(loop, results, wanted, RESULTS),
  reads: readsOfLoop,
  compile: compileLoop,
  key: textOfSteps,
  value: ({ attrs }, inputs) => new Ran(attrs, inputs),
};

/** Loops of at most this many steps are better written out. */
const SHORT = 1;

const partOp: PartOp = {
  name: "part",
  kind: "part",
  infer(inputs, part) {
    const { length, parameters } = loopOf(inputs).attrs;
    if ("each" in part) return { shape: [length, ...part.each.shape], dtype: part.each.dtype };
    const { shape, dtype } = parameters["all" in part ? part.all : part.last];
    return { shape: "all" in part ? [length + 1, ...shape] : shape, dtype };
  },
  grad,
  key: (part) => ("each" in part ? textOfNode(part.each) : Object.entries(part).join()),
  value: ({ attrs, shape }, [ran]) => ({ shape, data: (ran as Ran).part(attrs) }),
  written: (node, loops) => (loops && loopOf(node.inputs).attrs.length > SHORT ? undefined : writtenOut(node)),
};

export const makeLoop = (steps: Steps, inputs: readonly Node[]): Node<"loop"> => makeNode(loopOp, inputs, steps);

const parts = new WeakMap<Node, Map<unknown, Node>>();

/** A result of a loop: always the same node for the same part. */
function partOf(loop: Node, key: unknown, part: Part): Node {
  let known = parts.get(loop);
  if (known === undefined) parts.set(loop, (known = new Map()));
  let node = known.get(key);
  if (node === undefined) known.set(key, (node = makeNode(partOp, [loop], part)));
  return node;
}

/** The states of one kind, all and the last one. */
const statesOf = (loop: Node<"loop">, state: number): Node => partOf(loop, `all${state}`, { all: state });
export const lastOf = (loop: Node<"loop">, state: number): Node => partOf(loop, `last${state}`, { last: state });

/** A value of the step, at the place of each step. */
export function eachOf(loop: Node<"loop">, value: Node): Node {
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
