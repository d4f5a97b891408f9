// Taking rows by their numbers, and its transpose.
import { makeNode, misfit, type Node, type Op } from "../node.js";

export interface Gather {
  /** The axis of x that the rows are counted along. */
  readonly axis: number;
  /** Whether every row is known to exist. */
  readonly inside: boolean;
}

/**
 * `y[…, i, …] = x[…, rows[i], …]` along one axis, for indices of any shape; a row that does not exist reads as zeros.
 * A third input may give the inverse of a list of indices: for each row of x the one i that takes it, or -1; the gradient is then a gather,
 * too. Without it rows that were taken several times add up: a scatter.
 */
export const gatherOp: Op<Gather> = {
  name: "gather",
  kind: "gather",
  infer([x, rows, inverse], { axis }) {
    const whole = [rows, inverse ?? rows].every(({ dtype }) => dtype === "i32" || dtype === "u8");
    if (!whole || axis >= x.shape.length) misfit("gather", [x, rows], `axis ${axis}`);
    return { shape: [...x.shape.slice(0, axis), ...rows.shape, ...x.shape.slice(axis + 1)], dtype: x.dtype };
  },
  grad({ inputs: [x, rows, inverse], attrs: { axis, inside } }, dy) {
    if (inverse !== undefined) return [gather(dy, inverse, { axis, inside: !inside }, rows), undefined, undefined];
    return [scatter(dy, rows, { axis, size: x.shape[axis] }), undefined];
  },
  key: ({ axis, inside }) => `${axis}${inside}`,
};

/** Where the rows of a scatter's result are. */
export interface Scatter {
  readonly axis: number;
  /** How many rows there are. */
  readonly size: number;
}

/**
 * The transpose of `gather`: `y = 0`, then `y[…, rows[i], …] += x[…, i, …]` for each i in turn. What has no row is left
 * out.
 */
export const scatterOp: Op<Scatter> = {
  name: "scatter",
  kind: "scatter",
  infer: ([x, rows], { axis, size }) => ({
    shape: [...x.shape.slice(0, axis), size, ...x.shape.slice(axis + rows.shape.length)],
    dtype: x.dtype,
  }),
  grad: ({ inputs: [, rows], attrs: { axis } }, dy) => [gather(dy, rows, { axis }), undefined],
  key: ({ axis, size }) => `${axis},${size}`,
};

export const scatter = (x: Node, rows: Node, attrs: Scatter): Node => makeNode(scatterOp, [x, rows], attrs);
export const gather = (x: Node, rows: Node, attrs: Partial<Gather> = {}, inverse?: Node): Node =>
  makeNode(gatherOp, inverse === undefined ? [x, rows] : [x, rows, inverse], { axis: 0, inside: false, ...attrs });
