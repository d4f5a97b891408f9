// The elementwise ops.
import type { DType } from "../../base/dtype.js";
import { nearestHalf } from "../../base/half.js";
import { sameShape } from "../../base/shape.js";
import type { Machine } from "../machine.js";
import * as math from "../math.js";
import { type ElementwiseOp, makeNode, misfit, type Node, widest } from "../node.js";
import { erfScalar, powScalar, threefryScalar } from "./scalar.js";
import { full, isFull } from "./source.js";

type Lane = <V>(m: Machine<V>, ...x: V[]) => V;
type Rule = (x: readonly Node[], dy: Node, y: Node) => readonly (Node | undefined)[];

interface Entry {
  /**
   * Element types of the inputs, then of the result, such as "f f f": f f32 (as an input f64 and i64, too, of which the
   * result is the widest), h f16, g bf16, i i32 (as an input u8, too), u u8, b bool, "*" any one type. Default "f f".
   */
  types?: string;
  cost?: number;
  /** Missing: the function of this name in Math. */
  scalar?(...x: number[]): number;
  /** Missing: the machine's instruction of this name. */
  lower?: Lane;
  approximate?: true;
  part?: ElementwiseOp["part"];
  widens?: true;
  grad?: Rule;
  identity?: ElementwiseOp["identity"];
  zeroIf?: ElementwiseOp["zeroIf"];
}

/** Applies an elementwise op to inputs of one shape. */
export const apply = (op: ElementwiseOp, ...x: Node[]): Node => makeNode(op, x, undefined);

const CODE: Record<DType, string> = { f32: "f", f16: "h", bf16: "g", i32: "i", u8: "i", bool: "b", f64: "f", i64: "f" };
const TYPE: Record<string, DType> = { f: "f32", h: "f16", g: "bf16", i: "i32", u: "u8", b: "bool" };

export function define(name: string, entry: Entry): ElementwiseOp {
  const codes = (entry.types ?? "f f").split(" ");
  const result = codes.pop() as string;
  return {
    cost: 1,
    scalar: Math[name as "exp"] as ElementwiseOp["scalar"],
    lower: (m, ...x) => m[name as "add"](...(x as [never, never])),
    ...entry,
    name,
    kind: "elementwise",
    arity: codes.length,
    infer(inputs) {
      let any = "";
      for (let i = 0; i < codes.length; i++) {
        const got = CODE[inputs[i].dtype];
        if (codes[i] === "*") any ||= got;
        if (!sameShape(inputs[i].shape, inputs[0].shape) || got !== (codes[i] === "*" ? any : codes[i])) {
          misfit(name, inputs, entry.types);
        }
      }
      const dtype = TYPE[result === "*" ? any : result];
      return { shape: inputs[0].shape, dtype: dtype === "f32" ? widest(inputs) : dtype };
    },
    grad: entry.grad && ((node, dy) => entry.grad?.(node.inputs, dy, node) ?? []),
  };
}

// Arithmetic.
export const add = define("add", {
  types: "f f f",
  zeroIf: [[0, 1]],
  scalar: (a, c) => a + c,
  grad: (_, dy) => [dy, dy],
  // -0 + 0 is 0.
  identity: { side: "both", value: -0 },
});
export const sub = define("sub", {
  types: "f f f",
  zeroIf: [[0, 1]],
  scalar: (a, c) => a - c,
  grad: (_, dy) => [dy, apply(neg, dy)],
  identity: { side: "right", value: 0 },
});
export const mul = define("mul", {
  types: "f f f",
  zeroIf: [[0], [1]],
  scalar: (a, c) => a * c,
  grad: ([x, y], dy) => [apply(mul, dy, y), apply(mul, dy, x)],
  identity: { side: "both", value: 1 },
});
export const div = define("div", {
  types: "f f f",
  zeroIf: [[0]],
  cost: 4,
  scalar: (a, c) => a / c,
  grad: ([, y], dy, q) => [apply(div, dy, y), apply(neg, apply(div, apply(mul, dy, q), y))],
  identity: { side: "right", value: 1 },
});
export const neg = define("neg", {
  zeroIf: [[0]],
  scalar: (a) => -a,
  grad: (_, dy) => [apply(neg, dy)],
});
/** The larger, or the smaller, of two; NaN if either is; of equal ones the first. */
export const larger = (a: number, b: number): number => (a < b || Number.isNaN(b) ? b : a);
export const smaller = (a: number, b: number): number => (b < a || Number.isNaN(b) ? b : a);

