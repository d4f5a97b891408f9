// Operations of graph models that work on each element.
import { float, int } from "../../export/writer.js";
import { ACTIVATIONS } from "../activations.js";
import type { Value } from "../builder.js";
import type { Operation, Row, Rows } from "./node.js";

const unary =
  (op: string): Row =>
  (o, x) =>
    o.add(op, [x], x.rank);

/** The larger number of axes, since values stretch. */
const stretched = (...x: Value[]): number | undefined =>
  x.some(({ rank }) => rank === undefined) ? undefined : Math.max(...x.map(({ rank }) => rank ?? 0));

const binary =
  (op: string): Row =>
  (o, x, y) => {
    o.needs(2);
    return o.add(op, [x, y], stretched(x, y));
  };

const named =
  (name: string): Row =>
  (o, x) =>
    ACTIVATIONS[name](o.builder, x, o.path);

/** One operation on the result of another. */
const after =
  (outer: string, inner: Row): Row =>
  (o, ...x) => {
    const y = inner(o, ...x) as Value;
    return o.add(outer, [y], y.rank);
  };

const WHOLE = ["DT_INT32", "3", "DT_INT64", "9"];

/** Whether an operation works on whole numbers, by its type, or else by what the file gives it. */
const isWhole = (o: Operation): boolean => {
  const type = o.settings.raw("T");
  return type === undefined ? o.inputs.some(({ weight }) => weight?.dtype === "i32") : WHOLE.includes(String(type));
};

/** The quotient toward minus infinity. ONNX cuts that of whole numbers toward zero: one less is right where a remainder of the divisor's sign shows it. */
const floorDivide: Row = (o, x, y) => {
  const quotient = binary("Div")(o, x, y) as Value;
  const { rank } = quotient;
  if (!isWhole(o)) return o.add("Floor", [quotient], rank);
  const back = o.add("Add", [o.add("Mul", [quotient, y], rank), o.add("Mod", [x, y], rank)], rank);
  const isAbove = o.add("Not", [o.add("Equal", [back, x], rank)], rank);
  return o.add("Sub", [quotient, o.add("Cast", [isAbove], rank, { to: int(TYPES.DT_INT32) })], rank);
};

/** TensorFlow.js floors the quotient of whole numbers whatever the operation is called. */
const divide: Row = (o, ...x) => (isWhole(o) ? floorDivide : binary("Div"))(o, ...x);

/** What floored division leaves, of the divisor's sign. */
const floorModulo: Row = (o, x, y) => {
  if (isWhole(o)) return binary("Mod")(o, x, y);
  const times = binary("Mul")(o, floorDivide(o, x, y) as Value, y) as Value;
  return o.add("Sub", [x, times], times.rank);
};

const squared: Row = (o, x) => o.add("Mul", [x, x], x.rank);

const clip: Row = (o, x) => o.builder.clip(x, o.number(1), o.number(2), o.path);

const choose: Row = (o, condition, x, y) => {
  o.needs(3);
  return o.add("Where", [condition, x, y], stretched(condition, x, y));
};

const TYPES: Readonly<Record<string, number>> = {
  DT_FLOAT: 1,
  DT_INT32: 6,
  DT_INT64: 7,
  DT_BOOL: 9,
  1: 1,
  3: 6,
  9: 7,
  10: 9,
};

/** ONNX's type of the elements that an attribute names. */
export function elementTypeOf(o: Operation, attribute: string): number {
  const name = String(o.settings.raw(attribute));
  return TYPES[name] ?? o.place.refuse(`makes elements of type ${name}`);
}

const cast: Row = (o, x) => o.add("Cast", [x], x.rank, { to: int(elementTypeOf(o, "DstT")) });

/** The quotient, and 0 where it would be one by 0. */
const divideOrZero: Row = (o, x, y) => {
  const zero = o.builder.number(0);
  const quotient = binary("Div")(o, x, y) as Value;
  return o.add("Where", [o.add("Equal", [y, zero], y.rank), zero, quotient], quotient.rank);
};

