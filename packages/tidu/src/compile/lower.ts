import { type Shape, sizeOf } from "../base/shape.js";
import type { Node } from "../graph/node.js";
import { add, eq, sub, where } from "../graph/ops/elementwise.js";
import { startsOf } from "../graph/ops/index.js";
import { type Context, Expressor, mapIndex } from "./express.js";
import { type Geometry, geometryOf } from "./geometry.js";
import {
  type Affine,
  affineReach,
  applied,
  axisAffine,
  type Buffer,
  combineAffine,
  constant,
  type Expr,
  type Guard,
  type Kernel,
  type MakeBuffer,
  type Operand,
  type Row,
  type Store,
} from "./kernel.js";
import { stridesAs } from "./layout.js";
import type { LowerLoop } from "./loops.js";
import { addsUp, type Schedule, type Task } from "./schedule.js";
import type { Target } from "./target.js";

/** Turns tasks into kernels: loops, expressions over them, and where each element stands in memory. */
export class Lowering {
  constructor(
    readonly plan: Schedule,
    readonly bufferOf: (node: Node) => Buffer,
    readonly make: MakeBuffer,
    readonly loops: ReadonlyMap<Node, LowerLoop>,
    readonly target: Target,
  ) {}

  /** The kernels that compute a task's root into its buffer. */
  task(task: Task): Kernel[] {
    const { core } = task;
    if (core?.kind === "concat") return this.#parts(core);
    // A loop writes its parts, too.
    if (core?.kind === "part") return [];
    if (core?.kind === "loop") return (this.loops.get(core) as LowerLoop)(this);
    const geometry = geometryOf(task);
    const { sizes, outer } = geometry;
    const target = this.bufferOf(task.root);
    const writer = new Expressor(this.#context(task, geometry));
    const accumulate = core !== undefined && addsUp(core);
    const often = accumulate && meanAdded(core) > FEW;
    const lost = often ? this.make(`${target.name}.lost`, target.shape, target.strides) : undefined;
    const store: Store = {
      buffer: target,
      index: address(geometry.root, target.strides, sizes.length),
      guards: outside(geometry.root, task.root.shape, sizes),
      value: accumulate ? writer.at(core.inputs[0], geometry.inputs[0]) : writer.compute(task.root, geometry.root),
      accumulate: accumulate ? { exclusive: exclusiveAxes(geometry.root, sizes.length), lost } : undefined,
      row: core?.kind === "scatter" ? this.#row(core, writer, geometry, target) : undefined,
    };
    const base = { name: target.name, sizes, outer, stores: [store] };
    if (core?.kind === "reduce") {
      const body = writer.at(core.inputs[0], geometry.inputs[0]);
      return [{ ...base, kind: "reduce", op: core.op, body }];
    }
    if (core?.kind === "contract") {
      const [a, b] = core.inputs.map((x, i) => {
        const inside = this.#insideOf(x, geometry.inputs[i], sizes);
        return operand(writer.at(x, geometry.inputs[i]), inside);
      });
      return [{ ...base, kind: "contract", a, b, tree: core.attrs.tree }];
    }
    if (core?.kind === "line") {
      const { op } = core;
      const body = writer.at(core.inputs[0], geometry.inputs[0]);
      const between = op.between && this.make(`${target.name}.between`, target.shape, target.strides, target.dtype);
      const stores = between === undefined ? [store] : [store, { ...store, buffer: between }];
      return [{ ...base, kind: "line", op, body, stores }];
    }
    const map: Kernel = { ...base, kind: "map" };
    if (!accumulate) return [map];
    return lost === undefined ? [zero(target), map] : [zero(target), zero(lost), map, takeBack(target, lost)];
  }

  /** Kernels that write each joined value into its part of the result. */
  #parts(core: Node<"concat">): Kernel[] {
    const target = this.bufferOf(core);
    const starts = startsOf(core.inputs, core.attrs.axis);
    return core.inputs.map((x, i) =>
      this.put(x, `${target.name}.${i}`, target, target.strides, offsetOf(starts[i], target.strides)),
    );
  }

  /** Writes a value into a part of a buffer, from an element on. */
  put(x: Node, name: string, buffer: Buffer, strides: readonly number[], start: number): Kernel {
    const { shape: sizes } = x;
    const root = sizes.map((_, a) => axisAffine(a, sizes.length));
    const writer = new Expressor(this.#context({ root: x }, { sizes, outer: sizes.length, root, inputs: [] }));
    const index = combineAffine(root, strides, start, sizes.length);
    const store: Store = { buffer, index, guards: [], value: writer.at(x, root), part: true };
    return { kind: "map", name, sizes, outer: sizes.length, stores: [store] };
  }

  /** Which row a scatter adds to. */
  #row({ inputs, attrs: { axis, size } }: Node<"scatter">, writer: Expressor, geometry: Geometry, target: Buffer): Row {
    return { row: writer.at(inputs[1], geometry.inputs[1]), rows: size, stride: target.strides[axis] };
  }

