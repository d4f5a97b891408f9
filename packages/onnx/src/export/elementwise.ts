// The ONNX operator of each elementwise op.
import { TYPE } from "../proto/schema.js";
import { type GraphWriter, int } from "./writer.js";

/** Writes an operation of named values; returns the name of the result. */
type Words = (graph: GraphWriter, x: readonly string[], path: string) => string;

const op =
  (name: string, attributes?: Parameters<GraphWriter["add"]>[3]): Words =>
  (graph, x, path) =>
    graph.add(name, x, path, attributes);

/** Floats as they are after a stay in a type of fewer digits. */
const rounded =
  (type: number): Words =>
  (graph, x, path) =>
    graph.add("Cast", [graph.add("Cast", x, path, { to: int(type) })], path, { to: int(TYPE.FLOAT) });

/** Every elementwise operation but those that draw random numbers. */
export const ELEMENTWISE: Readonly<Record<string, Words>> = {
  add: op("Add"),
  sub: op("Sub"),
  mul: op("Mul"),
  div: op("Div"),
  neg: op("Neg"),
  maximum: op("Max"),
  minimum: op("Min"),
  exp: op("Exp"),
  log: op("Log"),
  expm1: (graph, x, path) => graph.add("Sub", [graph.add("Exp", x, path), graph.number(1)], path),
  log1p: (graph, x, path) => graph.add("Log", [graph.add("Add", [...x, graph.number(1)], path)], path),
  sqrt: op("Sqrt"),
  sin: op("Sin"),
  cos: op("Cos"),
  tanh: op("Tanh"),
  sigmoid: op("Sigmoid"),
  softplus: op("Softplus"),
  erf: op("Erf"),
  pow: op("Pow"),
  abs: op("Abs"),
  sign: op("Sign"),
  floor: op("Floor"),
  relu: op("Relu"),
  lt: op("Less"),
  le: op("LessOrEqual"),
  eq: op("Equal"),
  intEq: op("Equal"),
  and: op("And"),
  or: op("Or"),
  not: op("Not"),
  where: op("Where"),
  intToFloat: op("Cast", { to: int(TYPE.FLOAT) }),
  boolToFloat: op("Cast", { to: int(TYPE.FLOAT) }),
  floatToInt: op("Cast", { to: int(TYPE.INT32) }),
  boolToInt: op("Cast", { to: int(TYPE.INT32) }),
  // A file has halves as the floats that they are.
  halfToFloat: (_, [x]) => x,
  brainToFloat: (_, [x]) => x,
  floatToHalf: rounded(TYPE.FLOAT16),
  floatToBrain: rounded(TYPE.BFLOAT16),
  widen: op("Cast", { to: int(TYPE.INT32) }),
  narrow: (graph, x, path) => {
    const held = graph.add("Clip", [...x, graph.number(0, "i32"), graph.number(255, "i32")], path);
    return graph.add("Cast", [held], path, { to: int(TYPE.UINT8) });
  },
  intAdd: op("Add"),
  intSub: op("Sub"),
  intMul: op("Mul"),
  intMax: op("Max"),
  intMin: op("Min"),
  intLt: op("Less"),
  intLe: op("LessOrEqual"),
};

/** A choice between bools, which not every runtime's Where has. */
export const whereOfBools: Words = (graph, [condition, yes, no], path) => {
  const other = graph.add("And", [graph.add("Not", [condition], path), no], path);
  return graph.add("Or", [graph.add("And", [condition, yes], path), other], path);
};
