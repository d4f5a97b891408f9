// What an operation that changes nothing returns of a variable is the value that it has now, not the variable.
import { expect, it } from "vitest";
import * as tidu from "../../packages/tidu/src/index.js";
import { nn, type Tensor, tensor, Variable } from "../../packages/tidu/src/index.js";

const { at, chunk, clip, concat, einsum, interpolate, pad, recompute, roll, split, stack, tile } = tidu;
const from = [
  [1, 2],
  [3, 4],
];

const OPERATIONS: Record<string, (x: Tensor) => Tensor> = {
  to: (x) => x.to("f32"),
  toFloat: (x) => x.toFloat(),
  reshape: (x) => x.reshape([2, 2]),
  flatten: (x) => x.flatten(1),
  broadcastTo: (x) => x.broadcastTo([2, 2]),
  permute: (x) => x.permute([0, 1]),
  slice: (x) => x.slice(0, 0),
  pad: (x) =>
    x.pad([
      [0, 0],
      [0, 0],
    ]),
  "pad by a mode": (x) =>
    pad(
      x,
      [
        [0, 0],
        [0, 0],
      ],
      { mode: "reflect" },
    ),
  flip: (x) => x.flip([]),
  sum: (x) => x.sum([]),
  max: (x) => x.max([]),
  detach: (x) => x.detach(),
  add: (x) => x.add(0),
  mul: (x) => x.mul(1),
  pow: (x) => x.pow(1),
  clip: (x) => clip(x, -9, 99),
  concat: (x) => concat([x]),
  stack: (x) => stack([x]).squeeze(0),
  split: (x) => split(x, 2)[0],
  chunk: (x) => chunk(x, 1)[0],
  tile: (x) => tile(x, [1, 1]),
  roll: (x) => roll(x, [2, 0], [0, 1]),
  "roll of no axes": (x) => roll(x, [], []),
  at: (x) => at(x, ":"),
  "at of nothing": (x) => at(x),
  einsum: (x) => einsum("ij->ij", x),
  interpolate: (x) => interpolate(x.reshape([1, 1, 2, 2]), { size: [2, 2] }).reshape([2, 2]),
  recompute: (x) => recompute(() => x),
  dropout: (x) => nn.dropout(0).forward(x),
  "dropout that only predicts": (x) => nn.dropout(0.5).eval().forward(x),
  "channels' dropout": (x) => nn.dropout(0.5, { drop: "channels" }).eval().forward(x),
  alphaDropout: (x) => nn.alphaDropout(0.5).eval().forward(x),
  dropPath: (x) => nn.dropPath(0.5).eval().forward(x),
  sequential: (x) => nn.sequential(nn.dropout(0), nn.flatten()).forward(x),
};

it.each(Object.entries(OPERATIONS))("%s", async (_, operation) => {
  const x = new Variable(tensor(from));
  const before = operation(x);
  expect(before).not.toBe(x);
  x.assign(tensor(from).mul(10));
  expect(await before.array()).toEqual(from);
});