  /** Copies a stored value into another buffer of the same shape. */
  copy(node: Node, target: Buffer): Kernel {
    const { shape } = node;
    const index = shape.map((_, i) => axisAffine(i, shape.length));
    const task: Task = { root: node };
    const value = this.#context(task, { sizes: shape, outer: shape.length, root: index, inputs: [] }).load(
      node,
      shape,
      index,
      [],
    );
    const store = { buffer: target, index: address(index, target.strides, shape.length), guards: [], value };
    return { kind: "map", name: target.name, sizes: shape, outer: shape.length, stores: [store] };
  }

  /** Where an operand that is stored with zeros around it, or a view of one, is not in those zeros. */
  #insideOf(x: Node, index: readonly Affine[], sizes: readonly number[]): Guard[] {
    if (x.kind !== "view") return [];
    const map = x.attrs;
    const inner = mapIndex(map, index, sizes.length);
    return this.plan.stored.has(x) ? outside(inner, map.source, sizes) : this.#insideOf(x.inputs[0], inner, sizes);
  }

  #context(task: Task, geometry: Geometry): Context {
    const { sizes } = geometry;
    const strides = (node: Node, seen: Shape): readonly number[] => {
      const buffer = this.bufferOf(node);
      const found = stridesAs(buffer.shape, buffer.strides, seen);
      if (found === undefined) throw new Error(`compiler: ${buffer.name} is not stored as [${seen}]`);
      return found;
    };
    const context: Context = {
      sizes,
      isStored: (node) => this.plan.stored.has(node),
      load: (node, seen, index, guards) => {
        const at = address(index, strides(node, seen), sizes.length);
        return { kind: "load", buffer: this.bufferOf(node), index: at, guards };
      },
      gather: (node, seen, axis, row, index, guards) => {
        const by = strides(node, seen);
        const at = address(index, by, sizes.length);
        return {
          kind: "gather",
          buffer: this.bufferOf(node),
          index: at,
          row,
          rows: seen[axis],
          stride: by[axis],
          guards,
        };
      },
      core: (node) => {
        if (node !== task.core) return undefined;
        if (node.kind !== "unview") return { kind: "core" };
        return new Expressor(context).at(node.inputs[0], geometry.inputs[0]);
      },
    };
    return context;
  }
}

const offsetOf = (start: readonly number[], strides: readonly number[]): number =>
  start.reduce((n, s, a) => n + s * strides[a], 0);

const address = (index: readonly Affine[], strides: readonly number[], axes: number): Affine =>
  combineAffine(index, strides, 0, axes);

/** Guards against the indices that would leave a value of this shape. */
const outside = (index: readonly Affine[], shape: Shape, sizes: readonly number[]): Guard[] =>
  index.flatMap((a, i) => {
    const [low, high] = affineReach(a, sizes);
    return low >= 0 && high < shape[i] ? [] : [{ index: a, size: shape[i] }];
  });

/** Loops that alone move one axis of the result. */
const exclusiveAxes = (index: readonly Affine[], loops: number): number[] =>
  Array.from({ length: loops }, (_, loop) => loop).filter((loop) => {
    const rows = index.filter((a) => a.coef[loop] !== 0);
    return rows.length === 1 && rows[0].coef.every((c, other) => c === 0 || other === loop);
  });

function operand(expr: Expr, inside: readonly Guard[]): Operand {
  if (expr.kind !== "load" || expr.guards.length > 0) throw new Error("compiler: operand is not stored");
  return { buffer: expr.buffer, index: expr.index, inside };
}

/** Up to this many values are added in one place without keeping what rounding loses. */
const FEW = 16;

/** About how many values may meet in one place. */
const meanAdded = ({ inputs, shape }: Node): number => sizeOf(inputs[0].shape) / sizeOf(shape);

/** Computes each element of a buffer from the index of elements laid out as its own are. */
function each(buffer: Buffer, name: string, value: (index: Affine) => Expr): Kernel {
  const axes = buffer.shape.length;
  const place = buffer.shape.map((_, i) => axisAffine(i, axes));
  const index = address(place, buffer.strides, axes);
  const store: Store = { buffer, index, guards: [], value: value(index) };
  return { kind: "map", name: `${buffer.name}.${name}`, sizes: buffer.shape, outer: axes, stores: [store] };
}

const zero = (buffer: Buffer): Kernel => each(buffer, "zero", () => constant(0, buffer.dtype));

/** Adds to a sum what rounding lost; unless the sum is infinite, where the loss is NaN. */
const takeBack = (sum: Buffer, lost: Buffer): Kernel =>
  each(sum, "sum", (index) => {
    const [s, l] = [sum, lost].map((buffer): Expr => ({ kind: "load", buffer, index, guards: [] }));
    const finite = applied(eq, applied(sub, l, l), constant(0));
    return applied(where, finite, applied(add, s, l), s);
  });
