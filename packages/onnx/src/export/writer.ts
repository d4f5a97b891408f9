import { ATTRIBUTE, type AttributeToWrite, type NodeToWrite, type TensorToWrite } from "../proto/schema.js";
import { type DataToWrite, writeTensor } from "../proto/tensor.js";

/** An attribute's value. */
export type Attribute = Omit<AttributeToWrite, "name">;

export const int = (i: number): Attribute => ({ i, type: ATTRIBUTE.INT });
export const float = (f: number): Attribute => ({ f: Math.fround(f), type: ATTRIBUTE.FLOAT });
export const ints = (list: readonly number[]): Attribute => ({ ints: list, type: ATTRIBUTE.INTS });
export const string = (s: string): Attribute => ({ s: new TextEncoder().encode(s), type: ATTRIBUTE.STRING });

/** Collects the nodes and initializers of a graph and names its values. */
export class GraphWriter {
  readonly nodes: NodeToWrite[] = [];
  readonly initializers: TensorToWrite[] = [];
  readonly #names = new Set<string>();
  readonly #constants = new Map<string, string>();

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
  add(op: string, input: readonly string[], path = "", attributes: Readonly<Record<string, Attribute>> = {}): string {
    const name = this.unique(path === "" ? `/${op}` : `/${path}/${op}`);
    const output = this.unique(`${name}_output`);
    const attribute = Object.entries(attributes).map(([key, value]) => ({ name: key, ...value }));
    this.nodes.push({ name, op_type: op, input, output: [output], attribute });
    return output;
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

  /** A single number. */
  number(value: number, dtype: "f32" | "i32" = "f32"): string {
    const data = dtype === "f32" ? Float32Array.of(value) : Int32Array.of(value);
    const key = `${dtype} ${Object.is(value, -0) ? "-0" : value}`;
    return this.#once(key, { dtype, shape: [], data } as DataToWrite);
  }

  /** Makes a value the graph's output, under that name; returns it. */
  finish(value: string): string {
    const output = this.unique("output");
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
