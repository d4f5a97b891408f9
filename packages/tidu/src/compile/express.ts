// Builds the expressions of kernels from nodes of the graph.
import type { AffineMap } from "../base/affine.js";
import type { DType } from "../base/dtype.js";
import { everyIndex, rowMajor, type Shape } from "../base/shape.js";
import type { ElementwiseOp, Node } from "../graph/node.js";
import { isFull, isIndex } from "../graph/ops/index.js";
import { folded, stored } from "./constants.js";
import {
  type Affine,
  affineReach,
  applied,
  combineAffine,
  constant,
  constantAffine,
  type Expr,
  type Guard,
  sameAffine,
} from "./kernel.js";

/** What the expression builder needs to know of the kernel it builds for. */
export interface Context {
  readonly sizes: readonly number[];
  /** Whether a value is read from memory rather than computed here. */
  isStored(node: Node): boolean;
  /** The loaded element of a stored value, seen under `shape`, at an index. */
  load(node: Node, shape: Shape, index: readonly Affine[], guards: readonly Guard[]): Expr;
  /** A row, picked by an expression, along one axis of a stored value; the index along that axis is 0. */
  gather(node: Node, shape: Shape, axis: number, row: Expr, index: readonly Affine[], guards: readonly Guard[]): Expr;
  /** The result that the kernel is built around, if this node is it. */
  core(node: Node): Expr | undefined;
}

/** A node's element at an index where guards hold, and its expression. */
interface Written {
  readonly index: readonly Affine[];
  readonly guards: readonly Guard[];
  readonly expr: Expr;
}

const NONE: readonly Guard[] = [];

/** Writes a node's element at an index as an expression over the kernel's loops, down to what is stored. */
export class Expressor {
  /** The expressions built so far for each node: for an element or two, or for those of a window. */
  readonly #known = new Map<Node, Written[]>();

  constructor(readonly context: Context) {}

  at(node: Node, index: readonly Affine[], guards: readonly Guard[] = NONE): Expr {
    let known = this.#known.get(node);
    if (known === undefined) this.#known.set(node, (known = []));
    for (const w of known) if (every(sameAffine, w.index, index) && every(sameGuard, w.guards, guards)) return w.expr;
    const expr = this.#write(node, index, guards);
    known.push({ index, guards, expr });
    return expr;
  }

  /** The expression that computes a node which is to be stored: by its op, not by a load. */
  compute(node: Node, index: readonly Affine[]): Expr {
    return this.context.core(node) ?? this.#byOp(node, index, []);
  }

  #write(node: Node, index: readonly Affine[], guards: readonly Guard[]): Expr {
    const core = this.context.core(node);
    if (core !== undefined) return core;
    if (this.context.isStored(node)) return this.context.load(node, node.shape, index, guards);
    return this.#byOp(node, index, guards);
  }

  #byOp(node: Node, index: readonly Affine[], guards: readonly Guard[]): Expr {
    const axes = this.context.sizes.length;
    switch (node.kind) {
      case "elementwise": {
        const args = node.inputs.map((x) => this.at(x, index, guards));
        return folding(node.op, args, node.dtype);
      }
      case "view":
        return this.#view(node, index, guards);
      case "reshape": {
        const [x] = node.inputs;
        return this.context.load(x, node.shape, index, guards);
      }
      case "gather":
        return this.#gather(node, index, guards);
      case "reduce":
        return this.#unrolled(node, index, guards);
      default:
        if (isFull(node)) return constant(stored(node.attrs), node.dtype);
        if (isIndex(node)) {
          const strides = rowMajor(node.shape);
          return numbered(combineAffine(index, strides, 0, axes));
        }
        throw new Error(`compiler: ${node.op.name} #${node.id} is not stored`);
    }
  }

  #view(node: Node<"view">, index: readonly Affine[], guards: readonly Guard[]): Expr {
    const { sizes } = this.context;
    const map = node.attrs;
    const inner = mapIndex(map, index, sizes.length);
    const ranges = inner.map((a) => affineReach(a, sizes));
    if (ranges.some(([low, high], s) => high < 0 || low >= map.source[s])) return constant(0, node.dtype);
    const own = inner.flatMap((a, s): Guard[] => {
      const [low, high] = ranges[s];
      return low >= 0 && high < map.source[s] ? [] : [{ index: a, size: map.source[s] }];
    });
    const fresh = own.filter((g) => !guards.some((h) => sameGuard(g, h)));
    const body = this.at(node.inputs[0], inner, fresh.length === 0 ? guards : [...guards, ...fresh]);
    return fresh.length === 0 ? body : { kind: "guarded", guards: fresh, body };
  }

  #gather(node: Node<"gather">, index: readonly Affine[], guards: readonly Guard[]): Expr {
    const [table, rows] = node.inputs;
    const { axis } = node.attrs;
    const after = axis + rows.shape.length;
    const row = this.at(rows, index.slice(axis, after), guards);
    const first = constantAffine(0, this.context.sizes.length);
    const inner = [...index.slice(0, axis), first, ...index.slice(after)];
    const base = table.kind === "reshape" && !this.context.isStored(table) ? table.inputs[0] : table;
    return this.context.gather(base, table.shape, axis, row, inner, guards);
  }

  #unrolled(node: Node<"reduce">, index: readonly Affine[], guards: readonly Guard[]): Expr {
    const [x] = node.inputs;
    const { axes } = node.attrs;
    const count = this.context.sizes.length;
    const args = everyIndex(axes.map((a) => x.shape[a])).map((at) => {
      let kept = 0;
      const full = x.shape.map((_, a) =>
        axes.includes(a) ? constantAffine(at[axes.indexOf(a)], count) : index[kept++],
      );
      return this.at(x, full, guards);
    });
    return args.length === 1 ? args[0] : { kind: "combine", op: node.op, args };
  }
}

/** An op of values; of constants it is one. */
function folding(op: ElementwiseOp, args: readonly Expr[], dtype: DType): Expr {
  const constants = args.flatMap((a) => (a.kind === "const" ? [a] : []));
  const value = constants.length === args.length ? folded(op, constants, dtype) : undefined;
  return value === undefined ? applied(op, ...args) : constant(value, dtype);
}

/** An integer of the loop variables, or of none. */
const numbered = (index: Affine): Expr =>
  index.coef.every((c) => c === 0) ? constant(index.offset, "i32") : { kind: "index", index };

/** Source indices of a map at domain indices that are themselves affine in the loops. */
export const mapIndex = (map: AffineMap, index: readonly Affine[], axes: number): Affine[] =>
  map.coef.map((row, s) => combineAffine(index, row, map.offset[s], axes));

const sameGuard = (g: Guard, h: Guard): boolean => g.size === h.size && sameAffine(g.index, h.index);

/** Whether two lists hold the same things. */
function every<T>(same: (p: T, q: T) => boolean, p: readonly T[], q: readonly T[]): boolean {
  if (p === q) return true;
  if (p.length !== q.length) return false;
  for (let i = 0; i < p.length; i++) if (!same(p[i], q[i])) return false;
  return true;
}
