// `Tensor`, and the operations that are its methods.
import { broadcastMap, flipMap, permuteMap, sliceMap } from "../base/affine.js";
import {
  callback,
  check,
  checkOptional,
  constant,
  flag,
  instance,
  listOf,
  oneOrMore,
  place,
  refuse,
  refuseShape,
  whole,
  words,
} from "../base/check.js";
import { BRAND, COPY } from "../base/copy.js";
import {
  type ArrayData,
  type ArrayOf,
  DTYPES,
  type DType,
  dtypeOf,
  floatOf,
  isFloat,
  storeAs,
  type TypedArray,
} from "../base/dtype.js";
import { ArgumentError, ShapeError, UnsupportedError } from "../base/errors.js";
import { promised } from "../base/promised.js";
import {
  broadcastShapes,
  checkShape,
  formatShape,
  normalizeAxes,
  normalizeAxis,
  type Shape,
  sameShape,
  sizeOf,
} from "../base/shape.js";
import { pause } from "../base/turn.js";
import { softmaxOf } from "../grad/softmax.js";
import { type ElementwiseOp, makeStorage, type Node, type ReduceOp } from "../graph/node.js";
import * as el from "../graph/ops/elementwise.js";
import * as ops from "../graph/ops/index.js";
import { store } from "./cell.js";
import { setInitial, wideOps } from "./realizer.js";
import { readStored, storedIn, unstored } from "./stored.js";
import { refuseTraced, tracing } from "./trace.js";
import { ARITHMETIC, cast, combine, floats, numberBeside, promote, unify } from "./types.js";
import { elementsOf, type NestedValues } from "./values.js";
import { watched } from "./watch.js";

/** Nested lists of numbers, all of equal length at each depth. */
export type NestedArray = number | readonly NestedArray[];

/** The most numbers in nested arrays, of which JavaScript engines hold about this many in a process of usual size. */
const MOST_NESTED = 1e8;

const UNCLONED = Symbol("a tensor; send what await x.data() gives");

/** What arithmetic accepts besides a tensor. */
export type TensorLike = Tensor | number;
/** One axis, several, or all when left out. */
export type Axes = number | readonly number[];

/**
 * A lazy, immutable array of numbers. Operations only record what is to be computed; `data()`, `array()` and `item()`
 * compute it. There is nothing to dispose of.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 *
 * const x = tensor([[1, 2], [3, 4]]);
 * console.log(await x.matmul(x.transpose()).relu().sum().item()); // 52
 * ```
 */
export class Tensor {
  readonly #node: Node;
  /**
   * @internal A symbol, so that structured cloning and postMessage throw instead of making an empty copy. Their error
   *   shows the symbol's text.
   */
  readonly structuredClone = UNCLONED;

  /** @internal */
  constructor(node: Node) {
    this.#node = node;
  }

  /** The value as a node of the graph. */
  get node(): Node {
    return this.#node;
  }

