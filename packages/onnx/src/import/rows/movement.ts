// Operations that move elements: reshapes, joins, cuts.
import { concat, full, type Tensor } from "tidu";
import { broadcastShapes, normalizeAxis, sizeOf } from "tidu/internal";
import { MOST_AXES } from "../../proto/tensor.js";
import { isEmpty, knownTensor } from "../known.js";
import { axesOf, listOf, numbersIn } from "../lists.js";
import type { Row, Rows } from "../node.js";
import { isWhole } from "../numbers.js";
import { given } from "./arithmetic.js";
import { pad } from "./pad.js";

/** A size of 0 stands for the input's own, unless zeros are allowed. */
const reshape: Row = (node) => {
  node.needs(1);
  node.takesEmpty = true;
  const zeros = node.int("allowzero", 0) !== 0;
  const given = listOf(node, "shape");
  return (x, shape) => {
    const sizes = given(shape) ?? node.damaged("has no shape");
    return x.reshape(sizes.map((d, i) => (d === 0 && !zeros ? (x.shape[i] ?? 0) : d)));
  };
};

const transpose: Row = (node) => {
  node.needs(1);
  const order = node.ints("perm");
  return (x) => x.permute(order ?? x.shape.map((_, i) => x.rank - 1 - i));
};

/** Without axes all of size 1 are removed; an empty list of axes removes none. */
const squeeze: Row = (node) => {
  node.needs(1);
  node.lists(1);
  const axes = axesOf(node);
  return (x, given) => {
    const chosen = axes(given, x.rank) ?? x.shape.flatMap((d, i) => (d === 1 ? [i] : []));
    const wrong = chosen.find((axis) => x.shape[axis] !== 1);
    if (wrong !== undefined) node.damaged(`removes axis ${wrong}, which has size ${x.shape[wrong]}, expected 1`);
    return x.reshape(x.shape.filter((_, i) => !chosen.includes(i)));
  };
};

const unsqueeze: Row = (node) => {
  node.needs(1);
  node.lists(1);
  const axes = listOf(node, "axes");
  return (x, given) => {
    const added = axes(given) ?? node.damaged("has no axes");
    const rank = x.rank + added.length;
    if (rank > MOST_AXES) node.refuse(`makes ${rank} axes; at most ${MOST_AXES} are allowed`);
    const at = new Set(added.map((axis) => normalizeAxis("axes", axis, rank)));
    const sizes = [...x.shape];
    return x.reshape(Array.from({ length: rank }, (_, i) => (at.has(i) ? 1 : (sizes.shift() ?? 1))));
  };
};

const join: Row = (node) => {
  node.needs(1);
  node.takesEmpty = true;
  const axis = node.int("axis", node.opset < 4 ? 1 : 0);
  return (...parts) => {
    const full = given(parts).filter((x) => !isEmpty(x));
    return full.length === 0 ? parts[0] : concat(full, axis);
  };
};

const expand: Row = (node) => {
  node.needs(2);
  node.lists(1);
  return (x, shape) => x.broadcastTo(broadcastShapes("Expand", x.shape, numbersIn(node, "shape", shape)));
};

/** Every `step`-th element from `start` on, before `end`; negative numbers count from the end. */
function cut(x: Tensor, axis: number, start: number, end: number, step: number): Tensor {
  const size = x.shape[axis];
  // Walking backwards is walking forwards in the flipped tensor.
  if (step < 0) {
    const mirror = (at: number): number => size - 1 - (at < 0 ? Math.max(at + size, -1) : at);
    return cut(x.flip(axis), axis, Math.max(mirror(start), 0), Math.max(mirror(end), 0), -step);
  }
  const place = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
  // A list of sizes may be empty.
  if (x.rank === 1 && place(start) >= place(end)) return knownTensor([], [0], isWhole(x) ? "i32" : "f32");
  return x.slice(axis, place(start), place(end), step);
}

const slice: Row = (node) => {
  node.needs(1);
  node.lists(1, 2, 3, 4);
  const [starts, ends, axes] = [listOf(node, "starts"), listOf(node, "ends"), listOf(node, "axes")];
  return (x, from, to, along, by) => {
    const first = starts(from) ?? node.damaged("has no starts");
    const last = ends(to) ?? node.damaged("has no ends");
    const chosen = axes(along) ?? first.map((_, i) => i);
    const steps = by === undefined ? first.map(() => 1) : numbersIn(node, "steps", by);
    if (last.length !== first.length || chosen.length !== first.length || steps.length !== first.length) {
      node.damaged("has lists of different lengths");
    }
    return chosen.reduce((y, axis, i) => {
      return cut(y, normalizeAxis("axes", axis, y.rank), first[i], last[i], steps[i]);
    }, x);
  };
};

