// The elementwise ops.
import type { DType } from "../../base/dtype.js";
import { nearestHalf } from "../../base/half.js";
import { sameShape } from "../../base/shape.js";
import type { Machine } from "../machine.js";
import * as math from "../math.js";
import { type ElementwiseOp, makeNode, misfit, type Node } from "../node.js";
import { erfScalar, powScalar, threefryScalar } from "./scalar.js";

type Lane = <V>(m: Machine<V>, ...x: V[]) => V;

interface Entry {
  /**
   * Element types of the inputs, then of the result, such as "f f f": f f32, h f16, g bf16, i i32 (as an input u8, too),
   * u u8, b bool, "*" any one type. Default "f f".
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
  grad?: ElementwiseOp["grad"];
  flat?: true;
  identity?: ElementwiseOp["identity"];
  zeroIf?: ElementwiseOp["zeroIf"];
}

/** Applies an elementwise op to inputs of one shape. */
export const apply = (op: ElementwiseOp, ...x: Node[]): Node => makeNode(op, x, undefined);

const CODE: Record<DType, string> = { f32: "f", f16: "h", bf16: "g", i32: "i", u8: "i", bool: "b" };
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
      return { shape: inputs[0].shape, dtype: TYPE[result === "*" ? any : result] };
    },
  };
}

// Arithmetic.
export const add = define("add", {
  types: "f f f",
  zeroIf: [[0, 1]],
  scalar: (a, c) => a + c,
  // -0 + 0 is 0.
  identity: { side: "both", value: -0 },
});
export const sub = define("sub", {
  types: "f f f",
  zeroIf: [[0, 1]],
  scalar: (a, c) => a - c,
  identity: { side: "right", value: 0 },
});
export const mul = define("mul", {
  types: "f f f",
  zeroIf: [[0], [1]],
  scalar: (a, c) => a * c,
  identity: { side: "both", value: 1 },
});
export const div = define("div", {
  types: "f f f",
  zeroIf: [[0]],
  cost: 4,
  scalar: (a, c) => a / c,
  identity: { side: "right", value: 1 },
});
export const neg = define("neg", {
  zeroIf: [[0]],
  scalar: (a) => -a,
});
/** The larger, or the smaller, of two; NaN if either is; of equal ones the first. */
export const larger = (a: number, b: number): number => (a < b || Number.isNaN(b) ? b : a);
export const smaller = (a: number, b: number): number => (b < a || Number.isNaN(b) ? b : a);

/** Larger of two; NaN if either is. Of equal ones it is the first (0 and -0 are equal). */
export const maximum = define("maximum", {
  types: "f f f",
  cost: 3,
  scalar: larger,
  lower: (m, a, c) => m.max(a, c),
});
export const minimum = define("minimum", {
  types: "f f f",
  cost: 3,
  scalar: smaller,
  lower: (m, a, c) => m.min(a, c),
});

// Functions of one number.
export const exp = define("exp", {
  approximate: true,
  cost: 20,
  lower: math.exp,
});
export const log = define("log", {
  approximate: true,
  cost: 20,
  lower: math.log,
});
export const expm1 = define("expm1", {
  approximate: true,
  cost: 25,
  lower: math.expm1,
});
export const log1p = define("log1p", {
  approximate: true,
  cost: 25,
  lower: math.log1p,
});
export const sqrt = define("sqrt", {
  cost: 6,
});
export const sin = define("sin", {
  approximate: true,
  cost: 25,
  lower: math.sin,
});
export const cos = define("cos", {
  approximate: true,
  cost: 25,
  lower: math.cos,
});
export const tanh = define("tanh", {
  approximate: true,
  cost: 25,
  lower: math.tanh,
});
/** 1 / (1 + e^-x), safe for any x. */
export const sigmoid = define("sigmoid", {
  approximate: true,
  cost: 25,
  scalar: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  lower: math.sigmoid,
});
/** ln(1 + e^x), safe for any x. */
export const softplus = define("softplus", {
  approximate: true,
  cost: 40,
  scalar: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  lower: math.softplus,
});
/** The error function, 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x. */
export const erf = define("erf", {
  approximate: true,
  cost: 40,
  scalar: erfScalar,
  lower: math.erf,
});
/** The base raised to the exponent. */
export const pow = define("pow", {
  approximate: true,
  types: "f f f",
  cost: 60,
  scalar: powScalar,
  lower: math.pow,
});
export const abs = define("abs", {});
/** -1, 0 or 1; NaN stays NaN. */
export const sign = define("sign", {
  cost: 4,
  flat: true,
  lower: (m, a) => {
    const one = m.or(m.f32(1), m.and(a, m.i32(0x80000000)));
    return m.select(m.lt(m.f32(0), m.abs(a)), one, a);
  },
});
export const floor = define("floor", { flat: true });
/** max(0, x); NaN stays NaN. Nair and Hinton, ICML 2010. */
export const relu = define("relu", {
  zeroIf: [[0]],
  scalar: (x) => (x < 0 ? 0 : x),
  lower: (m, a) => m.pmax(a, m.f32(0)),
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
// Halves: lanes hold their bits.
export const halfToFloat = define("halfToFloat", {
  types: "h f",
  cost: 4,
  scalar: (a) => a,
  lower: math.fromHalf,
  widens: true,
});
export const brainToFloat = define("brainToFloat", {
  types: "g f",
  scalar: (a) => a,
  lower: math.fromBrain,
  widens: true,
});
export const floatToHalf = define("floatToHalf", {
  types: "f h",
  cost: 8,
  scalar: (a) => nearestHalf("f16", a),
  lower: math.toHalf,
});
export const floatToBrain = define("floatToBrain", {
  types: "f g",
  cost: 4,
  scalar: (a) => nearestHalf("bf16", a),
  lower: math.toBrain,
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
