import { type Tensor, UnsupportedError } from "tidu";
import { adopt, type Shape, type TensorData } from "tidu/internal";
import type { AttributeProto, GraphProto, NodeProto } from "../proto/schema.js";
import { readTensor } from "../proto/tensor.js";
import { knownTensor } from "./known.js";

/** A value that the file gives. */
export interface Constant {
  readonly name: string;
  /** Whether it is an initializer, as parameters are, rather than a constant of the graph. */
  readonly isInitializer: boolean;
  /** Whether ONNX has its elements as numbers with a fraction. */
  readonly isFloat: boolean;
  readonly shape: Shape;
  readonly numbers: Iterable<number>;
  /** The value as f32, for a variable to take. */
  value(): Tensor;
  /** As a tensor that no training changes; its elements are known where they are few. */
  readonly fixed: Tensor;
  /** The matrix that this one is, turned around. */
  readonly turnedFrom?: Constant;
}

class Stored implements Constant {
  #data: TensorData | undefined;
  #floats: Float32Array | undefined;
  #fixed: Tensor | undefined;

  constructor(
    readonly name: string,
    readonly isInitializer: boolean,
    /** The file and byte where it stands, for errors. */
    private readonly place: string,
    private readonly read: () => TensorData,
  ) {}

  /** Read when it is first needed; throws FormatError if the file does not hold what it promises. */
  get data(): TensorData {
    this.#data ??= this.read();
    if (this.#data.data.length > 0) return this.#data;
    throw new UnsupportedError(`${this.place}: ${JSON.stringify(this.name)} has no elements, which no tensor may have`);
  }

  get isFloat(): boolean {
    return this.data.dtype === "f32" || this.data.dtype === "f64";
  }

  get shape(): Shape {
    return this.data.shape;
  }

  get numbers(): Float64Array {
    return Float64Array.from<number | bigint>(this.data.data, Number);
  }

  value(): Tensor {
    const { data } = this.data;
    this.#floats ??= data instanceof Float32Array ? data : Float32Array.from(this.numbers);
    return adopt(this.#floats, this.shape);
  }

  get fixed(): Tensor {
    this.#fixed ??= knownTensor(this.numbers, this.shape, !this.isFloat);
    return this.data.dtype === "bool" ? this.#fixed.eq(0).not() : this.#fixed;
  }
}

const turned = (from: Constant): Constant => ({
  name: from.name,
  isInitializer: from.isInitializer,
  isFloat: from.isFloat,
  shape: [...from.shape].reverse(),
  numbers: from.numbers,
  value: () => from.value().transpose(),
  get fixed() {
    return from.fixed.transpose();
  },
  turnedFrom: from,
});

/** All values that a graph gives, by name: initializers, Constant nodes, these under other names, and turned matrices. */
export function collectConstants(graph: GraphProto, file: string): Map<string, Constant> {
  const constants = new Map<string, Constant>();
  for (const tensor of graph.initializer) {
    const name = tensor.name ?? "";
    constants.set(name, new Stored(name, true, `${file}: byte ${tensor.at}`, () => readTensor(tensor, file)));
  }
  for (const node of graph.node) {
    const from = constants.get(node.input[0] ?? "");
    const [output = ""] = node.output;
    const made = node.op_type === "Constant" ? fromNode(node, output, file) : from && same(node, from);
    if (made !== undefined) constants.set(output, made);
  }
  return constants;
}

/** What a node passes on as it is, or turned around. */
function same({ op_type: op, attribute }: NodeProto, from: Constant): Constant | undefined {
  if (op === "Identity") return from;
  return op === "Transpose" && String(attribute[0]?.ints) === "1,0" && from.shape.length === 2
    ? turned(from)
    : undefined;
}

const fromNode = (node: NodeProto, name: string, file: string): Constant =>
  new Stored(name, false, `${file}: byte ${node.at}`, () => {
    const [value] = node.attribute;
    const data = value && FORMS.get(value.name ?? "")?.(value, file);
    if (data !== undefined) return data;
    throw new UnsupportedError(
      `${file}: byte ${node.at}: Constant ${JSON.stringify(name)} must have one of the attributes ${[...FORMS.keys()].join(", ")}`,
    );
  });

/** The attributes in which a Constant node may have its value. */
const FORMS = new Map<string, (value: AttributeProto, file: string) => TensorData | undefined>([
  ["value", ({ t }, file) => t && readTensor(t, file)],
  ["value_float", ({ f = 0 }) => ({ dtype: "f32", shape: [], data: Float32Array.of(f) })],
  ["value_floats", ({ floats }) => ({ dtype: "f32", shape: [floats.length], data: Float32Array.from(floats) })],
  ["value_int", ({ i = 0 }) => ({ dtype: "i64", shape: [], data: BigInt64Array.of(BigInt(i)) })],
  ["value_ints", ({ ints }) => ({ dtype: "i64", shape: [ints.length], data: BigInt64Array.from(ints, BigInt) })],
]);
