// The gradient of a loop: a loop that goes the other way, and sums over all of its steps.
import { type AffineMap, affineMap } from "../base/affine.js";
import { floatOf, isFloat } from "../base/dtype.js";
import { slopes } from "../grad/reverse.js";
import { type Node, type Steps, topologicalOrder, type ValueType } from "../graph/node.js";
import {
  apply,
  type Contraction,
  contract,
  elementwise,
  full,
  reduce,
  reshape,
  type Scatter,
  scatter,
  sumOp,
  unview,
  view,
} from "../graph/ops/index.js";
import { behind, nodeIn, parameter, placeAfter, placeOfFirst, rowOf, rowsFrom } from "./steps.js";

/** How loops and their results are made: see op.ts. */
export interface Results {
  makeLoop(steps: Steps, inputs: readonly Node[]): Node<"loop">;
  eachOf(loop: Node<"loop">, value: Node): Node;
  lastOf(loop: Node<"loop">, state: number): Node;
}

/** An elementwise op of at most this cost is computed again where its value is needed. */
const CHEAP = 3;

/** The type of a gradient, which is f32 by halves, too. */
const gradientOf = ({ shape, dtype }: Node): ValueType => ({ shape, dtype: floatOf(dtype) });
const zero = ({ shape, dtype }: Node): Node => full(0, shape, floatOf(dtype));
const sum = (x: Node | undefined, y: Node): Node => (x === undefined ? y : apply(elementwise.add, x, y));

/**
 * The graph of a backward step. Its inputs are parameters that stand for gradients, and values of the forward step, of
 * which some are kept and the others computed again.
 */
class Backwards {
  /** Gradients by the states after a step, given to the step: by the number of the state. */
  readonly states = new Map<number, Node>();
  /** The first of them. */
  readonly first = new Map<number, Node>();
  /**
   * The sequences that each step reads: for parameters of gradients and values of the forward step, the values of all
   * steps.
   */
  readonly sequences = new Map<Node, Node>();
  readonly constants = new Set<Node>();
  /** Nodes that depend on gradients, and those that differ from step to step. */
  readonly #backward = new Set<Node>();
  readonly #varying = new Set<Node>();
  readonly #seen = new Set<Node>();

  constructor(
    readonly loop: Node<"loop">,
    readonly results: Results,
  ) {}