  /** The size of each axis. */
  get shape(): Shape {
    return this.node.shape;
  }
  /** The type of the elements. */
  get dtype(): DType {
    return this.node.dtype;
  }
  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }
  /** @internal */
  get [BRAND](): object {
    return COPY;
  }

  /** As in "tensor f32 [2, 3]". */
  toString(): string {
    return `tensor ${this.dtype} ${formatShape(this.shape)}`;
  }
  /**
   * Refuses to be written as JSON.
   *
   * @throws ArgumentError: a tensor has no values until they are computed.
   */
  toJSON(): never {
    return refuse("JSON", "a value", this, "what JSON can hold, such as await x.array()");
  }
  /**
   * Refuses JavaScript's operators, as in `x * 2` or `x > 0`.
   *
   * @throws ArgumentError: a tensor is not a number.
   */
  valueOf(): never {
    throw new ArgumentError(
      `${this} is not a number; use its methods, as in x.add(y), x.gt(0) and x.where(y, z), or await x.item()`,
    );
  }
  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** `f(this, ...rest)`, so that functions of tensors can be chained, too: `x.pipe(clip, 0, 1).pipe(std, 0)`. */
  pipe<Rest extends unknown[], Result>(f: (x: Tensor, ...rest: Rest) => Result, ...rest: Rest): Result {
    check("pipe", "f", f, callback);
    return f(this, ...rest);
  }

  /**
   * Computes the value and returns a copy of its elements in row-major order: a Float32Array for f32, f16 and bf16, an
   * Int32Array for i32 and bool (1 where true), a Uint8Array for u8, a Float64Array for f64 and i64. TypeScript does not know a tensor's element type;
   * name it to get that type of array: `const y: Float32Array = await x.data("f32")`.
   *
   * @param dtype the tensor's type; nothing is converted (`to` does that).
   * @throws ArgumentError at once, not later, if the tensor is of another type, and in a function that is being compiled,
   *   where there are no values yet.
   */
  data<D extends DType = DType>(dtype?: D): Promise<ArrayOf<D>> {
    if (dtype !== undefined && dtype !== this.dtype)
      refuse("data", "dtype", dtype, `"${this.dtype}", as the tensor's is; convert it with to()`);
    if (tracing() !== undefined) for (const node of unstored([this.node])) refuseTraced(node, undefined);
    return this.read() as Promise<ArrayOf<D>>;
  }

  /** @internal */
  protected read(): Promise<TypedArray> {
    const { node } = this;
    return promised(() => readStored(node, store([node])));
  }

  /**
   * Computes the value as nested arrays (a number for a tensor without axes).
   *
   * @throws ShapeError for more than about 10⁸ numbers, for which JavaScript engines may end the process; `data()` has no
   *   such limit.
   */
  array(): Promise<NestedArray> {
    let things = this.size;
    // An array by itself takes about as much as four numbers.
    this.shape.reduce((arrays, size) => {
      things += 4 * arrays;
      return arrays * size;
    }, 1);
    if (things > MOST_NESTED)
      return Promise.reject(
        new ShapeError(`array: the tensor is ${this}, too long for nested arrays; use data(), or slices`),
      );
    return this.data().then((data) => this.#nested(data));
  }

  #nested(data: TypedArray): NestedArray {
    const build = (axis: number, start: number, size: number): NestedArray => {
      if (axis === this.rank) return data[start];
      const step = size / this.shape[axis];
      return Array.from({ length: this.shape[axis] }, (_, i) => build(axis + 1, start + i * step, step));
    };
    return build(0, 0, this.size);
  }

  /** Computes the value of a tensor that holds one number. */
  item(): Promise<number> {
    if (this.size !== 1) {
      return Promise.reject(new ShapeError(`item: the tensor is ${this}; it must be of one number; use data()`));
    }
    return this.data().then((data) => data[0]);
  }

  /**
   * Computes the value now and keeps it, so that later uses read it instead of computing it again. Gradients still flow
   * to the tensors that it was computed from; `detach()` ends that.
   */
  async realize(): Promise<this> {
    await store([this.node]);
    await pause();
    return this;
  }

  /** The same value, through which no gradient flows. */
  detach(): Tensor {
    const { node } = this;
    const storage = ops.isVersion(node) ? undefined : storedIn(node);
    return new Tensor(storage === undefined ? ops.stopGradient(node) : ops.fromStorage(storage));
  }

  // Arithmetic; shapes broadcast by NumPy's rule, and `DType` says which type results.
  /** x + y, element by element. */
  add(y: TensorLike): Tensor {
    return binary("add", this, y);
  }
  /** x - y, element by element. */
  sub(y: TensorLike): Tensor {
    return binary("sub", this, y);
  }
  /** x · y, element by element; `matmul` is the matrix product. */
  mul(y: TensorLike): Tensor {
    return binary("mul", this, y);
  }
  /** Quotient, f32, or f64 of f64. */
  div(y: TensorLike): Tensor {
    return binary("div", this, y);
  }
  /** Power, f32, or f64 of f64. */
  pow(y: TensorLike): Tensor {
    return y === 2 ? this.toFloat().square() : binary("pow", this, y);
  }
  /** The larger of two elements; NaN if one is NaN. Equal elements share the gradient. */
  maximum(y: TensorLike): Tensor {
    return binary("maximum", this, y);
  }
  /** The smaller of two elements; NaN if one is NaN. Equal elements share the gradient. */
  minimum(y: TensorLike): Tensor {
    return binary("minimum", this, y);
  }
  /** -x. */
  neg(): Tensor {
    return isFloat(this.dtype) ? float(el.neg, this) : zeros(this.shape).toInt().sub(this);
  }
  /** |x|; gradient 0 at 0. */
  abs(): Tensor {
    return isFloat(this.dtype) ? float(el.abs, this) : this.maximum(this.neg());
  }
  /** -1, 0 or 1. */
  sign(): Tensor {
    const sign = float(el.sign, this);
    return isFloat(this.dtype) ? sign : sign.to(promote(this.dtype, this.dtype));
  }
  /** x². */
  square(): Tensor {
    return this.mul(this);
  }
  /** Square root; NaN below 0. */
  sqrt(): Tensor {
    return float(el.sqrt, this);
  }
  /** e^x. */
  exp(): Tensor {
    return float(el.exp, this);
  }
  /** ln x; NaN below 0. */
  log(): Tensor {
    return float(el.log, this);
  }
  /** e^x - 1, accurate near 0. */
  expm1(): Tensor {
    return float(el.expm1, this);
  }
  /** ln(1 + x), accurate near 0. */
  log1p(): Tensor {
    return float(el.log1p, this);
  }
  /** Sine of an angle in radians. */
  sin(): Tensor {
    return float(el.sin, this);
  }
  /** Cosine of an angle in radians. */
  cos(): Tensor {
    return float(el.cos, this);
  }
  /** The error function. */
  erf(): Tensor {
    return float(el.erf, this);
  }
  /** The largest whole number that is not above x; whole numbers stay. */
  floor(): Tensor {
    return isFloat(this.dtype) ? float(el.floor, this) : this.toInt();
  }

  // Activations.
  /** max(0, x); gradient 0 at 0. */
  relu(): Tensor {
    return isFloat(this.dtype) ? float(el.relu, this) : this.maximum(0);
  }
  /** 1 / (1 + e^-x). */
  sigmoid(): Tensor {
    return float(el.sigmoid, this);
  }
  /** Hyperbolic tangent. */
  tanh(): Tensor {
    return float(el.tanh, this);
  }
  /** ln(1 + e^x). */
  softplus(): Tensor {
    return float(el.softplus, this);
  }
  /** Exponentials divided by their sum along `axis`, safe for large values. */
  softmax(axis = -1): Tensor {
    const x = shifted("softmax", this, axis);
    const e = x.exp();
    return new Tensor(softmaxOf(e.div(e.sum(axis, true)).node, x.node, normalizeAxis("softmax", axis, x.rank)));
  }
  /** Logarithm of `softmax`, safe for large values. */
  logSoftmax(axis = -1): Tensor {
    const x = shifted("logSoftmax", this, axis);
    return x.sub(x.exp().sum(axis, true).log());
  }

  // Comparison in the common type: bool tensors, used with `where` or converted.
  /** True where this is less than y; a bool tensor. */
  lt(y: TensorLike): Tensor {
    return binary("lt", this, y);
  }
  /** True where this is less than or equal to y; a bool tensor. */
  le(y: TensorLike): Tensor {
    return binary("le", this, y);
  }
  /** True where this is greater than y; a bool tensor. */
  gt(y: TensorLike): Tensor {
    return binary("lt", this, y, "gt");
  }
  /** True where this is greater than or equal to y; a bool tensor. */
  ge(y: TensorLike): Tensor {
    return binary("le", this, y, "ge");
  }
  /** True where this is equal to y; a bool tensor. */
  eq(y: TensorLike): Tensor {
    return binary("eq", this, y);
  }
  /** Where this bool tensor is true the elements of `x`, elsewhere those of `y`. */
  where(x: TensorLike, y: TensorLike): Tensor {
    needBool("where", this);
    const a = operand("where", "x", x, y);
    const b = operand("where", "y", y, x);
    const type = unify(a.dtype, b.dtype);
    const shape = broadcastShapes("where", this.shape, broadcastShapes("where", a.shape, b.shape));
    const parts = [this.node, cast(a, type), cast(b, type)].map((t) => stretch(t, shape));
    return new Tensor(cast(ops.apply(el.where, ...parts), type));
  }
  /** True where this bool tensor is false, and the other way around. */
  not(): Tensor {
    needBool("not", this);
    return new Tensor(ops.apply(el.not, this.node));
  }
  /**
   * The same numbers as another type. To i32, u8 and i64 toward zero and to the nearest that the type has (NaN becomes 0); to
   * f32, f16 and bf16 rounded to the nearest, of two to the even one, and beyond the largest to infinity; to bool "not 0",
   * from bool 0 and 1. Gradients flow between floats as if nothing were rounded, and are f32, by f64 f64.
   *
   * @throws DeviceError for f64 and i64 if the device in use does not store them: only `ReferenceDevice` does.
   */
  to(dtype: DType): Tensor {
    check("to", "dtype", dtype, words(...DTYPES));
    if (this.dtype === dtype) return unchanged(this);
    wideOps(dtype, "to");
    return new Tensor(cast(this.node, dtype));
  }
  /** As f32; true becomes 1, and f64 stays. */
  toFloat(): Tensor {
    return this.to(floatOf(this.dtype));
  }
  /** As i32, toward zero; i64 stays. */
  toInt(): Tensor {
    return this.dtype === "i64" ? unchanged(this) : this.to("i32");
  }

  // Reductions over one axis, several, or (left out) all; `keep` leaves the axes with size 1.
  /** Sum: f64 of f64, i64 of i64, i32 of other whole numbers and bools, which wraps around at 2³¹, else f32. */
  sum(axes?: Axes, keep = false): Tensor {
    return reduced("sum", ops.sumOp, ops.intSumOp, this, axes, keep);
  }
  /** Mean, f32, or f64 of f64. */
  mean(axes?: Axes, keep = false): Tensor {
    const total = reduced("mean", ops.sumOp, undefined, this, axes, keep);
    return total.div(this.size / total.size);
  }
  /** Largest element, i32 of bool and u8, f32 of f16 and bf16; the gradient goes to the first of equal ones. */
  max(axes?: Axes, keep = false): Tensor {
    return reduced("max", ops.maxOp, ops.intMaxOp, this, axes, keep);
  }
  /** Smallest element; otherwise as `max`. */
  min(axes?: Axes, keep = false): Tensor {
    return reduced("min", ops.minOp, ops.intMinOp, this, axes, keep);
  }
  /** Position of the first largest element along `axis`, i32; of the first NaN, if there is one. */
  argmax(axis = -1): Tensor {
    return placeOf(this, ops.maxOp, ops.intMaxOp, normalizeAxis("argmax", axis, this.rank));
  }

  // Products.
  /** Matrix product of the last two axes, [..., m, k] by [..., k, n]; leading axes broadcast. A vector is k long. */
  matmul(y: Tensor): Tensor {
    checkTensor("matmul", "y", y);
    return matmul(this, y);
  }

  // Movement.
  /** Swaps two axes, by default the last two. */
  transpose(a = -2, b = -1): Tensor {
    if (Array.isArray(a)) refuse("transpose", "a", a, "one axis; use permute for an order of all");
    const order = this.shape.map((_, i) => i);
    const [i, j] = [normalizeAxis("transpose", a, this.rank, "a"), normalizeAxis("transpose", b, this.rank, "b")];
    [order[i], order[j]] = [order[j], order[i]];
    return this.permute(order);
  }
  /** Axis i of the result is axis `axes[i]` of this. */
  permute(axes: readonly number[]): Tensor {
    const order = normalizeAxes("permute", axes, this.rank);
    if (axes === undefined || order.length !== this.rank)
      refuse("permute", "axes", axes, `an order of all ${this.rank} axes`);
    return new Tensor(ops.view(this.node, permuteMap(this.shape, order)));
  }
  /** The same elements, row-major, under another shape; one size may be -1 and is inferred. */
  reshape(shape: Shape): Tensor {
    check("reshape", "shape", shape, listOf(whole(-1)));
    const known = shape.reduce((n, d) => (d === -1 ? n : n * d), 1);
    const full = shape.map((d) => (d === -1 ? this.size / known : d));
    if (
      shape.filter((d) => d === -1).length > 1 ||
      sizeOf(full) !== this.size ||
      full.some((d) => !(d > 0 && d % 1 === 0))
    ) {
      refuseShape("reshape", "shape", shape, `of ${this.size} elements, as ${this} has; one size may be -1`);
    }
    return new Tensor(ops.reshape(this.node, full));
  }
  /** Merges the axes from `start` on into one. */
  flatten(start = 0): Tensor {
    const at = normalizeAxis("flatten", start, Math.max(this.rank, 1), "start");
    return this.reshape([...this.shape.slice(0, at), sizeOf(this.shape.slice(at))]);
  }
  /** Stretches axes of size 1 (and adds axes in front) to the given shape. */
  broadcastTo(shape: Shape): Tensor {
    const to = checkShape("broadcastTo", shape);
    if (!sameShape(broadcastShapes("broadcastTo", this.shape, to), to)) {
      refuseShape("broadcastTo", "shape", shape, `one to which ${this} can be broadcast; only axes of size 1 stretch`);
    }
    return new Tensor(stretch(this.node, to));
  }
  /** Elements `start` (inclusive) to `end` (exclusive) by `step` of one axis. */
  slice(axis: number, start: number, end?: number, step = 1): Tensor {
    const at = normalizeAxis("slice", axis, this.rank);
    const size = this.shape[at];
    check("slice", "step", step, oneOrMore);
    check("slice", "start", start, place(start, 0, size - 1, FROM_END));
    checkOptional("slice", "end", end, place(end, start + 1, size, FROM_END));
    const domain = this.shape.with(at, Math.ceil(((end ?? size) - start) / step));
    const begin = domain.map((_, i) => (i === at ? start : 0));
    const steps = domain.map((_, i) => (i === at ? step : 1));
    return new Tensor(ops.view(this.node, sliceMap(this.shape, domain, begin, steps)));
  }
  /** Adds zeros (false, where the elements are bool): `[before, after]` for each axis. */
  pad(widths: readonly (readonly [before: number, after: number])[]): Tensor {
    checkWidths(widths, this.rank);
    const domain = this.shape.map((d, i) => d + widths[i][0] + widths[i][1]);
    checkShape("pad", domain, "the result's shape");
    const start = widths.map(([before]) => -before);
    return new Tensor(ops.view(this.node, sliceMap(this.shape, domain, start)));
  }
  /** Reverses the given axes. */
  flip(axes?: Axes): Tensor {
    const flipped = normalizeAxes("flip", axes, this.rank);
    return new Tensor(ops.view(this.node, flipMap(this.shape, flipped)));
  }
  /** Adds an axis of size 1 at `axis`. */
  unsqueeze(axis: number): Tensor {
    const at = normalizeAxis("unsqueeze", axis, this.rank + 1);
    return this.reshape([...this.shape.slice(0, at), 1, ...this.shape.slice(at)]);
  }
  /** Removes an axis of size 1. */
  squeeze(axis: number): Tensor {
    const at = normalizeAxis("squeeze", axis, this.rank);
    if (this.shape[at] !== 1) {
      refuseShape("squeeze", "axis", axis, `one of size 1 of ${this}`);
    }
    return this.reshape(this.shape.filter((_, i) => i !== at));
  }
  /**
   * Rows by number (whole numbers) along an axis, which the shape of `rows` replaces; along axis 0 the result is
   * [...rows.shape, ...shape.slice(1)]. A row that does not exist is a DataError: at once where `rows` was made of numbers,
   * else at the next read of a value.
   */
  gather(rows: Tensor, axis = 0): Tensor {
    checkTensor("gather", "rows", rows);
    needWhole("gather", "rows", rows);
    return gatherRows(this, rows, normalizeAxis("gather", axis, this.rank), "gather: row");
  }
}

