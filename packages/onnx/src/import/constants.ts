// The values that a graph gives: initializers and constants.
import { type Tensor, UnsupportedError } from "tidu";
import { adopt, type NDArray, type Node, type Shape, type TensorData } from "tidu/internal";
import type { AttributeProto, GraphProto, NodeProto, TensorProto } from "../proto/schema.js";
import { type ExternalData, readTensor } from "../proto/tensor.js";
import { knownTensor, MOST_ELEMENTS } from "./known.js";

/** A value that the file gives. */
export interface Constant {
  readonly name: string;
  /** Whether it is an initializer, as parameters are, rather than a constant of the graph. */
  readonly isInitializer: boolean;
  /** Whether its elements are floats in ONNX. */
  readonly isFloat: boolean;
  /** ONNX's type of its elements, if it is the file's own. */
  readonly type?: number;
  readonly shape: Shape;
  readonly numbers: Float64Array;
  /** The value as f32, for a variable to take. */
  value(): Tensor;
  /** As a tensor that no training changes; its elements are known where they are few. */
  readonly fixed: Tensor;
  /** The matrix that this one is the transpose of. */
  readonly turnedFrom?: Constant;
}

/** Whether training may change it: an initializer of real numbers in a list. */
export const isTrainable = ({ isInitializer, isFloat, shape }: Constant): boolean =>
  isInitializer && isFloat && shape.length > 0;

const isBig = (data: TensorData["data"]): data is BigInt64Array | BigUint64Array =>
  data instanceof BigInt64Array || data instanceof BigUint64Array;

const FLOATS = ["f32", "f64", "f16", "bf16"];

class Stored implements Constant {
  #data: TensorData | undefined;
  #floats: Float32Array | undefined;
  #fixed: Tensor | undefined;

  constructor(
    readonly name: string,
    readonly isInitializer: boolean,
    readonly type: number | undefined,
    /** The file and byte where it stands, for errors. */
    private readonly place: string,
    private readonly read: () => TensorData,
  ) {}

  /** Read when it is first needed; throws FormatError if the file does not hold what it promises. */
  get data(): TensorData {
    this.#data ??= this.read();
    return this.#data;
  }

  get isFloat(): boolean {
    return FLOATS.includes(this.data.dtype);
  }

  get shape(): Shape {
    return this.data.shape;
  }

  /** Made anew each time: large weights are not kept twice. */
  get numbers(): Float64Array {
    const { data } = this.data;
    // `from` asks each element of an iterator: with millions of them that takes seconds.
    return isBig(data) ? Float64Array.from(data, Number) : new Float64Array(data);
  }

  value(): Tensor {
    const { data } = this.data;
    if (data.length === 0) this.#refuse("has no elements; a weight must have at least one");
    this.#floats ??= data instanceof Float32Array ? data : new Float32Array(this.numbers);
    return adopt(this.#floats, this.shape);
  }

  get fixed(): Tensor {
    this.#fixed ??= this.#make();
    return this.#fixed;
  }

  #make(): Tensor {
    const { numbers, shape, isFloat } = this;
    if (isFloat) return knownTensor(numbers, shape, "f32");
    if (this.data.dtype === "bool") return knownTensor(numbers, shape, "bool");
    if (numbers.length > MOST_ELEMENTS && numbers.some((n) => n > 2 ** 31 - 1 || n < -(2 ** 31))) {
      this.#refuse("has whole numbers beyond 32 bits, which Tidu does not support");
    }
    return knownTensor(numbers, shape, "i32");
  }

  #refuse(problem: string): never {
    throw new UnsupportedError(`${this.place}: ${JSON.stringify(this.name)} ${problem}`);
  }
}

const turned = (from: Constant): Constant => ({
  name: from.name,
  isInitializer: from.isInitializer,
  isFloat: from.isFloat,
  shape: [...from.shape].reverse(),
  get numbers() {
    return from.numbers;
  },
  value: () => from.value().transpose(),
  get fixed() {
    return from.fixed.transpose();
  },
  turnedFrom: from,
});

/** A value computed from the file's constants; if it depends on one initializer only, that is its source. */
export function folded(name: string, { shape, data }: NDArray, node: Node, source: Constant | undefined): Constant {
  const isFloat = node.dtype === "f32";
  return {
    name: source !== undefined && String(source.shape) === String(shape) ? source.name : name,
    isInitializer: source !== undefined,
    isFloat,
    shape,
    numbers: data,
    value: () => adopt(new Float32Array(data), shape),
    get fixed() {
      return knownTensor(data, shape, node.dtype === "bool" ? "bool" : isFloat ? "f32" : "i32");
    },
  };
}

/** What constants are read with. */
export interface Source {
  /** Name of the file. */
  readonly file: string;
  readonly external: ExternalData;
}

/** The constants of a graph, by name: initializers, Constant nodes, aliases of these, and transposed matrices. */
export function collectConstants(graph: GraphProto, source: Source): Map<string, Constant> {
  const constants = new Map<string, Constant>();
  const { file } = source;
  for (const proto of graph.initializer) {
    const name = proto.name ?? "";
    const read = () => readTensor(proto, file, source.external);
    constants.set(name, new Stored(name, true, proto.data_type, `${file}: byte ${proto.at}`, read));
  }
  for (const node of graph.node) {
    const from = constants.get(node.input[0] ?? "");
    const [output = ""] = node.output;
    const made = node.op_type === "Constant" ? fromNode(node, output, source) : from && same(node, from);
    if (made !== undefined) constants.set(output, made);
  }
  return constants;
}

/** The constant that a node passes on unchanged or transposed. */
function same({ op_type: op, attribute }: NodeProto, from: Constant): Constant | undefined {
  if (op === "Identity") return from;
  return op === "Transpose" && String(attribute[0]?.ints) === "1,0" && from.shape.length === 2
    ? turned(from)
    : undefined;
}

function fromNode(node: NodeProto, name: string, { file, external }: Source): Constant {
  const [value] = node.attribute;
  const place = `${file}: byte ${node.at}`;
  return new Stored(name, false, value?.t?.data_type, place, () => {
    const data = value && FORMS.get(value.name ?? "")?.(value, (t) => readTensor(t, file, external));
    if (data !== undefined) return data;
    throw new UnsupportedError(
      `${place}: Constant ${JSON.stringify(name)} must have one of the attributes ${[...FORMS.keys()].join(", ")}`,
    );
  });
}

/** The attributes in which a Constant node may have its value. */
const FORMS = new Map<string, (value: AttributeProto, read: (t: TensorProto) => TensorData) => TensorData | undefined>([
  ["value", ({ t }, read) => t && read(t)],
  ["value_float", ({ f = 0 }) => ({ dtype: "f32", shape: [], data: Float32Array.of(f) })],
  ["value_floats", ({ floats }) => ({ dtype: "f32", shape: [floats.length], data: Float32Array.from(floats) })],
  ["value_int", ({ i = 0 }) => ({ dtype: "i64", shape: [], data: BigInt64Array.of(BigInt(i)) })],
  ["value_ints", ({ ints }) => ({ dtype: "i64", shape: [ints.length], data: BigInt64Array.from(ints, BigInt) })],
]);