/** Equal parts, unless their sizes are given. */
const split: Row = (node) => {
  node.needs(1);
  const axis = node.int("axis", 0);
  const attribute = node.ints("split");
  node.ignore("num_outputs");
  const count = node.proto.output.length;
  node.results = count;
  return (x, given) => {
    const at = normalizeAxis("axis", axis, x.rank);
    const equal = new Array<number>(count).fill(Math.ceil(x.shape[at] / count));
    const sizes = given === undefined ? (attribute ?? equal) : numbersIn(node, "split", given, count);
    if (sizes.length !== count) node.damaged(`has ${sizes.length} sizes for ${count} outputs`);
    let start = 0;
    return sizes.map((size) => x.slice(at, start, Math.min((start += size), x.shape[at])));
  };
};

const shape: Row = (node) => {
  node.needs(1);
  const [start, end] = [node.int("start", 0), node.int("end", MOST_AXES)];
  return ({ shape }) => {
    const sizes = shape.slice(start, end);
    return knownTensor(sizes, [sizes.length], "i32");
  };
};

const constantOfShape: Row = (node) => {
  node.needs(1);
  node.lists(0);
  const value = node.tensor("value");
  const isFloat = value === undefined || value.data instanceof Float32Array || value.dtype === "f64";
  const number = Number(value?.data[0] ?? 0);
  return (sizes) => {
    const shape = numbersIn(node, "shape", sizes);
    const dtype = isFloat ? "f32" : value.dtype === "bool" ? "bool" : "i32";
    return shape.includes(0) ? knownTensor([], shape, dtype) : full(shape, number).to(dtype);
  };
};

/** Every element repeated as a block. */
const tile: Row = (node) => {
  node.needs(2);
  node.lists(1);
  return (x, repeats) => {
    const times = numbersIn(node, "repeats", repeats);
    if (times.length !== x.rank) node.damaged(`has ${times.length} repeats for ${x.rank} axes`);
    const pairs = (f: (size: number, i: number) => number[]) => x.shape.flatMap(f);
    return x
      .reshape(pairs((size) => [1, size]))
      .broadcastTo(pairs((size, i) => [times[i], size]))
      .reshape(x.shape.map((size, i) => size * times[i]));
  };
};

/** Channels become blocks of places, [block, block, channel] or (CRD) [channel, block, block]. */
const depthToSpace: Row = (node) => {
  node.needs(1);
  const [b, mode] = [node.int("blocksize", 1), node.text("mode", "DCR")];
  return (x) => {
    const [n, c, h, w] = x.shape;
    const depth = c / b ** 2;
    const split = mode === "CRD" ? x.reshape([n, depth, b, b, h, w]) : x.reshape([n, b, b, depth, h, w]);
    return split.permute(mode === "CRD" ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]).reshape([n, depth, h * b, w * b]);
  };
};

const spaceToDepth: Row = (node) => {
  node.needs(1);
  const b = node.int("blocksize", 1);
  return (x) => {
    const [n, c, h, w] = x.shape;
    const split = x.reshape([n, c, h / b, b, w / b, b]);
    return split.permute([0, 3, 5, 1, 2, 4]).reshape([n, c * b * b, h / b, w / b]);
  };
};

/** Cuts and pads axes to given sizes around their middles. */
const centerCropPad: Row = (node) => {
  node.needs(2);
  const axes = axesOf(node);
  return (x, sizes) => {
    const wanted = numbersIn(node, "shape", sizes);
    const chosen = axes(undefined, x.rank) ?? x.shape.map((_, i) => i);
    return chosen.reduce((y, axis, i) => {
      const [size, target] = [y.shape[axis], wanted[i]];
      const start = Math.floor(Math.abs(size - target) / 2);
      if (target <= size) return y.slice(axis, start, start + target);
      return y.pad(y.shape.map((_, a) => (a === axis ? [start, target - size - start] : [0, 0])));
    }, x);
  };
};

export const flatten: Row = (node) => {
  node.needs(1);
  const axis = node.int("axis", 1);
  return (x) => {
    const at = axis < 0 ? axis + x.rank : Math.min(axis, x.rank);
    return x.reshape([sizeOf(x.shape.slice(0, at)), sizeOf(x.shape.slice(at))]);
  };
};

export const MOVEMENT: Rows = {
  Reshape: reshape,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: join,
  Expand: expand,
  Slice: slice,
  Split: split,
  Pad: pad,
  Shape: shape,
  ConstantOfShape: constantOfShape,
  Size: (node) => {
    node.needs(1);
    return ({ size }) => knownTensor([size], [], "i32");
  },
  Tile: tile,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  CenterCropPad: centerCropPad,
};