/**
 * What an operation that changes nothing returns: the tensor itself, but of a variable the value that it has now. The variable
 * would later be another value.
 */
export const unchanged = (x: Tensor): Tensor => (x.constructor === Tensor ? x : new Tensor(x.node));

/** `gather` under another name for its rows in errors. */
export function gatherRows(x: Tensor, rows: Tensor, axis: number, what: string): Tensor {
  const size = x.shape[axis];
  if (size >= 2 ** 31)
    throw new UnsupportedError(
      `${what} is an i32, which does not reach all of ${size} elements; take from parts of them`,
    );
  const whole = isWhole(rows);
  const list = whole ? watched(rows.node, { size, what }) : rows.node;
  return new Tensor(ops.gather(x.node, list, { axis }));
}

/** Broadcasts a node to a shape that it is known to stretch to. */
export function stretch(node: Node, shape: Shape): Node {
  if (sameShape(node.shape, shape)) return node;
  return ops.view(node, broadcastMap(node.shape, shape));
}

/** What must be a tensor. */
export const aTensor = instance(Tensor, "a tensor");

/** Throws ArgumentError unless an argument is a tensor. */
export const checkTensor = (where: string, name: string, value: unknown): void => check(where, name, value, aTensor);

const isWhole = ({ dtype }: Tensor): boolean => !isFloat(dtype) && dtype !== "bool";

