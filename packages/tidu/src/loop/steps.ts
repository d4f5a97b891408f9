// The parts of a loop: the graph of a step over parameters, and the results of the loop.
import { type AffineMap, sliceMap } from "../base/affine.js";
import { ArgumentError } from "../base/errors.js";
import {
  detailOf,
  makeNode,
  misfit,
  type Node,
  type NodeOf,
  type Op,
  rebuilt,
  type Steps,
  topologicalOrder,
  type ValueType,
} from "../graph/node.js";
import { reshape, view } from "../graph/ops/index.js";

interface Parameter extends ValueType {
  readonly index: number;
}

/** A step's parameter. */
const parameterOp: Op<"source", Parameter> = {
  name: "parameter",
  kind: "source",
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
  key() {
    throw new ArgumentError(
      "scan: a tensor of the body is used outside of it; return it from the body, and use scan's results",
    );
  },
};
export const parameter = (index: number, { shape, dtype }: ValueType): Node =>
  makeNode(parameterOp, [], { index, shape, dtype });
const isParameter = (node: Node): node is NodeOf<"source", Parameter> => node.op === parameterOp;

/** The loop that a part is a result of: its only input. */
export const loopOf = ([loop]: readonly Node[]): Node<"loop"> => (loop.kind === "loop" ? loop : misfit("part", [loop]));

/** A text that is equal for graphs that compute the same from the same parameters. */
function textOf(roots: readonly Node[]): string {
  const number = new Map<Node, number>();
  const lines = topologicalOrder(roots).map((node, i) => {
    number.set(node, i);
    const { op, inputs } = node;
    const own = isParameter(node) ? Object.values(node.attrs).join("|") : detailOf(node);
    return `${op.name}(${inputs.map((x) => number.get(x))})${own}`;
  });
  return `${lines.join(";")}>${roots.map((r) => number.get(r))}`;
}

/** Caches the text of each object. */
function remembered<T extends object>(make: (of: T) => string): (of: T) => string {
  const known = new WeakMap<T, string>();
  return (of) => {
    let text = known.get(of);
    if (text === undefined) known.set(of, (text = make(of)));
    return text;
  };
}
export const textOfNode = remembered((node: Node) => textOf([node]));
export const textOfSteps = remembered(
  ({ length, backwards, states, sequences, next }: Steps) =>
    `${length}${backwards ? "<" : ">"}${states},${sequences}:${textOf(next)}`,
);

/**
 * All states of one kind are one more than there are steps. The one before the step at a place stands at that place or,
 * if the loop goes backwards, at the next; the one after it at the other of the two.
 */
export const placeBefore = ({ backwards }: Steps): number => (backwards ? 1 : 0);
export const placeAfter = ({ backwards }: Steps): number => (backwards ? 0 : 1);
/** Where the first state stands. */
export const placeOfFirst = ({ backwards, length }: Steps): number => (backwards ? length : 0);
/** The place of a step. */
export const placeAt = ({ backwards, length }: Steps, step: number): number => (backwards ? length - 1 - step : step);

const slice = (x: Node, first: number, count: number): Node => {
  const [, ...shape] = x.shape;
  return view(x, sliceMap(x.shape, [count, ...shape], [first, ...shape.map(() => 0)]));
};
/** One row along the first axis. */
export const rowOf = (x: Node, place: number): Node => reshape(slice(x, place, 1), x.shape.slice(1));
/** All rows but one, from a first one on. */
export const rowsFrom = (x: Node, first: number): Node => slice(x, first, x.shape[0] - 1);

/** Whether a view takes whole rows as they are. */
export const takesRows = ({ domain, source, offset, coef }: AffineMap): boolean =>
  domain.length === source.length &&
  source.every((size, s) => {
    const along = coef[s].every((c, d) => c === 0 || d === s);
    return along && (s === 0 || (size === domain[s] && offset[s] === 0 && (size === 1 || coef[s][s] === 1)));
  });

/**
 * Everything that some values of a step depend on: nodes of the step, and the numbers of states.
 *
 * @param states numbers of states by the parameters that stand for them.
 * @param next values after a step, by number.
 */
export function behind(
  states: ReadonlyMap<Node, number>,
  next: { readonly [state: number]: Node },
  roots: readonly Node[],
): { readonly nodes: ReadonlySet<Node>; readonly states: ReadonlySet<number> } {
  const [nodes, needed] = [new Set<Node>(), new Set<number>()];
  const pending = [...roots];
  for (let root = pending.pop(); root !== undefined; root = pending.pop())
    for (const node of topologicalOrder([root], nodes)) {
      nodes.add(node);
      const k = states.get(node);
      if (k === undefined || needed.has(k)) continue;
      needed.add(k);
      pending.push(next[k]);
    }
  return { nodes, states: needed };
}

/** The value of each parameter at a step, given the states before it. */
export const given = <T>(
  { states, sequences, parameters }: Steps,
  inputs: readonly T[],
  before: readonly T[],
  row: (x: T) => T,
): Map<Node, T> =>
  new Map(parameters.map((p, i) => [p, i < states ? before[i] : i < states + sequences ? row(inputs[i]) : inputs[i]]));

/** A node of a step, with its parameters replaced; `step` collects all nodes that are made. */
export function nodeIn(root: Node, step: Map<Node, Node>): Node {
  for (const node of topologicalOrder([root], step)) step.set(node, rebuilt(node, step));
  return step.get(root) as Node;
}
