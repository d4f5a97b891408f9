// Writes ONNX graphs as other exporters do.
import { type Attribute, float, int, ints, string } from "../../../packages/onnx/src/export/writer.js";
import { decode, encode } from "../../../packages/onnx/src/proto/message.js";
import {
  ATTRIBUTE,
  GraphMessage,
  ModelMessage,
  type NodeToWrite,
  type TensorToWrite,
  TYPE,
} from "../../../packages/onnx/src/proto/schema.js";
import { writeTensor } from "../../../packages/onnx/src/proto/tensor.js";
import { sizeOf } from "../../../packages/tidu/src/base/shape.js";
import { randomNumbers } from "./compare.js";

export { float, int, ints, string };

export type Attributes = Readonly<Record<string, Attribute>>;

export const floats = (list: readonly number[]): Attribute => ({ floats: list, type: ATTRIBUTE.FLOATS });
export const strings = (list: readonly string[]): Attribute => ({
  strings: list.map((s) => new TextEncoder().encode(s)),
  type: ATTRIBUTE.STRINGS,
});

/** A node as another exporter would write it. */
export const node = (op_type: string, input: string[], output: string[], attributes: Attributes = {}): NodeToWrite => ({
  op_type,
  name: `the ${op_type} of ${output[0]}`,
  input,
  output,
  attribute: Object.entries(attributes).map(([name, value]) => ({ name, ...value })),
});

/** A tensor of real numbers, random ones unless they are given. */
export function weights(name: string, dims: readonly number[], values?: readonly number[]): TensorToWrite {
  const data = values === undefined ? randomNumbers(sizeOf(dims), name) : Float32Array.from(values);
  return writeTensor(name, { dtype: "f32", shape: dims, data });
}

/** A list of 64-bit integers; with `dims` another shape. */
export const whole = (name: string, values: readonly number[], dims = [values.length]): TensorToWrite =>
  writeTensor(name, { dtype: "i64", shape: dims, data: BigInt64Array.from(values, BigInt) });

/** A node that gives a tensor. */
export const constant = (tensor: TensorToWrite): NodeToWrite =>
  node("Constant", [], [tensor.name ?? ""], { value: { t: tensor, type: ATTRIBUTE.TENSOR } });

export interface GraphOptions {
  readonly nodes: readonly NodeToWrite[];
  readonly initializers?: readonly TensorToWrite[];
  /** Shape of the input "x", the batch first; strings are names of free sizes. */
  readonly input?: readonly (number | string)[];
  readonly inputType?: number;
  readonly outputs?: readonly string[];
  readonly opset?: number;
  /** Domains beside ONNX's own. */
  readonly imports?: readonly { readonly domain: string; readonly version: number }[];
}

/** The bytes of a model whose input is "x" and whose output is "y". */
export function model({ nodes, initializers = [], outputs = ["y"], opset = 17, ...options }: GraphOptions): Uint8Array {
  const { input = ["n"], inputType = TYPE.FLOAT, imports = [] } = options;
  const dim = input.map((d) => (typeof d === "number" ? { dim_value: d } : { dim_param: d }));
  const typed = (elem_type: number, shape?: object) => ({ tensor_type: { elem_type, shape } });
  return encode(ModelMessage, {
    ir_version: 8,
    opset_import: [{ version: opset }, ...imports],
    graph: {
      name: "test",
      node: nodes,
      initializer: initializers,
      input: [{ name: "x", type: typed(inputType, { dim }) }],
      output: outputs.map((name) => ({ name, type: typed(TYPE.FLOAT) })),
    },
  });
}

/** A graph inside a node, with inputs and outputs of some types: whole numbers and truth values are single ones. */
export function body(
  inputs: Readonly<Record<string, number>>,
  nodes: readonly NodeToWrite[],
  outputs: Readonly<Record<string, number>>,
): Attribute {
  const infos = (types: Readonly<Record<string, number>>) =>
    Object.entries(types).map(([name, elem_type]) => {
      const shape = elem_type === TYPE.FLOAT ? undefined : { dim: [] };
      return { name, type: { tensor_type: { elem_type, shape } } };
    });
  const g = encode(GraphMessage, { name: "body", node: nodes, input: infos(inputs), output: infos(outputs) });
  return { g, type: ATTRIBUTE.GRAPH };
}

/** A graph inside a node, without inputs of its own. */
export const branch = (nodes: readonly NodeToWrite[], output: string): Attribute =>
  body({}, nodes, { [output]: TYPE.FLOAT });

/** The types of a model's nodes, without the constants that they use. */
export const opsOf = (bytes: Uint8Array): string[] =>
  decode(ModelMessage, bytes, "model").graph?.node.flatMap(({ op_type: op = "", domain }) =>
    op === "Constant" ? [] : [domain ? `${domain}.${op}` : op],
  ) ?? [];
