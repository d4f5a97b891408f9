// What works element by element.
import { full, type Tensor } from "tidu";
import { knownOf, knownTensor } from "../known.js";
import type { GraphNode, Row, Rows } from "../node.js";

const unary =
  (f: (x: Tensor, node: GraphNode) => Tensor): Row =>
  (node) => {
    node.needs(1);
    return (x) => f(x, node);
  };

const binary =
  (f: (x: Tensor, y: Tensor) => Tensor): Row =>
  (node) => {
    node.needs(2);
    return f;
  };

/** The inputs that are not left out. */
export const given = (x: readonly (Tensor | undefined)[]): Tensor[] => x.filter((v) => v !== undefined);

/** Any number of inputs, put together two by two. */
const many =
  (f: (x: Tensor, y: Tensor) => Tensor): Row =>
  (node) => {
    node.needs(1);
    return (...x) => given(x).reduce(f);
  };

const between = (x: Tensor, low: number, high: number): Tensor => x.maximum(low).minimum(high);

/** e^x - 1 below 0, 0 above; the exponential sees no positive number, which it would make infinite. */
const lower = (x: Tensor): Tensor => x.gt(0).where(0, x).expm1();

/** The quotient of integers is cut toward zero. */
function divide(x: Tensor, y: Tensor): Tensor {
  const whole = knownOf(x)?.whole === true && knownOf(y)?.whole === true;
  return whole ? x.div(y).toInt().toFloat() : x.div(y);
}

/** A known exponent is a number: its square is a product. */
function power(x: Tensor, y: Tensor): Tensor {
  const exponent = knownOf(y);
  return exponent?.data.length === 1 ? x.pow(exponent.data[0]) : x.pow(y);
}

/** The bounds were attributes before opset 11, and may be left out. */
const clip: Row = (node) => {
  node.needs(1);
  const [low, high] = [node.float("min", -Infinity), node.float("max", Infinity)];
  return (x, min, max) => {
    const raised = min === undefined && low === -Infinity ? x : x.maximum(min ?? low);
    return max === undefined && high === Infinity ? raised : raised.minimum(max ?? high);
  };
};

/** Integers are held as f32 like everything else; only what a network gets as whole numbers is not. */
const FLOATS = [1, 10, 11, 16];
const INTEGERS = [2, 3, 4, 5, 6, 7, 12, 13];
const BOOL = 9;

const cast: Row = (node) => {
  node.needs(1);
  node.ignore("saturate");
  const to = node.int("to", 0);
  if (to === BOOL) return (x) => (x.dtype === "bool" ? x : x.toFloat().eq(0).not());
  if (![...FLOATS, ...INTEGERS].includes(to)) node.refuse(`makes elements of type ${to}, which Tidu does not have`);
  const whole = INTEGERS.includes(to);
  return (x) => {
    const known = knownOf(x);
    if (known !== undefined) return knownTensor(whole ? known.data.map(Math.trunc) : known.data, x.shape, whole);
    return whole && x.dtype === "f32" ? x.toInt().toFloat() : x.toFloat();
  };
};

export const ARITHMETIC: Rows = {
  Add: binary((x, y) => x.add(y)),
  Sub: binary((x, y) => x.sub(y)),
  Mul: binary((x, y) => x.mul(y)),
  Div: binary(divide),
  Pow: binary(power),
  Max: many((x, y) => x.maximum(y)),
  Min: many((x, y) => x.minimum(y)),
  Sum: many((x, y) => x.add(y)),
  Neg: unary((x) => x.neg()),
  Abs: unary((x) => x.abs()),
  Sign: unary((x) => x.sign()),
  Exp: unary((x) => x.exp()),
  Log: unary((x) => x.log()),
  Sqrt: unary((x) => x.sqrt()),
  Reciprocal: unary((x) => full([], 1).div(x)),
  Sin: unary((x) => x.sin()),
  Cos: unary((x) => x.cos()),
  Erf: unary((x) => x.erf()),
  Floor: unary((x) => x.floor()),
  Ceil: unary((x) => x.neg().floor().neg()),
  Identity: unary((x) => x),
  Cast: cast,
  Clip: clip,
  HardSigmoid: (node) => {
    const [alpha, beta] = [node.float("alpha", 0.2), node.float("beta", 0.5)];
    return unary((x) => between(x.mul(alpha).add(beta), 0, 1))(node);
  },
  HardSwish: unary((x) => x.mul(between(x.div(6).add(0.5), 0, 1))),
  Mish: unary((x) => x.mul(x.softplus().tanh())),
  PRelu: binary((x, slope) => x.gt(0).where(x, x.mul(slope))),
  Selu: (node) => {
    const [alpha, gamma] = [node.float("alpha", 1.6732631921768188), node.float("gamma", 1.0507010221481323)];
    return unary((x) => x.relu().add(lower(x).mul(alpha)).mul(gamma))(node);
  },
  Softsign: unary((x) => x.div(x.abs().add(1))),
  Less: binary((x, y) => x.lt(y)),
  LessOrEqual: binary((x, y) => x.le(y)),
  Greater: binary((x, y) => x.gt(y)),
  GreaterOrEqual: binary((x, y) => x.ge(y)),
  Equal: binary((x, y) => x.eq(y)),
  Not: unary((x) => x.not()),
  Where: (node) => {
    node.needs(3);
    return (condition, x, y) => condition.where(x, y);
  },
};