/** Larger of two; NaN if either is. Of equal ones it is the first (0 and -0 are equal); then the gradient goes half to each. */
export const maximum = define("maximum", {
  types: "f f f",
  cost: 3,
  scalar: larger,
  lower: (m, a, c) => m.max(a, c),
  grad: ([x, y], dy) => shareBetween(apply(lt, y, x), apply(lt, x, y), apply(eq, x, y), dy),
});
export const minimum = define("minimum", {
  types: "f f f",
  cost: 3,
  scalar: smaller,
  lower: (m, a, c) => m.min(a, c),
  grad: ([x, y], dy) => shareBetween(apply(lt, x, y), apply(lt, y, x), apply(eq, x, y), dy),
});

/** The derivative of a power by its base. */
function byBase(x: Node, p: Node): Node {
  const slope = (less: Node) => apply(mul, p, apply(pow, x, less));
  if (isFull(p)) return p.attrs.value === 0 ? full(0, p.shape) : slope(full(p.attrs.value - 1, p.shape));
  return orZero(apply(eq, p, full(0, p.shape)), slope(apply(sub, p, full(1, p.shape))));
}

/** 0 where a truth holds, else a value. */
const orZero = (holds: Node, value: Node): Node => apply(where, holds, full(0, value.shape), value);

/**
 * A gradient goes to the operand that wins, half to each in a tie, and to none of NaN. Operands are compared with each
 * other: a result that has been read may differ in its last bit from what is computed again of its operands.
 */
function shareBetween(first: Node, second: Node, tie: Node, dy: Node): Node[] {
  const half = apply(mul, dy, full(0.5, dy.shape));
  const none = full(0, dy.shape);
  return [first, second].map((wins) => apply(where, tie, half, apply(where, wins, dy, none)));
}

