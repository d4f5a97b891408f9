// Writes the parts of an ONNX model as protobuf.
import { ATTRIBUTE, type AttributeToWrite, type NodeToWrite, type TensorToWrite } from "../proto/schema.js";
import { type DataToWrite, writeTensor, writeTexts } from "../proto/tensor.js";

/** An attribute's value. */
export type Attribute = Omit<AttributeToWrite, "name">;

export const int = (i: number): Attribute => ({ i, type: ATTRIBUTE.INT });
export const float = (f: number): Attribute => ({ f: Math.fround(f), type: ATTRIBUTE.FLOAT });
export const ints = (list: readonly number[]): Attribute => ({ ints: list, type: ATTRIBUTE.INTS });
export const string = (s: string): Attribute => ({ s: new TextEncoder().encode(s), type: ATTRIBUTE.STRING });
export const strings = (list: readonly string[]): Attribute => ({
  strings: list.map((s) => new TextEncoder().encode(s)),
  type: ATTRIBUTE.STRINGS,
});

/** The domain of operators for texts and tables. */
export const ML = "ai.onnx.ml";

/** Collects the nodes and initializers of a graph and names its values, in the operators of one version. */
export class GraphWriter {
  readonly nodes: NodeToWrite[] = [];
  readonly initializers: TensorToWrite[] = [];
  readonly #names = new Set<string>();
  readonly #constants = new Map<string, string>();

  constructor(readonly opset: number) {}

  /** The name, or the name with a number where it is taken. */
  unique(name: string): string {
    let free = name;
    for (let n = 1; this.#names.has(free); n++) free = `${name}_${n}`;
    this.#names.add(free);
    return free;
  }

  /**
   * Adds a node and returns the name of its output.
   *
   * @param path of the layer that the node belongs to, such as "0"; part of the node's name.
   */
  add(
    op: string,
    input: readonly string[],
    path = "",
    attributes: Readonly<Record<string, Attribute>> = {},
    domain?: string,
  ): string {
    return this.several(op, input, 1, path, attributes, domain)[0];
  }

  /** Adds a node of so many outputs, and returns their names; else as `add`. */
  several(
    op: string,
    input: readonly string[],
    count: number,
    path = "",
    attributes: Readonly<Record<string, Attribute>> = {},
    domain?: string,
  ): string[] {
    const name = this.unique(path === "" ? `/${op}` : `/${path}/${op}`);
    const output = Array.from({ length: count }, () => this.unique(`${name}_output`));
    const attribute = Object.entries(attributes).map(([key, value]) => ({ name: key, ...value }));
    this.nodes.push({ name, op_type: op, input, output, attribute, domain });
    return output;
  }

  /** The length of a value's first axis, as a list of one. */
  count(value: string, path = ""): string {
    // Part of a shape can be asked for since version 15.
    if (this.opset >= 15) return this.add("Shape", [value], path, { start: int(0), end: int(1) });
    return this.add("Gather", [this.add("Shape", [value], path), this.list([0])], path, { axis: int(0) });
  }

  /** Reduces over axes, which are gone then. */
  reduce(op: "ReduceSum" | "ReduceMax" | "ReduceMin", value: string, axes: readonly number[], path = ""): string {
    // The axes are an input of the sum since version 13, of the others since 18.
    const asInput = op === "ReduceSum" || this.opset >= 18;
    return asInput
      ? this.add(op, [value, this.list(axes)], path, { keepdims: int(0) })
      : this.add(op, [value], path, { axes: ints(axes), keepdims: int(0) });
  }

  /** Adds a tensor that training changes. */
  initializer(name: string, data: DataToWrite): string {
    const free = this.unique(name);
    this.initializers.push(writeTensor(free, data));
    return free;
  }

  /** A tensor that training does not change. */
  constant(data: DataToWrite): string {
    const value: Attribute = { t: writeTensor(undefined, data), type: ATTRIBUTE.TENSOR };
    return this.add("Constant", [], "", { value });
  }

  /** A list of 64-bit integers, as shapes and axes are given. */
  list(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.#once(`list ${values}`, { dtype: "i64", shape: [values.length], data });
  }

  /** A constant list of texts. */
  texts(values: readonly string[]): string {
    return this.add("Constant", [], "", { value: { t: writeTexts(values), type: ATTRIBUTE.TENSOR } });
  }

  /** A single number. */
  number(value: number, dtype: "f32" | "i32" | "f64" = "f32"): string {
    const data = { f32: Float32Array, i32: Int32Array, f64: Float64Array }[dtype].of(value);
    const key = `${dtype} ${Object.is(value, -0) ? "-0" : value}`;
    return this.#once(key, { dtype, shape: [], data } as DataToWrite);
  }

  /** Makes a value an output of the graph, under a name, which it returns. */
  finish(value: string, as = "output"): string {
    const output = this.unique(as);
    const made = this.nodes.findIndex((node) => node.output?.includes(value));
    // The input, an initializer or a constant keeps its name.
    if (made < 0 || this.nodes[made].op_type === "Constant") {
      this.nodes.push({ name: this.unique("/Identity"), op_type: "Identity", input: [value], output: [output] });
      return output;
    }
    this.nodes.forEach((node, i) => {
      const rename = (names: readonly string[] = []) => names.map((n) => (n === value ? output : n));
      this.nodes[i] = { ...node, input: rename(node.input), output: rename(node.output) };
    });
    return output;
  }

  #once(key: string, data: DataToWrite): string {
    const known = this.#constants.get(key) ?? this.constant(data);
    this.#constants.set(key, known);
    return known;
  }
}
