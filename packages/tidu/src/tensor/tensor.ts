import { type AffineMap, broadcastMap, isPermutation, permuteMap, sliceMap } from "../base/affine.js";
import { type DType, dtypeOf, type TypedArray } from "../base/dtype.js";
import { ArgumentError, ShapeError } from "../base/errors.js";
import {
  broadcastShapes,
  formatShape,
  normalizeAxes,
  normalizeAxis,
  type Shape,
  sameShape,
  sizeOf,
} from "../base/shape.js";
import { pause } from "../base/turn.js";
import { type ElementwiseOp, makeStorage, type Node, type ReduceOp } from "../graph/node.js";
import * as el from "../graph/ops/elementwise.js";
import * as ops from "../graph/ops/index.js";
import { store } from "./cell.js";
import { setInitial } from "./realizer.js";
import { readStored, storedIn, unstored } from "./stored.js";
import { refuseTraced, tracing } from "./trace.js";
import { watched } from "./watch.js";

/** Nested arrays of numbers, all of equal length at each depth. */
export type NestedArray = number | readonly NestedArray[];
/** What arithmetic accepts beside a tensor. */
export type TensorLike = Tensor | number;
/** One axis, several, or all when left out. */
export type Axes = number | readonly number[];

/**
 * A lazy, immutable array of numbers. Operations only note what is to be computed; `data()`, `array()` and `item()`
 * compute it. There is nothing to dispose of.
 */
export class Tensor {
  readonly #node: Node;

  /** @internal */
  constructor(node: Node) {
    this.#node = node;
  }

  /** The value as a node of the graph. */
  get node(): Node {
    return this.#node;
  }

