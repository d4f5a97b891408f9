// The interface by which kernels are written for any language: a machine with a stack, local variables and vectors.
// Each language has a printer that implements it.

import type { Scratch } from "../plan/scratch.js";

/** Types of local variables: whole numbers (addresses among them), and vectors. */
export const INT = "int";
export const VECTOR = "vector";
export type ValueType = typeof INT | typeof VECTOR;

/** Bytes of an element that is smaller than a lane. */
export type Small = 1 | 2;

/** A local variable of a function. */
export type Local = number;

/** Operations on whole numbers; true is 1. `lt` and `ge` compare with signs, `below` without. */
export type IntOp =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "rem"
  | "and"
  | "eq"
  | "ne"
  | "eqz"
  | "lt"
  | "ge"
  | "below"
  | "select";

/** Operations of the op table's machine that have an instruction of their own, lane by lane; comparisons give all ones where they hold. */
export const LANE_OPS = [
  ...(["add", "sub", "mul", "div", "sqrt", "neg", "abs", "floor", "pmin", "pmax", "lt", "le", "eq", "ne"] as const),
  ...(["iadd", "isub", "imul", "imin", "imax", "ieq", "ilt", "and", "or", "xor", "not", "toI32", "toF32"] as const),
] as const;

/**
 * Operations on vectors: those, a · b + c in one rounding, operations on whole numbers, and a choice by a mask, which
 * is the last operand.
 */
export type VectorOp = (typeof LANE_OPS)[number] | "madd" | "ibelow" | "shl" | "shrU" | "select";

/**
 * Writes the code of one function. Operations take their operands from a stack, the first one deepest, and leave their results
 * there. Addresses are in bytes; an access adds its own offset, which is negative only of loads of whole vectors.
 */
export interface Emitter {
  /** The lanes of vectors that are made from now on. */
  readonly lanes: number;
  /** Whether the rest of a loop over vectors is one partly used vector rather than single elements. */
  readonly partial: boolean;
  /** Makes vectors of another length in `body`. */
  withLanes(lanes: number, body: () => void): void;

  /** A new local variable, not initialized. */
  local(type: ValueType): Local;
  /** Local variables that `body` makes may be reused after it. */
  scoped(body: () => void): void;
  get(local: Local): this;
  set(local: Local): this;
  tee(local: Local): this;
  /** Puts what is on the stack into a new local. */
  keep(type: ValueType): Local;
  /** Adds to an address in a local. */
  advance(pointer: Local, bytes: number): this;

  i32(value: number): this;
  op(op: IntOp): this;
  /** Of the two numbers on the stack keeps the first if the comparison holds for them, else the second. */
  choose(comparison: "below" | "lt" | "ge"): this;

  /** A local that holds the same 32 bits in all lanes from the start of the function on. */
  constant(bits: number): Local;
  /** The whole numbers `first`, `first + step`, … */
  series(first: number, step: number): this;
  /** A whole number in all lanes. */
  splat(): this;
  vector(op: VectorOp): this;
  /** Whether any bit is set, of a vector. */
  any(): this;
  /** One lane as a whole number; and the opposite, of a vector and a number. */
  extract(lane: number): this;
  replace(lane: number): this;
  /** Picks four lanes out of the eight of two vectors of four. */
  shuffle(lanes: readonly number[]): this;

  load(offset?: number): this;
  /** Four elements after the other: those at the address and each of these offsets. With `one`, one element before three zeros. */
  loadQuads(offsets: readonly number[], one: boolean): this;
  /** The same of elements of two bytes, as whole numbers. */
  loadHalfQuads(offsets: readonly number[], one: boolean): this;
  /** Every other element from the address on; only the first `count` lanes are needed. */
  loadEvens(offset: number, count: number): this;
  /** The n-th four lanes of a vector. */
  quad(n: number): this;
  /** One element in all lanes, or in the first. */
  loadSplat(offset?: number): this;
  loadFirst(offset?: number): this;
  /** An element, of an address and a vector, into one lane of the vector. */
  loadLane(lane: number, offset?: number): this;
  /** The elements at the address and each of these offsets, a lane each; 0 in the lanes that are left. */
  loadApart(offsets: readonly number[]): this;
  /** An element of one or two bytes as a whole number, and as many as there are lanes. */
  loadSmall(bytes: Small, offset?: number): this;
  loadSmalls(bytes: Small, offset?: number): this;
  store(offset?: number): this;
  storeLane(lane: number, offset?: number): this;
  /** The low bytes of a lane, and of all lanes. */
  storeSmall(bytes: Small, lane: number, offset?: number): this;
  storeSmalls(bytes: Small, offset?: number): this;
  /** Stores the first `count` lanes of a local at the address in another. */
  storePart(address: Local, value: Local, count: number, offset: number): this;

  /** Sums in float64 at the address in a local: sets them to 0, adds a local to them, sets a local to them. */
  clearWide(address: Local, offset: number): void;
  addWide(address: Local, value: Local, offset: number): void;
  takeWide(address: Local, value: Local, offset: number): void;

  /** Repeats `body` while it leaves a true number on the stack. */
  loop(body: () => void): this;
  /** Runs `yes` if the number on the stack is true, else `no`. */
  if(yes: () => void, no?: () => void): this;

  /** Runs another kernel's function, that of a loop or not, on buffers whose addresses are in locals. */
  kernel(number: number, addresses: readonly Local[], loops: boolean): void;
  /** Waits until all threads are here. */
  meet(): void;

  /** This thread's number, and how many there are. */
  readonly thread: Local;
  readonly threads: Local;
  /** The address of memory of this thread's own, and where in it is what. */
  scratch(): this;
  readonly space: Scratch;
}

const floatBits = new Int32Array(1);
const floatValue = new Float32Array(floatBits.buffer);

/** The 32 bits of a float32. */
export function bitsOf(value: number): number {
  floatValue[0] = value;
  return floatBits[0];
}
