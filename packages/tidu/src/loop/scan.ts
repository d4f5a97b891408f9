// `scan`: a function of a state, run step by step along sequences, as one loop of the program.
import { callback, check, checkOptions, either, flag, listOf, oneOrMore, recordOf, refuse } from "../base/check.js";
import { ArgumentError, ShapeError } from "../base/errors.js";
import { sameShape } from "../base/shape.js";
import { type Node, type Steps, topologicalOrder, type ValueType } from "../graph/node.js";
import { elementwise, full, isCollective, isFull, isIndex, isWithin, reshape, within } from "../graph/ops/index.js";
import { traceBody } from "../tensor/cell.js";
import { aTensor, Tensor } from "../tensor/tensor.js";
import { eachOf, lastOf, makeLoop } from "./op.js";
import { nodeIn, parameter } from "./steps.js";

/** A tensor, or a list or record of tensors. */
export type Tensors = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

const TENSORS = either(aTensor, listOf(aTensor, "a list of tensors"), recordOf(aTensor, "a record of tensors"));

/** Options of `scan`. */
export interface ScanOptions {
  /** Whether to go through the sequences from their last step to their first. Default false. */
  readonly reverse?: boolean;
  /** The number of steps; needed only without sequences. */
  readonly length?: number;
}

/**
 * Runs `body` once for each step of sequences: from the state before a step and the step's rows, it makes the state
 * after it and an output. Returns the last state and all outputs, stacked along a new first axis (`jax.lax.scan`).
 *
 * `body` is called once, to be traced, and becomes one loop of the program: neither compile time nor code size grows
 * with the number of steps. Gradients flow through all of it, also to variables and other tensors that `body` uses from
 * outside. They keep the states and some values of every step. On WebGPU and in ONNX files the steps are unrolled.
 *
 * @param body takes the state and the step's x, in the forms in which `first` and `xs` are given, and returns [next
 *   state, output]. The next state has the shapes and types of the first. It must not draw random numbers or assign
 *   variables: draw before the loop and pass the numbers as a sequence; return values that are to be assigned.
 * @param first the state before the first step: a tensor, a list or a record of tensors.
 * @param xs sequences, [length, …] each; `body` gets [...], the rows of one step. An empty list for none.
 * @returns [last state, outputs [length, …]].
 *
 * @example
 * ```ts
 * import { scan, tensor } from "tidu";
 *
 * const [last, all] = scan((sum, x) => [sum.add(x), sum.mul(x)], tensor(0), tensor([1, 2, 3]));
 * console.log(await last.item(), await all.array()); // 6 [0, 2, 9]
 * ```
 */
export function scan<const S extends Tensors, const X extends Tensors, const Y extends Tensors>(
  body: (state: S, x: X) => readonly [S, Y],
  first: S,
  xs: X,
  options: ScanOptions = {},
): [S, Y] {
  check("scan", "body", body, callback);
  check("scan", "first", first, TENSORS);
  check("scan", "xs", xs, TENSORS);
  checkOptions("scan", options, { reverse: flag, length: oneOrMore });
  const [before, walked] = [nodesOf(first), nodesOf(xs)];
  const length = lengthOf(walked, options.length);
  const since = full(0, []);
  const types: ValueType[] = [...before, ...walked.map(({ shape, dtype }) => ({ shape: shape.slice(1), dtype }))];
  const parameters = types.map((type, i) => parameter(i, type));
  const states = before.length;
  const given = [like(first, parameters.slice(0, states)), like(xs, parameters.slice(states))] as const;
  const result: unknown = traceBody(() => body(...given));
  const [state, output] = resultOf(result);
  const next = nextOf(state, first, before);
  const outputs = nodesOf(output as Y);
  const closed = close([...next, ...outputs], parameters, since);
  const steps: Steps = {
    length,
    backwards: options.reverse ?? false,
    states,
    sequences: walked.length,
    parameters: [...parameters, ...closed.parameters],
    next: closed.roots.slice(0, states),
  };
  const loop = makeLoop(steps, [...before, ...walked, ...closed.constants]);
  const checked = watchedIn(loop, closed.roots);
  return [
    like(
      first,
      before.map((_, k) => checked(lastOf(loop, k))),
    ),
    like(
      output as Y,
      closed.roots.slice(states).map((node) => checked(eachOf(loop, node))),
    ),
  ];
}

const nodesOf = (tensors: Tensors): Node[] =>
  (tensors instanceof Tensor ? [tensors] : Object.values(tensors)).map((t: Tensor) => t.node);

/** Nodes in the form in which tensors were given. */
function like<T extends Tensors>(form: T, nodes: readonly Node[]): T {
  const tensors = nodes.map((node) => new Tensor(node));
  if (form instanceof Tensor) return tensors[0] as Tensors as T;
  if (Array.isArray(form)) return tensors as Tensors as T;
  return Object.fromEntries(Object.keys(form).map((key, i) => [key, tensors[i]])) as T;
}

