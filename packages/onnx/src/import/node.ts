// What the rows of the operator table share: reading a node, its inputs and its attributes.
import { FormatError, type nn, type Tensor, UnsupportedError } from "tidu";
import type { Shape, TensorData } from "tidu/internal";
import { ATTRIBUTE, type AttributeProto, type GraphProto, type NodeProto, readGraph } from "../proto/schema.js";
import { readTensor } from "../proto/tensor.js";
import type { Constant } from "./constants.js";

/** The most elements of a value that is computed while a network is read or traced. */
const LARGEST_TABLE = 2 ** 24;

/** What a node computes, from its inputs; those that are left out or became a layer's are undefined. */
export type Apply = (...x: Tensor[]) => Tensor | readonly Tensor[];

/** Reads a node of one type and says how it is computed. */
export type Row = (node: GraphNode) => Apply;

/** How the nodes of each type are read. */
export type Rows = Readonly<Record<string, Row>>;

/** A layer's variable: the node's input that gives it, and how it is brought into the layer's form. */
export type From = number | readonly [input: number, prepare: (value: Tensor) => Tensor];

/** A layer's variables by name. */
export type Variables = Readonly<Record<string, From>>;

/** A graph inside a node: what it uses from around it, and how its outputs are made from that and its own inputs. */
export interface Inner {
  readonly captured: readonly string[];
  run(captured: readonly Tensor[], inputs?: readonly Tensor[]): Tensor[];
}

/** Where nodes find values and leave layers. */
export interface Shelf {
  constant(name: string): Constant | undefined;
  /** ONNX's type of a value's elements, where the file says it. */
  type(name: string): number | undefined;
  inner(node: GraphNode, graph: GraphProto): Inner;
  layer<M extends nn.Module>(node: GraphNode, make: () => M, variables: Variables): M;
}

type Kind = keyof typeof ATTRIBUTE;

/** A node of the file, with the questions that its row may ask. */
export class GraphNode {
  readonly #attributes: ReadonlyMap<string, AttributeProto>;
  readonly #asked = new Set<string>();
  readonly #taken = new Set<number>();
  readonly #settings = new Set<number>();
  readonly #lists = new Set<number>();
  /** How many of its outputs are computed. */
  results = 1;
  /** Whether any of its inputs may be without elements. */
  takesEmpty = false;
  /** Values that it uses beside its inputs, given to `Apply` after them. */
  readonly captured: string[] = [];
  /** The layers that it became. */
  readonly layers: nn.Module[] = [];

  constructor(
    readonly proto: NodeProto,
    /** Name of the file. */
    readonly file: string,
    /** Version of ONNX's operators. */
    readonly opset: number,
    private readonly shelf: Shelf,
  ) {
    this.#attributes = new Map(proto.attribute.map((a) => [a.name ?? "", a]));
  }

  get op(): string {
    return this.proto.op_type ?? "";
  }

  toString(): string {
    return `${this.op} ${JSON.stringify(this.proto.name || this.proto.output[0] || "")}`;
  }

  /** Refuses a node that is not valid ONNX. */
  damaged(problem: string): never {
    throw new FormatError(this.file, this.proto.at, `${this} ${problem}`);
  }

  /** Refuses a valid node that has no counterpart here. */
  refuse(problem: string): never {
    throw new UnsupportedError(`${this.file}: byte ${this.proto.at}: ${this} ${problem}`);
  }

  /** Returns a number of elements to compute at once; refuses one that is too large. */
  table(count: number): number {
    if (Number.isInteger(count) && count >= 0 && count <= LARGEST_TABLE) return count;
    return this.refuse(`needs a table of ${count} elements; at most ${LARGEST_TABLE} are allowed`);
  }

  /** Fails unless the node has at least `count` inputs. */
  needs(count: number): void {
    const given = this.proto.input.slice(0, count).filter((name) => name !== "").length;
    if (given < count) this.damaged(`has ${given} of the ${count} inputs that it needs`);
  }

  /** An input that the file gives; undefined for what the network computes, or none. */
  constant(input: number): Constant | undefined {
    return this.shelf.constant(this.proto.input[input] ?? "");
  }

  /** ONNX's type of an input's elements, where the file says it. */
  type(input: number): number | undefined {
    return this.shelf.type(this.proto.input[input] ?? "");
  }

  /** Whether an output is used. */
  gives(output: number): boolean {
    return (this.proto.output[output] ?? "") !== "";
  }