  get shape(): Shape {
    return this.node.shape;
  }
  get dtype(): DType {
    return this.node.dtype;
  }
  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }
  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /**
   * Computes the value: its elements in row-major order, a copy that is yours.
   *
   * @throws ArgumentError at once, not later, in a function that is being compiled, where there are no values yet.
   */
  data(): Promise<TypedArray> {
    if (tracing() !== undefined) for (const node of unstored([this.node])) refuseTraced(node, undefined);
    return this.#read();
  }

  async #read(): Promise<TypedArray> {
    const { node } = this;
    return readStored(node, store([node]));
  }

  /** Computes the value as nested arrays (a number for a tensor without axes). */
  array(): Promise<NestedArray> {
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
      return Promise.reject(
        new ShapeError(`item: the tensor has shape ${formatShape(this.shape)}, expected one number; use data()`),
      );
    }
    return this.data().then(([x]) => x);
  }

  /**
   * Computes the value now and keeps it, so that later uses read it instead of computing it again. Gradients still flow
   * to what it was computed from; `detach()` forgets that.
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

  // Arithmetic; shapes broadcast by NumPy's rule.
  add(y: TensorLike): Tensor {
    return binary(el.add, this, y);
  }
  sub(y: TensorLike): Tensor {
    return binary(el.sub, this, y);
  }
  mul(y: TensorLike): Tensor {
    return binary(el.mul, this, y);
  }
  div(y: TensorLike): Tensor {
    return binary(el.div, this, y);
  }
  pow(y: TensorLike): Tensor {
    return y === 2 ? this.square() : binary(el.pow, this, y);
  }
  maximum(y: TensorLike): Tensor {
    return binary(el.maximum, this, y);
  }
  minimum(y: TensorLike): Tensor {
    return binary(el.minimum, this, y);
  }
  neg(): Tensor {
    return unary(el.neg, this);
  }
  abs(): Tensor {
    return unary(el.abs, this);
  }
  sign(): Tensor {
    return unary(el.sign, this);
  }
  square(): Tensor {
    return this.mul(this);
  }
  sqrt(): Tensor {
    return unary(el.sqrt, this);
  }
  exp(): Tensor {
    return unary(el.exp, this);
  }
  log(): Tensor {
    return unary(el.log, this);
  }
  expm1(): Tensor {
    return unary(el.expm1, this);
  }
  log1p(): Tensor {
    return unary(el.log1p, this);
  }
  sin(): Tensor {
    return unary(el.sin, this);
  }
  cos(): Tensor {
    return unary(el.cos, this);
  }
  erf(): Tensor {
    return unary(el.erf, this);
  }
  floor(): Tensor {
    return unary(el.floor, this);
  }

  // Activations.
  /** max(0, x); gradient 0 at 0. */
  relu(): Tensor {
    return unary(el.relu, this);
  }
  /** 1 / (1 + e^-x). */
  sigmoid(): Tensor {
    return unary(el.sigmoid, this);
  }
  tanh(): Tensor {
    return unary(el.tanh, this);
  }
  /** ln(1 + e^x). */
  softplus(): Tensor {
    return unary(el.softplus, this);
  }
  /** Exponentials divided by their sum along `axis`, safe for large values. */
  softmax(axis = -1): Tensor {
    const e = this.sub(this.max(axis, true).detach()).exp();
    return e.div(e.sum(axis, true));
  }
  /** Logarithm of `softmax`, safe for large values. */
  logSoftmax(axis = -1): Tensor {
    const shifted = this.sub(this.max(axis, true).detach());
    return shifted.sub(shifted.exp().sum(axis, true).log());
  }

  // Comparison: bool tensors, used with `where` or `toFloat`.
  lt(y: TensorLike): Tensor {
    return binary(el.lt, this, y);
  }
  le(y: TensorLike): Tensor {
    return binary(el.le, this, y);
  }
  gt(y: TensorLike): Tensor {
    return binary(el.lt, lift(y, this), this);
  }
  ge(y: TensorLike): Tensor {
    return binary(el.le, lift(y, this), this);
  }
  eq(y: TensorLike): Tensor {
    return this.dtype === "f32" ? binary(el.eq, this, y) : binary(el.intEq, this, y);
  }
  /** Where this bool tensor is true the elements of `x`, elsewhere those of `y`. */
  where(x: TensorLike, y: TensorLike): Tensor {
    const [a, b] = [lift(x, y), lift(y, x)];
    const shape = broadcastShapes("where", this.shape, broadcastShapes("where", a.shape, b.shape));
    const parts = [this, a, b].map((t) => t.broadcastTo(shape).node);
    return new Tensor(ops.apply(el.where, ...parts));
  }
  not(): Tensor {
    return unary(el.not, this);
  }
  /** As f32; true becomes 1. */
  toFloat(): Tensor {
    if (this.dtype === "f32") return this;
    return unary(this.dtype === "bool" ? el.boolToFloat : el.intToFloat, this);
  }
  /** As i32, toward zero. */
  toInt(): Tensor {
    return this.dtype === "f32" ? unary(el.floatToInt, this) : this;
  }

  // Reductions over one axis, several, or (left out) all; `keep` leaves the axes with size 1.
  sum(axes?: Axes, keep = false): Tensor {
    return reduced("sum", ops.sumOp, this, axes, keep);
  }
  mean(axes?: Axes, keep = false): Tensor {
    const total = this.sum(axes, keep);
    return total.mul(total.size / this.size);
  }
  /** Largest element; the gradient goes to the first of equal ones. */
  max(axes?: Axes, keep = false): Tensor {
    return reduced("max", ops.maxOp, this, axes, keep);
  }
  min(axes?: Axes, keep = false): Tensor {
    return reduced("min", ops.minOp, this, axes, keep);
  }
  /** Position of the first largest element along `axis`, i32. */
  argmax(axis = -1): Tensor {
    const at = normalizeAxis("argmax", axis, this.rank);
    const y = ops.reduce(ops.maxOp, this.node, [at]);
    return new Tensor(ops.firstWinner(this.node, [at], y)).toInt();
  }

  // Products.
  /** Matrix product of the last two axes, [..., m, k] by [..., k, n]; leading axes broadcast. A vector is k long. */
  matmul(y: Tensor): Tensor {
    return matmul(this, y);
  }

  // Movement.
  /** Swaps two axes, the last two unless told. */
  transpose(a = -2, b = -1): Tensor {
    const order = this.shape.map((_, i) => i);
    const [i, j] = [normalizeAxis("transpose", a, this.rank), normalizeAxis("transpose", b, this.rank)];
    [order[i], order[j]] = [order[j], order[i]];
    return this.permute(order);
  }
  /** Axis i of the result is axis `axes[i]` of this. */
  permute(axes: readonly number[]): Tensor {
    const order = axes.map((a) => normalizeAxis("permute", a, this.rank));
    if (new Set(order).size !== this.rank) {
      throw new ShapeError(`permute: [${axes}] is not an order of the ${this.rank} axes; name each once`);
    }
    return new Tensor(ops.view(this.node, permuteMap(this.shape, order)));
  }
  /** The same elements, row-major, under another shape; one size may be -1 and is worked out. */
  reshape(shape: Shape): Tensor {
    const known = shape.reduce((n, d) => (d === -1 ? n : n * d), 1);
    const full = shape.map((d) => (d === -1 ? this.size / known : d));
    if (
      shape.filter((d) => d === -1).length > 1 ||
      sizeOf(full) !== this.size ||
      full.some((d) => !(d > 0 && d % 1 === 0))
    ) {
      throw new ShapeError(
        `reshape: ${formatShape(this.shape)} has ${this.size} elements, ${formatShape(shape)} asks for ${known}; the products must be equal`,
      );
    }
    return new Tensor(ops.reshape(this.node, full));
  }
  /** Merges the axes from `start` on into one. */
  flatten(start = 0): Tensor {
    const at = this.rank === 0 ? 0 : normalizeAxis("flatten", start, this.rank);
    return this.reshape([...this.shape.slice(0, at), sizeOf(this.shape.slice(at))]);
  }
  /** Stretches axes of size 1 (and adds axes in front) to the given shape. */
  broadcastTo(shape: Shape): Tensor {
    if (!sameShape(broadcastShapes("broadcastTo", this.shape, shape), shape)) {
      throw new ShapeError(`broadcastTo: ${formatShape(this.shape)} does not stretch to ${formatShape(shape)}`);
    }
    if (sameShape(this.shape, shape)) return this;
    return new Tensor(stretch(this.node, shape));
  }
  /** Elements `start` (inclusive) to `end` (exclusive) by `step` of one axis. */
  slice(axis: number, start: number, end = this.shape[normalizeAxis("slice", axis, this.rank)], step = 1): Tensor {
    const at = normalizeAxis("slice", axis, this.rank);
    const length = Math.ceil((end - start) / step);
    if (start < 0 || end > this.shape[at] || !(length > 0) || !(step >= 1)) {
      throw new ShapeError(
        `slice: ${start} to ${end} by ${step} of axis ${axis}, which has ${this.shape[at]} elements; need 0 <= start < end <= ${this.shape[at]}`,
      );
    }
    const domain = this.shape.map((d, i) => (i === at ? length : d));
    const begin = domain.map((_, i) => (i === at ? start : 0));
    const steps = domain.map((_, i) => (i === at ? step : 1));
    return new Tensor(ops.view(this.node, sliceMap(this.shape, domain, begin, steps)));
  }
  /** Adds zeros: `[before, after]` for each axis. */
  pad(widths: readonly (readonly [before: number, after: number])[]): Tensor {
    if (widths.length !== this.rank || widths.flat().some((w) => w < 0 || w % 1 !== 0)) {
      throw new ShapeError(`pad: needs ${this.rank} pairs of whole numbers >= 0, got ${JSON.stringify(widths)}`);
    }
    const domain = this.shape.map((d, i) => d + widths[i][0] + widths[i][1]);
    const start = widths.map(([before]) => -before);
    return new Tensor(ops.view(this.node, sliceMap(this.shape, domain, start)));
  }
  /** Reverses the given axes. */
  flip(axes?: Axes): Tensor {
    const flipped = normalizeAxes("flip", axes, this.rank);
    const start = this.shape.map((d, i) => (flipped.includes(i) ? d - 1 : 0));
    const step = this.shape.map((_, i) => (flipped.includes(i) ? -1 : 1));
    return new Tensor(ops.view(this.node, sliceMap(this.shape, this.shape, start, step)));
  }
  /** Adds an axis of size 1 at `axis`. */
  unsqueeze(axis: number): Tensor {
    const at = normalizeAxis("unsqueeze", axis, this.rank + 1);
    return this.reshape([...this.shape.slice(0, at), 1, ...this.shape.slice(at)]);
  }
  /** Removes an axis of size 1. */
  squeeze(axis: number): Tensor {
    const at = normalizeAxis("squeeze", axis, this.rank);
    if (this.shape[at] !== 1) throw new ShapeError(`squeeze: axis ${axis} has size ${this.shape[at]}, expected 1`);
    return this.reshape(this.shape.filter((_, i) => i !== at));
  }
  /**
   * Rows by number (i32 or u8) along an axis, which the shape of `rows` replaces; along axis 0 the result is
   * [...rows.shape, ...shape.slice(1)]. A row that does not exist is a DataError: at once where `rows` was made of numbers,
   * else at the next read of a value.
   */
  gather(rows: Tensor, axis = 0): Tensor {
    return gatherRows(this, rows, normalizeAxis("gather", axis, this.rank), "gather: row");
  }
}