/** Throws ShapeError unless a tensor holds whole numbers. @param mend what else may help. */
export function needWhole(where: string, name: string, x: Tensor, mend = "or tensor(Int32Array.of(…))"): void {
  if (isWhole(x)) return;
  refuseShape(where, name, x, `whole numbers (i32 or u8); use toInt(), ${mend}`);
}

/** Throws ArgumentError unless `pad` is given a pair of whole numbers for each axis. */
export function checkWidths(widths: readonly (readonly [before: number, after: number])[], rank: number): void {
  const pairs = Array.isArray(widths) && widths.length === rank && widths.every((w) => w?.length === 2);
  if (!pairs) refuse("pad", "widths", widths, `a pair [before, after] for each of the ${rank} axes`);
  widths.forEach((pair, i) => void check("pad", `widths[${i}]`, pair, listOf(whole(0))));
}

function needBool(where: string, x: Tensor): void {
  if (x.dtype !== "bool") refuseShape(where, "the tensor", x, 'bool; compare it, or use to("bool")');
}

/** The second operand of an operation: a tensor, or a number stretched to the shape of the first. */
function operand(where: string, name: string, x: TensorLike, beside: TensorLike): Node {
  if (x instanceof Tensor) return x.node;
  const { dtype, shape } = beside instanceof Tensor ? beside : NUMBER;
  return numberBeside(where, name, x, dtype, shape);
}
const FROM_END = (): string => "use at(), which counts from the end";
const NUMBER = { dtype: "f32", shape: [] } as const;

