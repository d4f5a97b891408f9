// The messages of ONNX that are read or written here, with the field numbers of onnx.proto (github.com/onnx/onnx).
// Other fields are skipped. Subgraphs (if, loop) are read on demand, so recursion stays shallow.
import { bytes, double, field, float, int, list, type Part, part, text } from "./codec.js";
import { type Decoded, decodePart, type Encodable, Message } from "./message.js";

const Dimension = new Message({ dim_value: field(1, int), dim_param: field(2, text) });
const TensorShape = new Message({ dim: list(1, Dimension) });
const TensorType = new Message({ elem_type: field(1, int), shape: field(2, TensorShape) });
const Type = new Message({ tensor_type: field(1, TensorType) });
const ValueInfo = new Message({ name: field(1, text), type: field(2, Type) });

const Entry = new Message({ key: field(1, text), value: field(2, text) });

export const TensorMessage = new Message({
  dims: list(1, int),
  data_type: field(2, int),
  float_data: list(4, float),
  int32_data: list(5, int),
  string_data: list(6, bytes),
  int64_data: list(7, int),
  name: field(8, text),
  raw_data: field(9, bytes),
  double_data: list(10, double),
  uint64_data: list(11, int),
  external_data: list(13, Entry),
  data_location: field(14, int),
});

const Attribute = new Message({
  name: field(1, text),
  f: field(2, float),
  i: field(3, int),
  s: field(4, bytes),
  t: field(5, TensorMessage),
  g: field(6, part),
  floats: list(7, float),
  ints: list(8, int),
  strings: list(9, bytes),
  type: field(20, int),
});

const Node = new Message({
  input: list(1, text),
  output: list(2, text),
  name: field(3, text),
  op_type: field(4, text),
  attribute: list(5, Attribute),
  domain: field(7, text),
});

export const GraphMessage = new Message({
  node: list(1, Node),
  name: field(2, text),
  initializer: list(5, TensorMessage),
  input: list(11, ValueInfo),
  output: list(12, ValueInfo),
  value_info: list(13, ValueInfo),
  sparse_initializer: list(15, bytes),
});

const OperatorSet = new Message({ domain: field(1, text), version: field(2, int) });

/** A whole file. */
export const ModelMessage = new Message({
  ir_version: field(1, int),
  producer_name: field(2, text),
  producer_version: field(3, text),
  graph: field(7, GraphMessage),
  opset_import: list(8, OperatorSet),
  metadata_props: list(14, Entry),
});

export type ModelProto = Decoded<typeof ModelMessage>;
export type GraphProto = Decoded<typeof GraphMessage>;
export type NodeProto = Decoded<typeof Node>;
export type AttributeProto = Decoded<typeof Attribute>;
export type TensorProto = Decoded<typeof TensorMessage>;
export type ValueInfoProto = Decoded<typeof ValueInfo>;

export type NodeToWrite = Encodable<typeof Node>;
export type AttributeToWrite = Encodable<typeof Attribute>;
export type TensorToWrite = Encodable<typeof TensorMessage>;
export type ValueInfoToWrite = Encodable<typeof ValueInfo>;

/** Reads a subgraph. */
export const readGraph = (g: Part, file: string): GraphProto => decodePart(GraphMessage, g, file);

/** Kinds of attributes, AttributeProto.AttributeType. */
export const ATTRIBUTE = { FLOAT: 1, INT: 2, STRING: 3, TENSOR: 4, GRAPH: 5, FLOATS: 6, INTS: 7, STRINGS: 8 } as const;
/** Element types, TensorProto.DataType. */
export const TYPE = {
  FLOAT: 1,
  UINT8: 2,
  INT32: 6,
  INT64: 7,
  STRING: 8,
  BOOL: 9,
  FLOAT16: 10,
  DOUBLE: 11,
  UINT32: 12,
  UINT64: 13,
  BFLOAT16: 16,
} as const;