// Functions of one number.
export const exp = define("exp", {
  approximate: true,
  cost: 20,
  lower: math.exp,
  grad: (_, dy, y) => [apply(mul, dy, y)],
});
export const log = define("log", {
  approximate: true,
  cost: 20,
  lower: math.log,
  grad: ([x], dy) => [apply(div, dy, x)],
});
export const expm1 = define("expm1", {
  approximate: true,
  cost: 25,
  lower: math.expm1,
  grad: ([x], dy) => [apply(mul, dy, apply(exp, x))],
});
export const log1p = define("log1p", {
  approximate: true,
  cost: 25,
  lower: math.log1p,
  grad: ([x], dy) => [apply(div, dy, apply(add, x, full(1, x.shape)))],
});
export const sqrt = define("sqrt", {
  cost: 6,
  grad: (_, dy, y) => [apply(div, apply(mul, dy, full(0.5, y.shape)), y)],
});
export const sin = define("sin", {
  approximate: true,
  cost: 25,
  lower: math.sin,
  grad: ([x], dy) => [apply(mul, dy, apply(cos, x))],
});
export const cos = define("cos", {
  approximate: true,
  cost: 25,
  lower: math.cos,
  grad: ([x], dy) => [apply(neg, apply(mul, dy, apply(sin, x)))],
});
export const tanh = define("tanh", {
  approximate: true,
  cost: 25,
  lower: math.tanh,
  grad: (_, dy, y) => [apply(mul, dy, apply(sub, full(1, y.shape), apply(mul, y, y)))],
});
/** 1 / (1 + e^-x), safe for any x. */
export const sigmoid = define("sigmoid", {
  approximate: true,
  cost: 25,
  scalar: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  lower: math.sigmoid,
  grad: (_, dy, y) => [apply(mul, dy, apply(mul, y, apply(sub, full(1, y.shape), y)))],
});
/** ln(1 + e^x), safe for any x. */
export const softplus = define("softplus", {
  approximate: true,
  cost: 40,
  scalar: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  lower: math.softplus,
  grad: ([x], dy) => [apply(mul, dy, apply(sigmoid, x))],
});
/** The error function, 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x. */
export const erf = define("erf", {
  approximate: true,
  cost: 40,
  scalar: erfScalar,
  lower: math.erf,
  grad: ([x], dy) => [
    apply(mul, dy, apply(mul, full(2 / Math.sqrt(Math.PI), x.shape), apply(exp, apply(neg, apply(mul, x, x))))),
  ],
});
/** The base raised to the exponent. Where gradients have no limit they are PyTorch's: 0 by the base for the exponent 0, 0 by an exponent of at least 0 for the base 0. */
export const pow = define("pow", {
  approximate: true,
  types: "f f f",
  cost: 60,
  scalar: powScalar,
  lower: math.pow,
  grad: ([x, p], dy, y) => [
    apply(mul, dy, byBase(x, p)),
    apply(
      mul,
      dy,
      orZero(apply(and, apply(eq, x, full(0, x.shape)), apply(le, full(0, p.shape), p)), apply(mul, y, apply(log, x))),
    ),
  ],
});
/** |x|; gradient sign(x), 0 at 0. */
export const abs = define("abs", {
  grad: ([x], dy) => [apply(mul, dy, apply(sign, x))],
});
/** -1, 0 or 1; NaN stays NaN. */
export const sign = define("sign", {
  cost: 4,
  lower: (m, a) => {
    const one = m.or(m.f32(1), m.and(a, m.i32(0x80000000)));
    return m.select(m.lt(m.f32(0), m.abs(a)), one, a);
  },
});
export const floor = define("floor", {});
/** max(0, x); gradient 0 at 0, NaN stays NaN. Nair and Hinton, ICML 2010. */
export const relu = define("relu", {
  zeroIf: [[0]],
  scalar: (x) => (x < 0 ? 0 : x),
  lower: (m, a) => m.pmax(a, m.f32(0)),
  grad: ([x], dy, y) => [apply(where, apply(lt, full(0, x.shape), y), dy, full(0, x.shape))],
});

// Comparison and choice.
const bit = (v: boolean) => (v ? 1 : 0);
export const lt = define("lt", {
  types: "f f b",
  scalar: (a, c) => bit(a < c),
});
export const le = define("le", {
  types: "f f b",
  scalar: (a, c) => bit(a <= c),
});
export const eq = define("eq", {
  types: "f f b",
  scalar: (a, c) => bit(a === c),
});
export const intEq = define("intEq", {
  types: "i i b",
  scalar: eq.scalar,
  lower: (m, a, c) => m.ieq(a, c),
});
export const intLt = define("intLt", {
  types: "i i b",
  scalar: (a, c) => bit(a < c),
  lower: (m, a, c) => m.ilt(a, c),
});
export const intLe = define("intLe", {
  types: "i i b",
  scalar: (a, c) => bit(a <= c),
  lower: (m, a, c) => m.not(m.ilt(c, a)),
});
export const and = define("and", {
  types: "b b b",
  scalar: (a, c) => bit(a !== 0 && c !== 0),
});
export const or = define("or", {
  types: "b b b",
  scalar: (a, c) => bit(a !== 0 || c !== 0),
});
export const not = define("not", { types: "b b", scalar: (a) => bit(a === 0) });
export const where = define("where", {
  types: "b * * *",
  zeroIf: [[1, 2]],
  scalar: (c, a, d) => (c !== 0 ? a : d),
  lower: (m, c, a, d) => m.select(c, a, d),
  grad: ([c, x], dy) => {
    const none = full(0, x.shape);
    return [undefined, apply(where, c, dy, none), apply(where, c, none, dy)];
  },
});

