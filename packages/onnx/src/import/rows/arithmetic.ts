// Elementwise operations on numbers.
import { full, ShapeError, type Tensor } from "tidu";
import { isEmpty, knownOf, knownTensor } from "../known.js";
import type { GraphNode, Row, Rows } from "../node.js";
import { isWhole, quotient, remainder, rounded } from "../numbers.js";

export const unary =
  (f: (x: Tensor, node: GraphNode) => Tensor): Row =>
  (node) => {
    node.needs(1);
    node.takesEmpty = true;
    return (x) => (isEmpty(x) ? x : f(x, node));
  };

/**
 * The operand without elements, if there is one: the result then has none either. Throws ShapeError where the other
 * does not fit.
 */
function emptyOf(x: Tensor, y: Tensor): Tensor | undefined {
  const empty = [x, y].find(isEmpty);
  if (empty === undefined) return undefined;
  const [a, b] = [x, y].map((t) => [...(knownOf(t)?.shape ?? t.shape)].reverse());
  if (a.some((d, i) => b[i] !== undefined && d !== b[i] && d !== 1 && b[i] !== 1)) {
    throw new ShapeError("it has an input without elements; a tensor must have at least one");
  }
  return empty;
}

/** Before opset 7 the second operand stood at an axis of the first where an attribute said so. */
export const binary =
  (f: (x: Tensor, y: Tensor) => Tensor): Row =>
  (node) => {
    node.needs(2);
    node.takesEmpty = true;
    if (node.opset >= 7) return (x, y) => emptyOf(x, y) ?? f(x, y);
    const [stretches, axis] = [node.int("broadcast", 0) !== 0, node.int("axis", -1)];
    return (x, y) => {
      if (!stretches || axis < 0) return f(x, y);
      return f(x, y.reshape([...y.shape, ...x.shape.slice(axis + y.rank).map(() => 1)]));
    };
  };

/** The inputs that are given. */
export const given = (x: readonly (Tensor | undefined)[]): Tensor[] => x.filter((v) => v !== undefined);

/** Any number of inputs, combined in pairs. */
const many =
  (f: (x: Tensor, y: Tensor) => Tensor): Row =>
  (node) => {
    node.needs(1);
    return (...x) => given(x).reduce(f);
  };

/** The quotient of integers is cut toward zero. */
const divide = (x: Tensor, y: Tensor): Tensor => (isWhole(x) && isWhole(y) ? quotient(x, y) : x.div(y));

/** A known exponent is a number: its square is a product. */
function power(x: Tensor, y: Tensor): Tensor {
  const exponent = knownOf(y);
  const result = exponent?.data.length === 1 ? x.pow(exponent.data[0]) : x.pow(y);
  return isWhole(x) ? rounded(result).toInt() : result;
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

export const FLOATS = [1, 10, 11, 16];
const HALVES = new Map([
  [10, "f16"],
  [16, "bf16"],
] as const) as ReadonlyMap<number, "f16" | "bf16">;
const WHOLE = [6, 7, 12, 13];
const BOOL = 9;
/** Integers of fewer bits: what is beyond them wraps around. */
const NARROW = new Map([
  [2, [256, 0]],
  [3, [256, -128]],
  [4, [65536, 0]],
  [5, [65536, -32768]],
]);

/** Integers of 4 bits take the nearest. */
const NIBBLES = new Map([
  [21, [0, 15]],
  [22, [-8, 7]],
]);

/** Converts to one of ONNX's types. Integers are computed as i32, all floats as f32; half floats are rounded first. */
export function castTo(node: GraphNode, to: number): (x: Tensor) => Tensor {
  if (to === BOOL) return (x) => x.to("bool");
  const isFloat = FLOATS.includes(to);
  const half = HALVES.get(to);
  const narrow = NARROW.get(to);
  const nibble = NIBBLES.get(to);
  if (nibble !== undefined) return (x) => x.toInt().maximum(nibble[0]).minimum(nibble[1]);
  if (!isFloat && narrow === undefined && !WHOLE.includes(to)) {
    node.refuse(`makes elements of type ${to}, which Tidu does not support`);
  }
  return (x) => {
    const known = half === undefined ? knownOf(x) : undefined;
    if (known !== undefined && narrow === undefined) {
      return knownTensor(isFloat ? known.data : known.data.map(Math.trunc), known.shape, isFloat ? "f32" : "i32");
    }
    if (half !== undefined) return x.to(half).toFloat();
    if (isFloat) return x.toFloat();
    const whole = x.toInt();
    if (narrow === undefined || x.dtype === "bool") return whole;
    const [count, least] = narrow;
    return remainder(whole.sub(least), full([], count).toInt(), true).add(least);
  };
}

const cast: Row = (node) => {
  node.needs(1);
  node.takesEmpty = true;
  node.ignore("saturate", "round_mode");
  return castTo(node, node.int("to", 0));
};

const castLike: Row = (node) => {
  node.needs(2);
  node.takesEmpty = true;
  node.ignore("saturate", "round_mode");
  const type = node.type(1);
  return type === undefined ? (x, like) => x.to(like.dtype) : castTo(node, type);
};

const modulo: Row = (node) => {
  const floored = node.int("fmod", 0) === 0;
  return binary((x, y) => remainder(x, y, floored))(node);
};

export const ARITHMETIC: Rows = {
  Add: binary((x, y) => x.add(y)),
  Sub: binary((x, y) => x.sub(y)),
  Mul: binary((x, y) => x.mul(y)),
  Div: binary(divide),
  Mod: modulo,
  Pow: binary(power),
  Max: many((x, y) => x.maximum(y)),
  Min: many((x, y) => x.minimum(y)),
  Sum: many((x, y) => x.add(y)),
  Mean: (node) => {
    const sum = many((x, y) => x.add(y))(node);
    return (...x) => (sum(...x) as Tensor).div(given(x).length);
  },
  Neg: unary((x) => x.neg()),
  Abs: unary((x) => x.abs()),
  Sign: unary((x) => x.sign()),
  Floor: unary((x) => x.floor()),
  Ceil: unary((x) => x.neg().floor().neg()),
  Round: unary((x) => (isWhole(x) ? x : rounded(x))),
  Reciprocal: unary((x) => full([], 1).div(x)),
  Identity: (node) => {
    node.takesEmpty = true;
    return unary((x) => x)(node);
  },
  Cast: cast,
  CastLike: castLike,
  Clip: clip,
};
