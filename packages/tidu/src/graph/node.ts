// The graph: nodes, the kinds of ops, and what an op has to define.
import type { AffineMap } from "../base/affine.js";
import { byteSize, type DType, isWide, type TypedArray } from "../base/dtype.js";
import { ShapeError } from "../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../base/shape.js";
import type { Contraction, Gather, Group, Scatter } from "./attributes.js";
import type { Machine } from "./machine.js";

/** Type and shape of a value. */
export interface ValueType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Bytes of a value, its elements side by side. */
export const valueBytes = ({ shape, dtype }: ValueType): number => sizeOf(shape) * byteSize(dtype);

/** The kinds of ops, and what a node of each has besides its inputs. A pass asks for the kind, never for an op's name. */
export interface Attributes {
  /** Each op's own: see `isFull`, `isIndex`, `isStorage` and `isVersion`. */
  readonly source: unknown;
  readonly elementwise: undefined;
  readonly view: AffineMap;
  readonly unview: AffineMap;
  /** Each op's own: the elements are those of the input. */
  readonly reshape: unknown;
  readonly reduce: { readonly axes: readonly number[] };
  readonly contract: Contraction;
  readonly gather: Gather;
  readonly scatter: Scatter;
  readonly concat: { readonly axis: number };
  readonly line: { readonly axis: number };
  readonly loop: Steps;
  readonly part: Part;
  readonly collective: Group;
}
export type OpKind = keyof Attributes;

/** A node of one kind: an op applied to other values. Immutable, and never aware of any backend. */
export interface NodeOf<K extends OpKind, A = Attributes[K]> extends ValueType {
  /** Rises in order of creation, so an input's id is below its user's. */
  readonly id: number;
  readonly kind: K;
  readonly op: Ops[K];
  readonly inputs: readonly Node[];
  readonly attrs: A;
}

/** One value of the graph. Its kind tells what its op and its attributes are. */
export type Node<K extends OpKind = OpKind> = { readonly [Kind in K]: NodeOf<Kind> }[K];

/** Everything there is to know about an op, in one place. */
export interface Op<K extends OpKind = OpKind, A = Attributes[K]> {
  readonly name: string;
  readonly kind: K;
  /** The result's type; throws ShapeError where the inputs do not fit. */
  infer(inputs: readonly Node[], attrs: A): ValueType;
  /** Gradient of the cost by each input, given that by the result; undefined where it does not depend on an input. */
  grad?(node: NodeOf<K, A>, dy: Node, transposes: Transposes): readonly (Node | undefined)[];
  /** Distinguishes nodes with equal inputs; undefined where the attributes do not matter. */
  key?(attrs: A): string;
  /** Rules of the simplifier that come with the op: for its own nodes, and for nodes that have one among their inputs. */
  readonly rules?: { own(node: NodeOf<K, A>, limits: Limits): Node; user?(node: Node): Node };
  /** What a node is in float64, where its kind alone does not say that. */
  value?(node: NodeOf<K, A>, inputs: readonly Elements[]): Elements;
}

/** What adds up where views and gathers read. Gradients bring it with them, so that what only predicts does not carry it. */
export interface Transposes {
  unview(x: Node, map: AffineMap): Node;
  scatter(x: Node, rows: Node, attrs: Scatter): Node;
}

/** What a rule of the simplifier may ask of the machine. */
export interface Limits {
  /**
   * Above this many terms, adding up by reading (one sum an element) costs more than adding up by writing (elements added into
   * places that several steps may reach); infinite where kernels cannot do that.
   */
  readonly mostTerms: number;
}

type AllOps = { readonly [K in OpKind]: Op<K> };

/** The op of a node of each kind. */
export interface Ops extends AllOps {
  readonly elementwise: ElementwiseOp;
  readonly reduce: ReduceOp;
  readonly line: LineOp;
  readonly loop: LoopOp;
  readonly part: PartOp;
}

