import { broadcastMap } from "../../base/affine.js";
import { ShapeError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { makeNode, type Node, type Op } from "../node.js";
import { contract } from "./contract.js";
import { apply, boolToFloat, intEq } from "./elementwise.js";
import { reshape, view } from "./movement.js";
import { index } from "./source.js";

/** `y[i, …] = x[rows[i], …]` for indices of any shape; a row outside x is taken as the nearest one inside. */
export const gatherOp: Op<undefined> = {
  name: "gather",
  kind: "gather",
  infer([x, rows]) {
    if (rows.dtype !== "i32" && rows.dtype !== "u8") {
      throw new ShapeError(`gather: indices are ${rows.dtype}, expected i32; convert them first`);
    }
    if (x.shape.length === 0) throw new ShapeError("gather: a single number has no rows");
    return { shape: [...rows.shape, ...x.shape.slice(1)], dtype: x.dtype };
  },
  evaluate([x, rows], _, type) {
    const width = sizeOf(x.shape.slice(1));
    const data = new Float64Array(sizeOf(type.shape));
    rows.data.forEach((r, i) => {
      const row = Math.min(Math.max(r, 0), x.shape[0] - 1);
      data.set(x.data.subarray(row * width, (row + 1) * width), i * width);
    });
    return { shape: type.shape, data };
  },
  // Rows that were taken several times add up: a product with the one-hot matrix of the indices.
  grad({ inputs: [x, rows] }, dy) {
    const count = sizeOf(rows.shape);
    const flat = reshape(rows, [count, 1]);
    const shape = [count, x.shape[0]];
    const columns = view(index([x.shape[0]]), broadcastMap([x.shape[0]], shape));
    const hot = apply(boolToFloat, apply(intEq, view(flat, broadcastMap(flat.shape, shape)), columns));
    const width = sizeOf(x.shape.slice(1));
    const byRow = contract(hot, reshape(dy, [count, width]), { a: ["i", "r"], b: ["i", "w"], out: ["r", "w"] });
    return [reshape(byRow, x.shape), undefined];
  },
};

export const gather = (x: Node, rows: Node): Node => makeNode(gatherOp, [x, rows], undefined);