function lengthOf(walked: readonly Node[], wanted: number | undefined): number {
  const length = wanted ?? walked[0]?.shape[0];
  if (length === undefined)
    throw new ArgumentError(
      `scan: xs is ${walked.length === 0 ? "empty" : "a single number"}, and options has no length; give one of the two`,
    );
  for (const { shape } of walked)
    if (shape[0] !== length)
      throw new ShapeError(
        `scan: a sequence of xs is of shape [${shape.join(", ")}]; its first axis must have ${length} steps`,
      );
  return length;
}

function resultOf(result: unknown): [unknown, unknown] {
  if (typeof (result as { then?: unknown } | undefined)?.then === "function") {
    Promise.resolve(result).catch(() => {});
    throw new ArgumentError("scan: body is async; it must return tensors at once");
  }
  if (!Array.isArray(result) || result.length !== 2)
    return refuse("scan", "the result of body", result, "[next state, output]");
  check("scan", "the output of body", result[1], TENSORS);
  check("scan", "the next state of body", result[0], TENSORS);
  return result as [unknown, unknown];
}

/** The states after a step, in the order of the first ones. */
function nextOf(state: unknown, first: Tensors, before: readonly Node[]): Node[] {
  const keys = first instanceof Tensor ? undefined : Object.keys(first);
  const own = state instanceof Tensor ? undefined : Object.keys(state as object);
  if (String(keys?.toSorted()) !== String(own?.toSorted()))
    refuse("scan", "the next state of body", state, "in the form of first");
  const list = keys === undefined ? [state] : keys.map((key) => (state as Record<string, unknown>)[key]);
  return list.map((t, i) => {
    const { node } = t as Tensor;
    if (node.dtype !== before[i].dtype || !sameShape(node.shape, before[i].shape))
      refuse("scan", "the next state of body", t, `${new Tensor(before[i])}, as first is`, ShapeError);
    return node;
  });
}

/** Whether a node is made of constants of the program alone. */
const isPlain = (node: Node, plain: ReadonlySet<Node>): boolean =>
  isFull(node) || isIndex(node) || (node.inputs.length > 0 && node.inputs.every((x) => plain.has(x)));

/**
 * Graphs over parameters alone: a value that is the same in all steps becomes a parameter, and one of the loop's
 * constants. Views of it stay inside, where they cost nothing.
 */
function close(roots: readonly Node[], parameters: readonly Node[], since: Node) {
  const order = topologicalOrder(roots);
  const varying = new Set(parameters);
  const plain = new Set<Node>();
  for (const node of order) {
    if (node.inputs.some((x) => varying.has(x))) varying.add(node);
    else if (!varying.has(node) && isPlain(node, plain)) plain.add(node);
    refuseInside(node, varying.has(node), since);
  }
  const shows = ({ kind, op, inputs }: Node): boolean =>
    inputs.length === 1 && (kind === "view" || (op.name === "reshape" && kind === "reshape"));
  const isInside = (node: Node): boolean => varying.has(node) || plain.has(node) || shows(node);
  const step = new Map(parameters.map((p) => [p, p]));
  const constants: Node[] = [];
  for (const node of topologicalOrder(roots, step, (x) => (isInside(x) ? x.inputs : []))) {
    if (isInside(node)) continue;
    step.set(node, parameter(parameters.length + constants.length, node));
    constants.push(node);
  }
  const own = constants.map((node) => step.get(node) as Node);
  return { roots: roots.map((root) => nodeIn(root, step)), parameters: own, constants };
}

/** Throws for nodes that a step cannot have. */
function refuseInside(node: Node, varies: boolean, since: Node): void {
  const { threefry, threefrySecond } = elementwise;
  const { op } = node;
  if (node.id > since.id && (op === threefry || op === threefrySecond))
    throw new ArgumentError(
      "scan: body draws random numbers, as dropout does, which would be the same in each step; draw them before the loop and give them as a sequence of xs",
    );
  if (varies && isCollective(node))
    throw new ArgumentError(
      "scan: body sums over the shards of a batch (allReduce), which a loop cannot do; sum outside the loop",
    );
}

/** Makes the program check row and class numbers that steps use: see tensor/watch.ts. */
function watchedIn(loop: Node<"loop">, roots: readonly Node[]): (result: Node) => Node {
  const all = topologicalOrder(roots).filter(isWithin);
  const watched = all.map((node) => within(eachOf(loop, node.inputs[0]), node.attrs));
  return (result) => watched.reduce((x, after) => reshape(x, x.shape, after), result);
}