/** `gather` for what calls its rows otherwise. */
export function gatherRows(x: Tensor, rows: Tensor, axis: number, what: string): Tensor {
  const whole = rows.dtype === "i32" || rows.dtype === "u8";
  const list = whole ? watched(rows.node, { size: x.shape[axis], what }) : rows.node;
  return new Tensor(ops.gather(x.node, list, { axis }));
}

/** Broadcasts a node to a shape that it is known to stretch to. */
export function stretch(node: Node, shape: Shape): Node {
  if (sameShape(node.shape, shape)) return node;
  if (ops.isFull(node)) return ops.full(node.attrs.value, shape, node.dtype);
  return ops.view(node, broadcastMap(node.shape, shape));
}

/** A number becomes a constant of the other operand's element type. */
const lift = (x: TensorLike, like: TensorLike): Tensor =>
  x instanceof Tensor ? x : new Tensor(ops.full(x, [], like instanceof Tensor && like.dtype !== "f32" ? "i32" : "f32"));

const unary = (op: ElementwiseOp, x: Tensor): Tensor => new Tensor(ops.apply(op, x.node));

function binary(op: ElementwiseOp, x: Tensor, like: TensorLike): Tensor {
  const y = lift(like, x);
  const shape = broadcastShapes(op.name, x.shape, y.shape);
  return new Tensor(ops.apply(op, stretch(x.node, shape), stretch(y.node, shape)));
}