/** The angle of the point (x, y): the arc of their quotient, turned by half a circle where x is negative. */
const angle: Row = (o, y, x) => {
  const { builder: b } = o;
  const arc = o.add("Atan", [binary("Div")(o, y, x) as Value], stretched(x, y));
  const zero = b.number(0);
  const less = (v: Value): Value => o.add("Less", [v, zero], v.rank);
  const sign = o.add("Where", [less(y), b.number(-1), b.number(1)], y.rank);
  const turned = binary("Add")(o, arc, o.add("Mul", [sign, b.number(Math.PI)], y.rank)) as Value;
  const upright = o.add("Mul", [o.add("Sign", [y], y.rank), b.number(Math.PI / 2)], y.rank);
  const beside = o.add("Where", [less(x), turned, arc], arc.rank);
  return o.add("Where", [o.add("Equal", [x, zero], x.rank), upright, beside], arc.rank);
};

const finite: Row = (o, x) => {
  const odd = o.add("Or", [o.add("IsNaN", [x], x.rank), o.add("IsInf", [x], x.rank)], x.rank);
  return o.add("Not", [odd], x.rank);
};

export const leakyRelu = (o: Operation, x: Value, alpha: number): Value =>
  o.add("LeakyRelu", [x], x.rank, { alpha: float(alpha) });

export const ELEMENTWISE: Rows = {
  Abs: unary("Abs"),
  Acos: unary("Acos"),
  Acosh: unary("Acosh"),
  Asin: unary("Asin"),
  Asinh: unary("Asinh"),
  Atan: unary("Atan"),
  Atan2: angle,
  Atanh: unary("Atanh"),
  Ceil: unary("Ceil"),
  Cos: unary("Cos"),
  Cosh: unary("Cosh"),
  Elu: unary("Elu"),
  Erf: unary("Erf"),
  Exp: unary("Exp"),
  Expm1: (o, x) => o.add("Sub", [o.add("Exp", [x], x.rank), o.builder.number(1)], x.rank),
  IsFinite: finite,
  IsInf: unary("IsInf"),
  IsNan: unary("IsNaN"),
  Floor: unary("Floor"),
  Inv: unary("Reciprocal"),
  Log: unary("Log"),
  Log1p: (o, x) => o.add("Log", [o.add("Add", [x, o.builder.number(1)], x.rank)], x.rank),
  LogicalNot: unary("Not"),
  Neg: unary("Neg"),
  Reciprocal: unary("Reciprocal"),
  Relu: unary("Relu"),
  Round: unary("Round"),
  Selu: unary("Selu"),
  Sigmoid: unary("Sigmoid"),
  Sign: unary("Sign"),
  Sin: unary("Sin"),
  Sinh: unary("Sinh"),
  Softplus: unary("Softplus"),
  Softsign: unary("Softsign"),
  Sqrt: unary("Sqrt"),
  Tan: unary("Tan"),
  Tanh: unary("Tanh"),
  Relu6: named("relu6"),
  Softmax: named("softmax"),
  LogSoftmax: named("log_softmax"),
  Rsqrt: after("Reciprocal", unary("Sqrt")),
  Square: squared,
  LeakyRelu: (o, x) => leakyRelu(o, x, o.settings.number("alpha", 0.2)),
  Prelu: binary("PRelu"),
  ClipByValue: clip,
  Add: binary("Add"),
  AddV2: binary("Add"),
  Sub: binary("Sub"),
  Mul: binary("Mul"),
  Div: divide,
  RealDiv: divide,
  DivNoNan: divideOrZero,
  FloorDiv: floorDivide,
  FloorMod: floorModulo,
  Mod: floorModulo,
  Maximum: binary("Max"),
  Minimum: binary("Min"),
  Pow: binary("Pow"),
  SquaredDifference: (o, x, y) => squared(o, binary("Sub")(o, x, y) as Value),
  AddN: (o, ...x) => o.add("Sum", x, stretched(...x)),
  BiasAdd: (o, x, bias) => {
    o.needs(2);
    o.needsChannelsLast();
    return o.add("Add", [x, bias], x.rank);
  },
  Equal: binary("Equal"),
  NotEqual: after("Not", binary("Equal")),
  Greater: binary("Greater"),
  GreaterEqual: binary("GreaterOrEqual"),
  Less: binary("Less"),
  LessEqual: binary("LessOrEqual"),
  LogicalAnd: binary("And"),
  LogicalOr: binary("Or"),
  Select: choose,
  SelectV2: choose,
  Cast: cast,
};
