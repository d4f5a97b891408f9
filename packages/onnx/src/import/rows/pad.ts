// ONNX's Pad.
import { concat, type Tensor } from "tidu";
import { MOST_AXES } from "../../proto/tensor.js";
import { border, type Widths } from "../border.js";
import { knownOf } from "../known.js";
import { axesOf, listOf } from "../lists.js";
import type { Row } from "../node.js";

/** The filling of `count` places before or after the elements of an axis. */
type Fill = (x: Tensor, axis: number, count: number, isBefore: boolean) => Tensor;

const MODES = new Map<string, Fill>([
  [
    "wrap",
    (x, axis, count, isBefore) => {
      const size = x.shape[axis];
      return isBefore ? x.slice(axis, size - count, size) : x.slice(axis, 0, count);
    },
  ],
  [
    "reflect",
    (x, axis, count, isBefore) => {
      const start = isBefore ? 1 : x.shape[axis] - 1 - count;
      return x.slice(axis, start, start + count).flip(axis);
    },
  ],
  [
    "edge",
    (x, axis, count, isBefore) => {
      const at = isBefore ? 0 : x.shape[axis] - 1;
      return x.slice(axis, at, at + 1).broadcastTo(x.shape.map((size, i) => (i === axis ? count : size)));
    },
  ],
]);

/** Before opset 11 the widths and the value were attributes. */
export const pad: Row = (node) => {
  node.needs(1);
  const mode = node.text("mode", "constant");
  const fill = MODES.get(mode);
  if (fill === undefined && mode !== "constant") {
    node.refuse(`has mode ${mode}, expected constant, ${[...MODES.keys()].join(" or ")}`);
  }
  const pads = listOf(node, "pads", 2 * MOST_AXES);
  const standard = node.float("value", 0);
  const axes = axesOf(node);
  return (x, widths, value, along) => {
    const list = pads(widths) ?? node.damaged("has no pads");
    const chosen = axes(along, x.rank) ?? x.shape.map((_, i) => i);
    if (list.length !== 2 * chosen.length) node.damaged(`has ${list.length} widths for ${chosen.length} axes`);
    const all = x.shape.map((_, axis) => {
      const i = chosen.indexOf(axis);
      return i < 0 ? ([0, 0] as const) : ([list[i], list[i + chosen.length]] as const);
    });
    const kept = all.reduce((y, [before, after], axis) => {
      return before < 0 || after < 0 ? y.slice(axis, Math.max(-before, 0), y.shape[axis] + Math.min(after, 0)) : y;
    }, x);
    const added = all.map(([before, after]) => [Math.max(before, 0), Math.max(after, 0)] as const);
    if (fill !== undefined) return repeat(kept, added, fill);
    const filler = value === undefined ? standard : (knownOf(value)?.data[0] ?? value.reshape([]));
    return border(kept, added, filler).to(x.dtype);
  };
};

const repeat = (x: Tensor, widths: Widths, fill: Fill): Tensor =>
  widths.reduce((y, [before, after], axis) => {
    const parts = [
      ...(before > 0 ? [fill(y, axis, before, true)] : []),
      y,
      ...(after > 0 ? [fill(y, axis, after, false)] : []),
    ];
    return concat(parts, axis);
  }, x);