const float = (op: ElementwiseOp, x: Tensor): Tensor => new Tensor(ops.apply(op, floats(x.node)));

/** Applies an op in the operands' common type and shape; under another name the operands are exchanged. */
function binary(op: keyof typeof ARITHMETIC, x: Tensor, given: TensorLike, where: string = op): Tensor {
  const y = operand(where, "y", given, x);
  const [a, b] = where === op ? [x.node, y] : [y, x.node];
  return new Tensor(combine(where, ARITHMETIC[op], a, b, stretch));
}

/** The differences to the largest along an axis. */
function shifted(where: string, x: Tensor, axis: number): Tensor {
  const at = normalizeAxis(where, axis, x.rank);
  return x.sub(x.max(at, true).detach());
}

/** Position along an axis of the first element that a reduction finds. */
export function placeOf(x: Tensor, float: ReduceOp, int: ReduceOp, axis: number): Tensor {
  const from = cast(x.node, promote(x.dtype, x.dtype));
  return new Tensor(ops.firstWinner(from, [axis], ops.reduce(from.dtype === "i32" ? int : float, from, [axis])));
}

function reduced(
  where: string,
  float: ReduceOp,
  int: ReduceOp | undefined,
  x: Tensor,
  axes: Axes | undefined,
  keep: boolean,
): Tensor {
  const list = normalizeAxes(where, axes, x.rank).sort((a, b) => a - b);
  check(where, "keep", keep, flag);
  const type = int === undefined ? floatOf(x.dtype) : promote(x.dtype, x.dtype);
  const y = ops.reduce(type === "i32" && int !== undefined ? int : float, cast(x.node, type), list);
  const shape = x.shape.map((d, i) => (list.includes(i) ? 1 : d));
  return new Tensor(keep ? ops.reshape(y, shape) : y);
}