// Conversion and integers.
export const intToFloat = define("intToFloat", { types: "i f", scalar: (a) => a, lower: (m, a) => m.toF32(a) });
/** Toward zero; what lies outside the 32-bit integers becomes the nearest of them, NaN becomes 0. */
export const floatToInt = define("floatToInt", {
  types: "f i",
  scalar: (a) => Math.min(Math.max(Math.trunc(a) || 0, -(2 ** 31)), 2 ** 31 - 1),
  lower: (m, a) => m.toI32(a),
});
export const boolToFloat = define("boolToFloat", {
  types: "b f",
  scalar: (a) => a,
  lower: (m, a) => m.and(a, m.f32(1)),
});
/** Whether a whole number is none of 0 … count - 1. */
export const outside = define("outside", {
  types: "i i b",
  cost: 4,
  scalar: (a, count) => bit(a < 0 || a >= count),
  // The sign bit is set where a is negative, or where a - count is not.
  lower: (m, a, count) => m.isub(m.i32(0), m.shrU(m.or(a, m.not(m.isub(a, count))), 31)),
});
export const boolToInt = define("boolToInt", { types: "b i", scalar: (a) => a, lower: (m, a) => m.and(a, m.i32(1)) });
/** An u8 as i32. */
export const widen = define("widen", { types: "i i", scalar: (a) => a, lower: (_, a) => a });
/** As u8; what lies outside 0 to 255 becomes the nearest of these. */
export const narrow = define("narrow", {
  types: "i u",
  cost: 2,
  scalar: (a) => Math.min(Math.max(a, 0), 255),
  lower: (m, a) => m.imin(m.imax(a, m.i32(0)), m.i32(255)),
});
// Halves: lanes hold their bits. Gradients are f32 on both sides, and pass a rounding by.
const pass: Rule = (_, dy) => [dy];
export const halfToFloat = define("halfToFloat", {
  types: "h f",
  cost: 4,
  scalar: (a) => a,
  lower: math.fromHalf,
  widens: true,
  grad: pass,
});
export const brainToFloat = define("brainToFloat", {
  types: "g f",
  scalar: (a) => a,
  lower: math.fromBrain,
  widens: true,
  grad: pass,
});
export const floatToHalf = define("floatToHalf", {
  types: "f h",
  cost: 8,
  scalar: (a) => nearestHalf("f16", a),
  lower: math.toHalf,
  grad: pass,
});
export const floatToBrain = define("floatToBrain", {
  types: "f g",
  cost: 4,
  scalar: (a) => nearestHalf("bf16", a),
  lower: math.toBrain,
  grad: pass,
});
// Integers wrap around at 2^31, as those of NumPy and PyTorch do.
export const intAdd = define("intAdd", {
  types: "i i i",
  scalar: (a, c) => (a + c) | 0,
  lower: (m, a, c) => m.iadd(a, c),
});
export const intSub = define("intSub", {
  types: "i i i",
  scalar: (a, c) => (a - c) | 0,
  lower: (m, a, c) => m.isub(a, c),
});
export const intMul = define("intMul", { types: "i i i", scalar: Math.imul, lower: (m, a, c) => m.imul(a, c) });
export const intMax = define("intMax", {
  types: "i i i",
  scalar: Math.max,
  lower: (m, a, c) => m.imax(a, c),
});
export const intMin = define("intMin", {
  types: "i i i",
  scalar: Math.min,
  lower: (m, a, c) => m.imin(a, c),
});
const threefryWord = (name: string, which: 0 | 1) =>
  define(name, {
    types: "i i i i i",
    cost: 100,
    scalar: (k0, k1, c0, c1) => threefryScalar(k0, k1, c0, c1)[which],
    lower: (m, k0, k1, c0, c1) => math.threefry(m, k0, k1, c0, c1)[which],
    part: { all: math.threefry, which },
  });
/** First word of Threefry-2x32-20 of (key0, key1, counter0, counter1). Salmon et al., SC 2011. */
export const threefry = threefryWord("threefry", 0);
/** Its second word. */
export const threefrySecond = threefryWord("threefrySecond", 1);
/** The top 24 bits as a number in [0, 1). */
export const bitsToUniform = define("bitsToUniform", {
  types: "i f",
  cost: 3,
  scalar: (bits) => (bits >>> 8) / 16777216,
  lower: math.uniformFromBits,
});