/** A value's elements in float64, row-major. */
export interface Elements {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** An op that works element by element on inputs of one shape. */
export interface ElementwiseOp extends Op<"elementwise"> {
  readonly arity: number;
  /** Rough price in instructions per element, for deciding between computing again and storing. */
  readonly cost: number;
  /** The op's scalar meaning. */
  scalar(...x: number[]): number;
  /** The same in lane instructions. */
  lower<V>(m: Machine<V>, ...x: V[]): V;
  /** Set where the lane instructions approximate the scalar meaning: they do not always give the nearest float32. */
  readonly approximate?: true;
  /** Set where one computation has several results, each the value of an op: all of them, and which is this op's. */
  readonly part?: { readonly all: <V>(m: Machine<V>, ...x: V[]) => readonly V[]; readonly which: number };
  /** Set where it only reads a number as it is stored, so that contractions can do it on the way. */
  readonly widens?: true;
  /** `x * identity = x` on the given side, so that the simplifier can drop it. */
  readonly identity?: { readonly side: "right" | "both"; readonly value: number };
  /** Sets of inputs that, if all of them are 0, make the result 0 (for finite values of the others). */
  readonly zeroIf?: readonly (readonly number[])[];
}

/** An op that combines all elements along some axes; the axes vanish. */
export interface ReduceOp extends Op<"reduce"> {
  /** Element type of what is combined, and of the result. */
  readonly dtype: "f32" | "i32";
  readonly initial: number;
  /** Whether combining rounds, so that errors grow with the number of elements. */
  readonly rounds: boolean;
  combineScalar(a: number, b: number): number;
  combine<V>(m: Machine<V>, a: V, b: V): V;
}

/** An op that goes along one axis, by code that it brings with it: see src/line. */
export interface LineOp extends Op<"line"> {
  /** The results for the numbers of a line, in float64. */
  meaning(line: Float64Array): ArrayLike<number>;
  /** Set where the code needs memory of the result's shape for intermediate steps: the kernel's second store. */
  readonly between?: true;
  /** Set where each result follows from the one before and an element: what is carried, first the result, and its next value. */
  readonly scan?: {
    readonly dtype: "f32" | "i32";
    readonly initial: readonly number[];
    step<V>(m: Machine<V>, carried: readonly V[], x: V): readonly V[];
  };
  /** Set where the result is the order of a line's whole numbers, for which graphics cards have code of their own. */
  readonly sorts?: true;
  /** Writes the code of a kernel; an `EmitLine` of src/codegen. */
  readonly emit: (f: never, bases: never, kernel: never) => boolean;
}

/**
 * The steps of a loop. Each is a graph over parameters: first the states that one step leaves to the next, then the
 * elements of the sequences at this step, then the constants, which are the same in all steps. A loop's inputs stand in
 * the same order: the first states, whole sequences (the steps along their first axis), constants.
 */
export interface Steps {
  readonly length: number;
  /** Whether the first step is at the end of the sequences. */
  readonly backwards: boolean;
  readonly states: number;
  readonly sequences: number;
  readonly parameters: readonly Node[];
  /** The states after a step. */
  readonly next: readonly Node[];
}

/** Which result: a value of the step at each place, all states of one kind (see `placeBefore`), or the last one. */
export type Part = { readonly each: Node } | { readonly all: number } | { readonly last: number };

/** Runs a graph repeatedly: see src/loop. Each of its results is a node of its own, whose only input is the loop. */
export interface LoopOp extends Op<"loop"> {
  /** Gradient of the cost by each input, given those by its results. */
  slopes(
    node: NodeOf<"loop">,
    results: ReadonlyMap<NodeOf<"part">, Node>,
    wanted: readonly boolean[],
  ): readonly (Node | undefined)[];
  /** What is to be stored for its steps to read it. */
  reads(node: NodeOf<"loop">): readonly Node[];
  /** Makes kernels of it; a `CompileLoop` of src/compile. */
  readonly compile: (loop: never, outside: never) => unknown;
}

/** One result of a loop. */
export interface PartOp extends Op<"part"> {
  /** The same value without a loop, its steps written out; undefined where loops are possible and better. */
  written(node: NodeOf<"part">, loops: boolean): Node | undefined;
}

/**
 * The error for inputs that an op does not take. Users never see it: what they call checks its arguments first.
 */
export function misfit(name: string, inputs: readonly Node[], detail = ""): never {
  throw new ShapeError(
    `${name}: ${inputs.map((x) => `${x.dtype} ${formatShape(x.shape)}`).join(" and ")} do not fit ${detail}`,
  );
}

/** The type as which ops take a value: wide numbers are held as floats are. */
export const takenAs = ({ dtype }: ValueType): DType => (isWide(dtype) ? "f32" : dtype);

/** The type of what ops of floats make of values. */
export const widest = (inputs: readonly ValueType[]): DType => inputs.find((x) => isWide(x.dtype))?.dtype ?? "f32";

let nextId = 1;

/** Applies an op: infers the result's type and makes the node. */
export function makeNode<K extends OpKind, A extends Attributes[K]>(
  op: Ops[K] & Op<K, A>,
  inputs: readonly Node[],
  attrs: A,
): Node<K> & { readonly attrs: A } {
  const { shape, dtype } = op.infer(inputs, attrs);
  // Tensors show it to people, who must not change it.
  return { id: nextId++, kind: op.kind, op, inputs, attrs, shape: Object.freeze(shape), dtype };
}

/** What distinguishes a node from others of its op with equal inputs. */
export function detailOf({ op, attrs }: Node): string {
  const any: Op = op;
  return any.key?.(attrs) ?? "";
}

/** A node's op on other inputs; the node itself where they are its own. */
export function withInputs(node: Node, inputs: readonly Node[]): Node {
  for (let i = 0; i < inputs.length; i++)
    if (inputs[i] !== node.inputs[i]) return makeNode(node.op, inputs, node.attrs);
  return node;
}

/** A node's op on what stands for its inputs by now; the node itself where nothing else does. */
export const rebuilt = (node: Node, done: ReadonlyMap<Node, Node>): Node =>
  withInputs(
    node,
    node.inputs.map((x) => done.get(x) as Node),
  );

/**
 * All nodes that the roots need, inputs before users; without those that are `known` and those that only they need.
 * Iterative: graphs may be very deep.
 *
 * @param inputsOf what a node needs; default its inputs.
 */
export function topologicalOrder(
  roots: readonly Node[],
  known?: { has(node: Node): boolean },
  inputsOf: (node: Node) => readonly Node[] = (node) => node.inputs,
): Node[] {
  const order: Node[] = [];
  const done = new Set<Node>();
  // The nodes on the way from the roots, what each needs, and which of that is to be visited next. The first one stands
  // for the roots' user.
  const path: (Node | undefined)[] = [undefined];
  const needs = [roots];
  const next = [0];
  for (let top = 0; top >= 0; ) {
    const inputs = needs[top];
    let i = next[top];
    while (i < inputs.length && (done.has(inputs[i]) || known?.has(inputs[i]) === true)) i++;
    if (i < inputs.length) {
      next[top++] = i + 1;
      path[top] = inputs[i];
      needs[top] = inputsOf(inputs[i]);
      next[top] = 0;
    } else {
      const node = path[top--];
      if (node === undefined) break;
      done.add(node);
      order.push(node);
    }
  }
  return order;
}

/**
 * A named place for a value outside any program: a parameter, a data set, a batch of indices.
 * The runtime keeps its bytes; the graph only refers to it.
 */
export interface Storage extends ValueType {
  readonly id: number;
  readonly name?: string;
  /** The device that holds the contents; undefined before any device does. */
  on: object | undefined;
  /** A small value kept here, and the device that keeps it here instead of in memory of its own. */
  held: { readonly by: object; readonly data: TypedArray } | undefined;
  /** What a compiled function computed the contents from, if one did. */
  from: object | undefined;
  /** Runs whose wrong row numbers, if they met any, the next read of the contents must tell. */
  doubt: { error?: Error } | undefined;
}

let nextStorage = 1;
export const makeStorage = (shape: Shape, dtype: DType, name?: string): Storage => ({
  id: nextStorage++,
  shape: Object.freeze(shape),
  dtype,
  name,
  on: undefined,
  held: undefined,
  from: undefined,
  doubt: undefined,
});

/** "After the program has run, `storage` holds `value`." A program is a list of these; all read the old contents. */
export interface Update {
  readonly storage: Storage;
  readonly value: Node;
}