function matmul(x: Tensor, y: Tensor): Tensor {
  if (x.rank === 0 || y.rank === 0) {
    refuseShape("matmul", "y", y, `of at least one axis, as the first, ${x}, must be; use mul for a single number`);
  }
  if (x.rank === 1) return matmul(x.unsqueeze(0), y).squeeze(y.rank === 1 ? 0 : -2);
  if (y.rank === 1) return matmul(x, y.unsqueeze(1)).squeeze(-1);
  const [m, k] = x.shape.slice(-2);
  const [inner, n] = y.shape.slice(-2);
  if (k !== inner) {
    refuseShape("matmul", "y", y, `of ${k} rows, as many as ${x} has columns`);
  }
  const batch = broadcastShapes("matmul", x.shape.slice(0, -2), y.shape.slice(0, -2));
  // Products of whole numbers are exact: no contraction, which is made for floats.
  if (!isFloat(promote(x.dtype, y.dtype))) return x.unsqueeze(-1).mul(y.unsqueeze(-3)).sum(-2);
  const labels = batch.map((_, i) => `b${i}`);
  // An operand without batch axes is shared by the whole batch, not copied.
  const align = (t: Tensor, tail: number[], names: string[]): [Node, string[]] => {
    const node = floats(t.node);
    return t.rank === 2 ? [node, names] : [stretch(node, [...batch, ...tail]), [...labels, ...names]];
  };
  const [a, aLabels] = align(x, [m, k], ["m", "k"]);
  const [b, bLabels] = align(y, [k, n], ["k", "n"]);
  return new Tensor(ops.contract(a, b, { a: aLabels, b: bLabels, out: [...labels, "m", "n"] }));
}

