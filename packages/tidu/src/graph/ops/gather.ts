import { broadcastMap } from "../../base/affine.js";
import { ShapeError } from "../../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../../base/shape.js";
import { makeNode, type Node, type Op } from "../node.js";
import { contract } from "./contract.js";
import { apply, boolToFloat, intEq } from "./elementwise.js";
import { reshape, view } from "./movement.js";
import { index } from "./source.js";

export interface Gather {
  /** The axis of x that the rows are counted along. */
  readonly axis: number;
  /** Whether every row is known to exist. */
  readonly inside: boolean;
}

/**
 * `y[…, i, …] = x[…, rows[i], …]` along one axis, for indices of any shape; a row that does not exist reads as zeros.
 * A third input may give the inverse of a list of indices: for each row of x the one i that takes it, or -1; the gradient is then a gather,
 * too. Without it rows that were taken several times add up, by a product with the one-hot matrix of the indices.
 */
export const gatherOp: Op<Gather> = {
  name: "gather",
  kind: "gather",
  infer([x, rows, inverse], { axis }) {
    for (const indices of inverse === undefined ? [rows] : [rows, inverse]) {
      if (indices.dtype !== "i32" && indices.dtype !== "u8") {
        throw new ShapeError(`gather: indices are ${indices.dtype}, expected i32; convert them first`);
      }
    }
    if (axis >= x.shape.length) throw new ShapeError(`gather: axis ${axis} does not exist in ${formatShape(x.shape)}`);
    return { shape: [...x.shape.slice(0, axis), ...rows.shape, ...x.shape.slice(axis + 1)], dtype: x.dtype };
  },
  grad({ inputs: [x, rows, inverse], attrs: { axis, inside } }, dy) {
    if (inverse !== undefined) return [gather(dy, inverse, { axis, inside: !inside }, rows), undefined, undefined];
    return [addRows(x.shape, rows, axis, dy), undefined];
  },
  key: ({ axis, inside }) => `${axis}${inside}`,
};

/** Zeros of `shape` to which dy's rows are added at their places. */
function addRows(shape: Shape, rows: Node, axis: number, dy: Node): Node {
  const count = sizeOf(rows.shape);
  const flat = reshape(rows, [count, 1]);
  const hotShape = [count, shape[axis]];
  const columns = view(index([shape[axis]]), broadcastMap([shape[axis]], hotShape));
  const hot = apply(boolToFloat, apply(intEq, view(flat, broadcastMap(flat.shape, hotShape)), columns));
  const [before, after] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  const byRow = contract(hot, reshape(dy, [before, count, after]), {
    a: ["i", "r"],
    b: ["p", "i", "q"],
    out: ["p", "r", "q"],
  });
  return reshape(byRow, shape);
}

export const gather = (x: Node, rows: Node, attrs: Partial<Gather> = {}, inverse?: Node): Node =>
  makeNode(gatherOp, inverse === undefined ? [x, rows] : [x, rows, inverse], { axis: 0, inside: false, ...attrs });