function reduced(name: string, op: ReduceOp, x: Tensor, axes: Axes | undefined, keep: boolean): Tensor {
  const list = normalizeAxes(name, axes, x.rank);
  const y = ops.reduce(op, x.node, list);
  const shape = x.shape.map((d, i) => (list.includes(i) ? 1 : d));
  return new Tensor(keep ? ops.reshape(y, shape) : y);
}

function matmul(x: Tensor, y: Tensor): Tensor {
  if (x.rank === 0 || y.rank === 0) throw new ShapeError("matmul: a single number; use mul");
  if (x.rank === 1) return matmul(x.unsqueeze(0), y).squeeze(y.rank === 1 ? 0 : -2);
  if (y.rank === 1) return matmul(x, y.unsqueeze(1)).squeeze(-1);
  const [m, k] = x.shape.slice(-2);
  const [inner, n] = y.shape.slice(-2);
  if (k !== inner) {
    throw new ShapeError(
      `matmul: shapes ${formatShape(x.shape)} and ${formatShape(y.shape)}: the first has ${k} columns, the second ${inner} rows; they must be equal`,
    );
  }
  const batch = broadcastShapes("matmul", x.shape.slice(0, -2), y.shape.slice(0, -2));
  const labels = batch.map((_, i) => `b${i}`);
  // An operand without batch axes is shared by the whole batch, not copied.
  const align = (t: Tensor, tail: number[], names: string[]): [Node, string[]] =>
    t.rank === 2 ? unpermuted(t.node, names) : [stretch(t.node, [...batch, ...tail]), [...labels, ...names]];
  const [a, aLabels] = align(x, [m, k], ["m", "k"]);
  const [b, bLabels] = align(y, [k, n], ["k", "n"]);
  return new Tensor(ops.contract(a, b, { a: aLabels, b: bLabels, out: [...labels, "m", "n"] }));
}