/**
 * A tensor from nested lists of numbers (f32) or of true and false (bool), or from a typed array: floats become f32 (those
 * of a Float16Array f16), whole numbers i32 (bytes u8).
 *
 * @param values the elements; a typed array is copied.
 * @param shape default: that of the lists, or [length].
 * @param dtype another type, which must hold all elements exactly (f32, f16, bf16: to its precision; bool: what is not 0 is
 *   true).
 * @throws ArgumentError for a value that is not a number or not one of `dtype`; ShapeError for lists of unequal length,
 *   or a shape with another number of elements; DeviceError for f64 and i64 if the device in use does not store them.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 *
 * console.log(tensor([[1, 2], [3, 4]]).shape); // [2, 2]
 * ```
 */
export function tensor(values: NestedValues | ArrayData, shape?: Shape, dtype?: DType): Tensor {
  checkOptional("tensor", "dtype", dtype, words(...DTYPES));
  wideOps(dtype, "tensor");
  const { data, sizes, type } = elementsOf(values, dtype);
  return adopt(data, shape === undefined ? sizes : shape, type);
}

/**
 * A tensor over a typed array that the caller hands over and must not change: no copy is made where the engine can
 * store it as it is.
 *
 * @param dtype default: the array's; of a half, data are bits.
 */
