// Taking rows by their numbers, and its transpose.
import type { Gather, Scatter } from "../attributes.js";
import { makeNode, misfit, type Node, type Op } from "../node.js";

/**
 * `y[…, i, …] = x[…, rows[i], …]` along one axis, for indices of any shape; a row that does not exist reads as zeros.
 * In the gradient rows that were taken several times add up: a scatter.
 */
export const gatherOp: Op<"gather"> = {
  name: "gather",
  kind: "gather",
  infer([x, rows], { axis }) {
    if ((rows.dtype !== "i32" && rows.dtype !== "u8") || axis >= x.shape.length)
      misfit("gather", [x, rows], `axis ${axis}`);
    return { shape: [...x.shape.slice(0, axis), ...rows.shape, ...x.shape.slice(axis + 1)], dtype: x.dtype };
  },
  grad: ({ inputs: [x, rows], attrs: { axis } }, dy, { scatter }) => [
    scatter(dy, rows, { axis, size: x.shape[axis] }),
    undefined,
  ],
  key: ({ axis }) => String(axis),
};

/**
 * The transpose of `gather`: `y = 0`, then `y[…, rows[i], …] += x[…, i, …]` for each i in turn. Numbers that are not a row
 * are skipped.
 */
export const scatterOp: Op<"scatter"> = {
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
export const gather = (x: Node, rows: Node, attrs: Gather = { axis: 0 }): Node => makeNode(gatherOp, [x, rows], attrs);