/** A transposed operand is read in place under exchanged labels, so that its gradient, too, comes out in its order. */
function unpermuted(node: Node, names: string[]): [Node, string[]] {
  if (node.op !== ops.viewOp || !isPermutation(node.attrs as AffineMap)) return [node, names];
  const { coef } = node.attrs as AffineMap;
  return [node.inputs[0], coef.map((row) => names[row.indexOf(1)])];
}

/** A tensor from nested arrays or numbers (f32), or from a typed array and its shape. */
export function tensor(values: NestedArray | TypedArray, shape?: Shape, dtype?: DType): Tensor {
  if (ArrayBuffer.isView(values)) return fromTyped(values as TypedArray, shape ?? [(values as TypedArray).length]);
  const sizes: number[] = [];
  for (let v: NestedArray = values; typeof v !== "number"; v = v[0]) sizes.push(v.length);
  const flat: number[] = [];
  const collect = (v: NestedArray, axis: number): void => {
    if (typeof v === "number") {
      if (axis !== sizes.length)
        throw new ShapeError(`tensor: a number at depth ${axis}, expected a list of ${sizes[axis]}`);
      flat.push(v);
      return;
    }
    if (v.length !== sizes[axis]) {
      throw new ShapeError(
        `tensor: lists of ${v.length} and ${sizes[axis] ?? 0} at depth ${axis}; make them equally long`,
      );
    }
    for (const item of v) collect(item, axis + 1);
  };
  collect(values, 0);
  return fromTyped(
    dtype === "i32" ? Int32Array.from(flat) : dtype === "u8" ? Uint8Array.from(flat) : Float32Array.from(flat),
    shape ?? sizes,
  );
}

const fromTyped = (data: TypedArray, shape: Shape): Tensor => adopt(data.slice(), shape);

/** A tensor over a typed array that the caller gives away and must not change: no copy is made. */
export function adopt(data: TypedArray, shape: Shape): Tensor {
  if (sizeOf(shape) !== data.length) {
    throw new ShapeError(`tensor: ${data.length} elements for shape ${formatShape(shape)}, which has ${sizeOf(shape)}`);
  }
  if (data.length === 0) throw new ShapeError("tensor: no elements; every size must be at least 1");
  const storage = makeStorage(shape, dtypeOf(data));
  setInitial(storage, data);
  return new Tensor(ops.fromStorage(storage));
}

/** The same number everywhere. */
export const full = (shape: Shape, value: number): Tensor => new Tensor(ops.full(value, checkShape("full", shape)));
export const zeros = (shape: Shape): Tensor => full(shape, 0);
export const ones = (shape: Shape): Tensor => full(shape, 1);
/** 0, 1, … count-1 as f32. */
export const arange = (count: number): Tensor => new Tensor(ops.index(checkShape("arange", [count]))).toFloat();

export function checkShape(op: string, shape: Shape): Shape {
  if (shape.some((d) => !Number.isInteger(d) || d < 1)) {
    throw new ArgumentError(`${op}: shape ${formatShape(shape)}; every size must be a whole number of at least 1`);
  }
  return shape;
}

/** Joins tensors along an axis that exists. */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
  if (parts.length === 0) throw new ArgumentError("concat: no tensors; give at least one");
  const at = normalizeAxis("concat", axis, parts[0].rank);
  const total = parts.reduce((n, p) => n + p.shape[at], 0);
  let before = 0;
  const padded = parts.map((p) => {
    if (p.rank !== parts[0].rank || p.shape.some((d, i) => i !== at && d !== parts[0].shape[i])) {
      throw new ShapeError(
        `concat: ${formatShape(parts[0].shape)} and ${formatShape(p.shape)} differ beside axis ${axis}`,
      );
    }
    const widths = p.shape.map((d, i): [number, number] => (i === at ? [before, total - before - d] : [0, 0]));
    before += p.shape[at];
    return p.pad(widths);
  });
  return padded.reduce((sum, p) => sum.add(p));
}