  /** The shape of an input that the file gives. */
  shape(input: number): Shape | undefined {
    return this.constant(input)?.shape;
  }

  /** The shape of an input that must be given by the file. */
  weight(input: number): Shape {
    return (
      this.shape(input) ?? this.refuse(`has weights (input ${input}) that the network computes; they must be constants`)
    );
  }

  /**
   * A layer that computes the node, with the given inputs as its variables. Nodes that share their variables and all
   * else share the layer.
   */
  layer<M extends nn.Module>(make: () => M, variables: Variables = {}): M {
    for (const from of Object.values(variables)) this.#taken.add(typeof from === "number" ? from : from[0]);
    const layer = this.shelf.layer(this, make, variables);
    this.layers.push(layer);
    return layer;
  }

  /** Whether an input is a layer's variable. */
  isTaken(input: number): boolean {
    return this.#taken.has(input);
  }

  /** Marks inputs as settings, such as sizes or scales, which training does not change. */
  settings(...inputs: readonly number[]): void {
    for (const input of inputs) this.#settings.add(input);
  }

  isSetting(input: number): boolean {
    return this.#settings.has(input);
  }

  /** Marks inputs as lists of sizes or axes, which have no elements where there is no axis. */
  lists(...inputs: readonly number[]): void {
    for (const input of inputs) this.#lists.add(input);
  }

  /** Whether an input may be without elements. */
  mayBeEmpty(input: number): boolean {
    return this.takesEmpty || this.#lists.has(input);
  }

  has(attribute: string): boolean {
    return this.#attributes.has(attribute);
  }

  int(name: string, standard: number): number {
    return this.#read(name, "INT", standard, (a) => a.i ?? 0);
  }

  float(name: string, standard: number): number {
    return this.#read(name, "FLOAT", standard, (a) => shortest(a.f ?? 0));
  }

  ints(name: string): readonly number[] | undefined;
  ints(name: string, standard: readonly number[]): readonly number[];
  ints(name: string, standard?: readonly number[]): readonly number[] | undefined {
    return this.#read(name, "INTS", standard, (a) => a.ints);
  }

  text(name: string, standard: string): string {
    return this.#read(name, "STRING", standard, (a) => new TextDecoder().decode(new Uint8Array(a.s ?? [])));
  }

  texts(name: string, standard: readonly string[] = []): readonly string[] {
    return this.#read(name, "STRINGS", standard, (a) =>
      a.strings.map((s) => new TextDecoder().decode(new Uint8Array(s))),
    );
  }

  floats(name: string): readonly number[] | undefined {
    return this.#read<readonly number[] | undefined>(name, "FLOATS", undefined, (a) => a.floats);
  }

  /** A tensor that is an attribute. */
  tensor(name: string): TensorData | undefined {
    return this.#read<TensorData | undefined>(name, "TENSOR", undefined, ({ t }) => t && readTensor(t, this.file));
  }

  /** A graph that is an attribute. */
  inner(name: string): Inner {
    const g = this.#read<GraphProto | undefined>(name, "GRAPH", undefined, (a) => a.g && readGraph(a.g, this.file));
    return this.shelf.inner(this, g ?? this.damaged(`has no ${name}`));
  }

  /** Attributes that make no difference here. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#asked.add(name);
  }

  /** Refuses attributes that the row did not read: nothing in a file is ignored silently. */
  checkAllRead(): void {
    const left = [...this.#attributes.keys()].filter((name) => !this.#asked.has(name));
    if (left.length > 0) this.refuse(`has the attribute ${left.join(", ")}, which Tidu does not support`);
  }

  #read<T>(name: string, kind: Kind, standard: T, value: (attribute: AttributeProto) => T): T {
    this.#asked.add(name);
    const attribute = this.#attributes.get(name);
    if (attribute === undefined) return standard;
    if (attribute.type !== undefined && attribute.type !== ATTRIBUTE[kind]) {
      throw new FormatError(
        this.file,
        attribute.at,
        `attribute ${name} of ${this} has type ${attribute.type}, expected ${ATTRIBUTE[kind]}, ${kind}`,
      );
    }
    return value(attribute);
  }
}

/** The number with the fewest digits among those that are equal as f32: 0.1, not 0.10000000149011612. */
export function shortest(f32: number): number {
  const candidates = [1, 2, 3, 4, 5, 6, 7, 8].map((digits) => Number(f32.toPrecision(digits)));
  return candidates.find((n) => Math.fround(n) === f32) ?? f32;
}
