// How gradients flow through ops that move values.
import { sliceMap } from "../../base/affine.js";
import {
  concatOp,
  gather,
  gatherOp,
  reshape,
  reshapeOp,
  scatter,
  scatterOp,
  startsOf,
  unview,
  unviewOp,
  view,
  viewOp,
} from "../../graph/ops/index.js";
import { type Ruled, rule } from "./rule.js";

export const MOVES: readonly Ruled[] = [
  rule(viewOp, ({ attrs }, dy) => [unview(dy, attrs)]),
  rule(unviewOp, ({ attrs }, dy) => [view(dy, attrs)]),
  rule(reshapeOp, ({ inputs: [x] }, dy) => [reshape(dy, x.shape)]),
  rule(concatOp, ({ inputs, attrs: { axis } }, dy) =>
    startsOf(inputs, axis).map((start, i) => view(dy, sliceMap(dy.shape, inputs[i].shape, start))),
  ),
  // Rows that were taken several times add up.
  rule(gatherOp, ({ inputs: [x, rows], attrs: { axis } }, dy) => [
    scatter(dy, rows, { axis, size: x.shape[axis] }),
    undefined,
  ]),
  rule(scatterOp, ({ inputs: [, rows], attrs: { axis } }, dy) => [gather(dy, rows, { axis }), undefined]),
];