export function adopt(data: ArrayData, shape: Shape, given?: DType, where = "tensor", name = "values"): Tensor {
  const dtype = given ?? dtypeOf(data);
  const stored = given !== undefined ? (data as TypedArray) : storeAs(where, name, data);
  const sizes = checkShape(where, shape);
  if (sizeOf(sizes) !== stored.length) {
    refuseShape(where, "shape", shape, `of ${stored.length} elements, as many as ${name}`);
  }
  const storage = makeStorage(sizes, dtype as DType);
  setInitial(storage, stored);
  return new Tensor(ops.fromStorage(storage));
}

/**
 * The same number everywhere.
 *
 * @example
 * ```ts
 * import { full } from "tidu";
 *
 * console.log(await full([2], 7).array()); // [7, 7]
 * ```
 */
export function full(shape: Shape, value: number): Tensor {
  const sizes = checkShape("full", shape);
  check("full", "value", value, constant);
  return new Tensor(ops.full(value, sizes));
}
/**
 * Zeros of a shape, f32.
 *
 * @example
 * ```ts
 * import { zeros } from "tidu";
 *
 * console.log(await zeros([2]).array()); // [0, 0]
 * ```
 */
export const zeros = (shape: Shape): Tensor => new Tensor(ops.full(0, checkShape("zeros", shape)));
/**
 * Ones of a shape, f32.
 *
 * @example
 * ```ts
 * import { ones } from "tidu";
 *
 * console.log(await ones([2]).array()); // [1, 1]
 * ```
 */
export const ones = (shape: Shape): Tensor => new Tensor(ops.full(1, checkShape("ones", shape)));
/** 0, 1, … count-1 as f32. */
export function arange(count: number): Tensor {
  check("arange", "count", count, whole(1, 2 ** 31 - 1));
  return new Tensor(ops.index([count])).toFloat();
}

/**
 * Joins tensors along an existing axis. Tensors of one type keep it; different types are converted as in arithmetic.
 *
 * @example
 * ```ts
 * import { concat, tensor } from "tidu";
 *
 * console.log(await concat([tensor([1]), tensor([2, 3])]).array()); // [1, 2, 3]
 * ```
 */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
  check("concat", "parts", parts, listOf(aTensor, "a list of tensors, at least one"));
  if (parts.length === 0) refuse("concat", "parts", parts, "a list of tensors, at least one");
  const [first] = parts;
  const at = normalizeAxis("concat", axis, first.rank);
  const type = parts.reduce((t, p) => unify(t, p.dtype), first.dtype);
  const nodes = parts.map((p, i) => {
    if (p.rank !== first.rank || p.shape.some((d, a) => a !== at && d !== first.shape[a])) {
      refuseShape("concat", `parts[${i}]`, p, `like parts[0], ${first}, in all axes but ${axis}`);
    }
    return cast(p.node, type);
  });
  return new Tensor(ops.concat(nodes, at));
}
