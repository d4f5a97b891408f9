// Runs one lane of the instruction set in plain JavaScript, to test math functions.
import type { Machine } from "../../packages/tidu/src/graph/machine.js";
import { larger, smaller } from "../../packages/tidu/src/graph/ops/elementwise.js";

const asFloat = new Float32Array(1);
const asInt = new Int32Array(asFloat.buffer);

/** The float32 with these bits. */
export function float(bits: number): number {
  asInt[0] = bits;
  return asFloat[0];
}

/** The bits of `x` rounded to float32, as a signed integer. */
export function bits(x: number): number {
  asFloat[0] = x;
  return asInt[0];
}

type Float2 = (a: number, b: number) => number;

// A double has enough digits that one float64 operation, rounded to float32, gives the correctly rounded float32
// result.
const unary = (op: (a: number) => number) => (a: number) => bits(op(float(a)));
const binary = (op: Float2) => (a: number, b: number) => bits(op(float(a), float(b)));
const compare = (op: (a: number, b: number) => boolean) => (a: number, b: number) => (op(float(a), float(b)) ? -1 : 0);

/** One lane, in plain JavaScript. A value is the signed 32-bit integer with its bits. */
export const scalarMachine: Machine<number> = {
  f32: bits,
  i32: (v) => v | 0,

  add: binary((a, b) => a + b),
  sub: binary((a, b) => a - b),
  mul: binary((a, b) => a * b),
  div: binary((a, b) => a / b),
  sqrt: unary(Math.sqrt),
  neg: (a) => a ^ 0x80000000,
  abs: (a) => a & 0x7fffffff,
  floor: unary(Math.floor),
  min: binary(smaller),
  max: binary(larger),
  pmax: (a, b) => (float(a) < float(b) ? b : a),
  pmin: (a, b) => (float(b) < float(a) ? b : a),

  lt: compare((a, b) => a < b),
  le: compare((a, b) => a <= b),
  eq: compare((a, b) => a === b),
  ne: compare((a, b) => a !== b),

  iadd: (a, b) => (a + b) | 0,
  isub: (a, b) => (a - b) | 0,
  imul: Math.imul,
  ieq: (a, b) => (a === b ? -1 : 0),
  ilt: (a, b) => (a < b ? -1 : 0),
  imin: Math.min,
  imax: Math.max,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  not: (a) => ~a,
  shl: (a, n) => a << n,
  shrU: (a, n) => (a >>> n) | 0,

  opaque: (a) => a,
  rarely: (mask, rare, usual) => (mask !== 0 ? rare() : usual),
  select: (mask, a, b) => (mask & a) | (~mask & b),
  toI32: (a) => {
    const x = float(a);
    return Number.isNaN(x) ? 0 : Math.min(Math.max(Math.trunc(x), -(2 ** 31)), 2 ** 31 - 1) | 0;
  },
  toF32: (a) => bits(a),
};

/**
 * Instructions that are not counted: constants live in registers, and the code of a rare case does not run unless the
 * test needs it.
 */
const FREE: ReadonlySet<string> = new Set<keyof Machine<number>>(["f32", "i32", "opaque"]);

/** Number of instructions of `code`. */
export function countInstructions(code: (m: Machine<number>) => unknown): number {
  let count = 0;
  code(
    new Proxy(scalarMachine, {
      get(target, name: keyof Machine<number>) {
        if (!FREE.has(name)) count++;
        return target[name];
      },
    }),
  );
  return count;
}