  /** Finds the nodes of these graphs that depend on gradients, and those that differ from step to step. */
  mark(roots: readonly Node[]): void {
    const { parameters, states, sequences } = this.loop.attrs;
    const walked = new Set(parameters.slice(0, states + sequences));
    const gradients = new Set([...this.states.values(), ...this.sequences.keys()]);
    for (const node of topologicalOrder(roots)) {
      const made = gradients.has(node) || node.inputs.some((x) => this.#backward.has(x));
      if (made) this.#backward.add(node);
      if (made || walked.has(node) || node.inputs.some((x) => this.#varying.has(x))) this.#varying.add(node);
    }
  }

  /**
   * Drops gradients that no wanted result depends on, and returns the values before a step of those that stay.
   *
   * @param before gradients by the states before a step, by number.
   * @param roots the values wanted from every step.
   * @param firsts the states whose first value's gradient is wanted.
   */
  keep(before: ReadonlyMap<number, Node>, roots: readonly Node[], firsts: readonly number[]): Node[] {
    const numbers = new Map([...this.states].map(([k, node]) => [node, k]));
    const found = behind(numbers, Object.fromEntries(before), [
      ...roots,
      ...firsts.map((k) => this.states.get(k) as Node),
    ]);
    for (const k of this.states.keys()) {
      if (found.states.has(k)) continue;
      this.states.delete(k);
      this.first.delete(k);
    }
    for (const own of this.sequences.keys()) if (!found.nodes.has(own)) this.sequences.delete(own);
    return [...this.states.keys()].map((k) => before.get(k) as Node);
  }

  varies = (node: Node): boolean => this.#varying.has(node);
  isBackward = (node: Node): boolean => this.#backward.has(node);

  /** Records what a value of a backward step needs to read. */
  need(root: Node): void {
    for (const node of topologicalOrder([root], this.#seen, (x) => (this.#isRead(x) ? [] : x.inputs))) {
      this.#seen.add(node);
      if (!this.#isRead(node)) continue;
      if (this.#varying.has(node)) this.sequences.set(node, this.results.eachOf(this.loop, node));
      else this.constants.add(node);
    }
  }

  /** Whether a value is read rather than computed: a parameter, or a value too expensive to compute again. */
  #isRead(node: Node): boolean {
    if (this.loop.attrs.parameters.includes(node)) return true;
    if (this.#backward.has(node) || !this.#varying.has(node)) return false;
    if (node.kind === "elementwise") return node.op.cost > CHEAP;
    return ["contract", "reduce", "unview", "scatter", "line", "part"].includes(node.kind);
  }

  /** The loop, given the gradients by the states before a step; and the node in it for each node of the graph. */
  make(before: ReadonlyMap<number, Node>): { loop: Node<"loop">; step: Map<Node, Node> } {
    const { attrs, inputs } = this.loop;
    const own = [...this.states.values(), ...this.sequences.keys(), ...this.constants];
    const step = new Map(own.map((node, i) => [node, parameter(i, node)]));
    const steps: Steps = {
      length: attrs.length,
      backwards: !attrs.backwards,
      states: this.states.size,
      sequences: this.sequences.size,
      parameters: own.map((node) => step.get(node) as Node),
      next: [...this.states.keys()].map((k) => nodeIn(before.get(k) as Node, step)),
    };
    const given = [...this.first.values(), ...this.sequences.values()];
    for (const node of this.constants) given.push(inputs[attrs.parameters.indexOf(node)]);
    return { loop: this.results.makeLoop(steps, given), step };
  }
}

/** The gradient by each input of a loop that is wanted, given those by its results. */
export function slopesOf(
  loop: Node<"loop">,
  given: ReadonlyMap<Node<"part">, Node>,
  wanted: readonly boolean[],
  results: Results,
): (Node | undefined)[] {
  const { attrs, inputs } = loop;
  const { parameters, states, sequences, next } = attrs;
  const back = new Backwards(loop, results);
  const floats = next.flatMap(({ dtype }, k) => (isFloat(dtype) ? [k] : []));
  for (const k of floats) {
    back.states.set(k, parameter(k, gradientOf(next[k])));
    back.first.set(k, zero(next[k]));
  }
  const known = floats.map((k): [Node, Node] => [next[k], back.states.get(k) as Node]);
  /** A gradient that is read at each step. */
  const read = (value: Node, dy: Node): void => {
    const own = parameter(-1, { shape: value.shape, dtype: dy.dtype });
    back.sequences.set(own, dy);
    known.push([value, own]);
  };
  /** Gradients by the first states that come from results. */
  const extra = new Map<number, Node>();
  /** Gradients by the last states. */
  const atEnd = new Map<number, Node>();
  for (const [{ attrs: part }, dy] of given) {
    if ("each" in part) read(part.each, dy);
    // A copied graph may have a result twice.
    else if ("last" in part) atEnd.set(part.last, sum(atEnd.get(part.last), dy));
    else {
      read(next[part.all], rowsFrom(dy, placeAfter(attrs)));
      extra.set(part.all, sum(extra.get(part.all), rowOf(dy, placeOfFirst(attrs))));
    }
  }
  for (const [k, dy] of atEnd) back.first.set(k, dy);
  // A state passes gradients on to the step before, whether or not the gradient by its first value is wanted.
  const found = slopes(
    known,
    parameters.filter((_, i) => i < states || wanted[i]),
  );
  const before = new Map(floats.map((k) => [k, found.get(parameters[k]) ?? zero(next[k])]));
  const walked = parameters.slice(states, states + sequences).map((p) => found.get(p));
  const constant = parameters.slice(states + sequences).map((p) => found.get(p));
  const summed = constant.filter((x) => x !== undefined);
  const ends = walked.filter((x) => x !== undefined);
  const kept = back.keep(
    before,
    [...ends, ...summed],
    floats.filter((k) => wanted[k]),
  );
  const roots = [...kept, ...ends];
  back.mark([...roots, ...summed]);
  for (const root of roots) back.need(root);
  // Values that are summed over all steps are computed in the steps, too.
  const sums = new SumOverSteps(back, walked);
  for (const x of summed) sums.of(x);
  for (const node of sums.kept) if (back.isBackward(node)) back.need(node);
  const { loop: reverse, step } = back.make(before);
  sums.ready(reverse, step);
  const order = [...back.states.keys()];
  return inputs.map((_, i) => {
    if (i < states)
      return wanted[i] && floats.includes(i) ? sum(extra.get(i), results.lastOf(reverse, order.indexOf(i))) : undefined;
    if (i >= states + sequences) {
      const x = constant[i - states - sequences];
      return x && sums.of(x);
    }
    const x = walked[i - states];
    return x && results.eachOf(reverse, nodeIn(x, step));
  });
}

/**
 * Sums of a value over all steps. A function linear in one of its inputs is computed once, from the sum of that input.
 * A product of two values of the step is one contraction of the values of all steps.
 */
class SumOverSteps {
  /** Values that are kept of every step. */
  readonly kept: Set<Node>;
  #loop: Node<"loop"> | undefined;
  #step = new Map<Node, Node>();

  /** @param kept values that are kept for other reasons. */
  constructor(
    readonly back: Backwards,
    kept: readonly (Node | undefined)[],
  ) {
    this.kept = new Set(kept.filter((x) => x !== undefined));
  }

  /** Before this call, sums are placeholders that only record what they need. */
  ready(loop: Node<"loop">, step: Map<Node, Node>): void {
    this.#loop = loop;
    this.#step = step;
  }

  of(x: Node): Node {
    const { kind, op, inputs, attrs } = x;
    const { length } = this.back.loop.attrs;
    if (!this.back.varies(x)) return apply(elementwise.mul, this.#outside(x), full(length, x.shape));
    if (this.kept.has(x)) return this.#plain(x);
    switch (kind) {
      case "view":
        return view(this.of(inputs[0]), attrs);
      case "unview":
        return this.kept.has(inputs[0])
          ? unview(this.#every(inputs[0]), summing(attrs, length))
          : unview(this.of(inputs[0]), attrs);
      case "reshape":
        return isPlainReshape(x) ? reshape(this.of(inputs[0]), x.shape) : this.#plain(x);
      case "elementwise":
        if (op === elementwise.add) return apply(elementwise.add, this.of(inputs[0]), this.of(inputs[1]));
        return op === elementwise.neg ? apply(elementwise.neg, this.of(inputs[0])) : this.#plain(x);
      case "contract":
        return this.#contracted(inputs, attrs);
      case "scatter":
        return this.#scattered(inputs, attrs) ?? this.#plain(x);
      default:
        return this.#plain(x);
    }
  }

  #plain = (x: Node): Node => reduce(sumOp, this.#every(x), [0]);

  #contracted([x, y]: readonly Node[], { a, b, out }: Contraction): Node {
    const { varies } = this.back;
    if (!varies(x)) return contract(this.#outside(x), this.of(y), { a, b, out });
    if (!varies(y)) return contract(this.of(x), this.#outside(y), { a, b, out });
    let step = "step";
    while (a.includes(step) || b.includes(step)) step += "'";
    return contract(this.#every(x), this.#every(y), { a: [step, ...a], b: [step, ...b], out });
  }

  /** The rows of all steps are scattered at once. */
  #scattered([x, rows]: readonly Node[], attrs: Scatter): Node | undefined {
    if (attrs.axis !== 0 || !this.back.varies(rows) || !this.back.varies(x)) return undefined;
    return scatter(this.#every(x), this.#every(rows), attrs);
  }

  /** The values of every step. A view of a value becomes a view of the values of all steps. */
  #every(x: Node): Node {
    const [inner] = x.inputs;
    if (x.kind === "view") return view(this.#every(inner), lifted(x.attrs, this.back.loop.attrs.length));
    if (isPlainReshape(x)) return reshape(this.#every(inner), [this.back.loop.attrs.length, ...x.shape]);
    if (this.#loop === undefined) {
      this.kept.add(x);
      return full(0, [this.back.loop.attrs.length, ...x.shape], x.dtype);
    }
    const { back } = this;
    return back.isBackward(x)
      ? back.results.eachOf(this.#loop, nodeIn(x, this.#step))
      : back.results.eachOf(back.loop, x);
  }

  /** A value that is the same in all steps. */
  #outside(x: Node): Node {
    const { attrs, inputs } = this.back.loop;
    return nodeIn(x, new Map(attrs.parameters.map((p, i) => [p, inputs[i]])));
  }
}

/** The map that sums values along a new first axis, where the given map sums one. */
const summing = ({ domain, source, offset, coef }: AffineMap, length: number): AffineMap =>
  affineMap([length, ...domain], source, (s) => ({
    offset: offset[s],
    terms: coef[s].map((c, d) => [d + 1, c] as const),
  }));

/** Whether it is nothing but the same elements under another shape. */
const isPlainReshape = ({ op, inputs }: Node): boolean => op.name === "reshape" && inputs.length === 1;

/** The same view of each value along a new first axis. */
const lifted = ({ domain, source, offset, coef }: AffineMap, length: number): AffineMap =>
  affineMap([length, ...domain], [length, ...source], (s) =>
    s === 0 ? { terms: [[0, 1]] } : { offset: offset[s - 1], terms: coef[s - 1].map((c, d) => [d + 1, c] as const) },
  );
