// Operations of graph models that pick, place and count elements, and that make values of a shape.
import { int, string } from "../../export/writer.js";
import { lastOf, type Value } from "../builder.js";
import { elementTypeOf } from "./elementwise.js";
import type { Operation, Row, Rows } from "./node.js";

/** The number of axes that are left where the last axis of indices stands for so many. */
function picked(x: Value, indices: Value): number | undefined {
  const depth = lastOf(indices);
  return x.rank === undefined || indices.rank === undefined || depth === undefined
    ? undefined
    : x.rank + indices.rank - 1 - depth;
}

const gatherNd: Row = (o, x, indices) => {
  o.needs(2);
  return o.add("GatherND", [x, indices], picked(x, indices));
};

const scatterNd: Row = (o, indices, updates, shape) => {
  o.needs(3);
  const rank = shape.weight?.data.length;
  const zeros = o.add("Expand", [o.add("CastLike", [o.builder.number(0), updates], 0), shape], rank);
  return o.add("ScatterND", [zeros, indices, updates], rank, { reduction: string("add") });
};

const update: Row = (o, x, indices, updates) => {
  o.needs(3);
  return o.add("ScatterND", [x, indices, updates], x.rank);
};

const filledWith = (o: Operation, value: Value | undefined, shape: Value, rank: number | undefined): Value =>
  o.add("Expand", [value ?? o.builder.number(0), shape], rank);

/** A default everywhere but at some places; of one axis, a place is a number. */
const sparseToDense: Row = (o, indices, shape, values) => {
  o.needs(3);
  const rank = shape.weight?.data.length;
  // Exporters write it for constants, too, also without any place.
  if (indices.weight?.data.length === 0) return filledWith(o, o.inputs[3], shape, rank);
  const usual = o.inputs[3] ?? o.add("CastLike", [o.builder.number(0), values], 0);
  const places = o.rank(0) === 2 ? indices : o.builder.reshape(indices, [-1, 1], o.path);
  const count = o.builder.slice(o.add("Shape", [places], 1), [0], [0], [1], o.path);
  const given = o.add("Expand", [values, count], 1);
  return o.add("ScatterND", [o.add("Expand", [usual, shape], rank), places, given], rank);
};

/** The largest numbers of the last axis, and where they are. */
const topK: Row = (o, x, count) => {
  o.needs(2);
  const sorted = int(o.settings.flag("sorted", true) ? 1 : 0);
  const list = count.weight === undefined ? o.builder.reshape(count, [1], o.path) : o.builder.list([o.whole(1)]);
  return o.builder.several("TopK", [x, list], [x.rank, x.rank], o.path, { sorted });
};

const oneHot: Row = (o, indices, depth) => {
  o.needs(4);
  const values = o.builder.constant({ dtype: "f32", shape: [2], data: Float32Array.of(o.number(3), o.number(2)) });
  const rank = indices.rank === undefined ? undefined : indices.rank + 1;
  return ofType(o, o.add("OneHot", [indices, depth, values], rank, { axis: int(-1) }));
};

/** A value as elements of the operation's type. */
const ofType = (o: Operation, x: Value): Value =>
  o.settings.has("T") ? o.add("Cast", [x], x.rank, { to: int(elementTypeOf(o, "T")) }) : x;

/** A number everywhere, in a shape that is given. */
const filled =
  (value: number): Row =>
  (o, shape) =>
    ofType(o, o.add("Expand", [o.builder.number(value), shape], shape.weight?.data.length));

/** A number everywhere, in the shape and type of another value. */
const like =
  (value: number): Row =>
  (o, x) => {
    const number = o.add("CastLike", [o.builder.number(value), x], 0);
    return o.add("Expand", [number, o.add("Shape", [x], 1)], x.rank);
  };

const evenlySpaced: Row = (o) => {
  const [start, stop, count] = [o.number(0), o.number(1), o.whole(2)];
  if (!(count >= 1 && count <= MOST)) o.place.damaged(`has ${count} numbers, expected 1 to ${MOST}`);
  const step = count === 1 ? 0 : (stop - start) / (count - 1);
  const data = Float32Array.from({ length: count }, (_, i) => start + i * step);
  return o.builder.constant({ dtype: "f32", shape: [count], data });
};
const MOST = 2 ** 20;

const reverseAxes = (o: Operation, x: Value, axes: readonly number[]): Value => {
  const all = axes.map(() => -1);
  return axes.length === 0
    ? x
    : o.builder.slice(
        x,
        axes,
        all,
        axes.map(() => undefined),
        o.path,
        all,
      );
};

/** Truths say which axes are turned around. */
const reverse: Row = (o, x) => {
  o.needs(2);
  const turns =
    o.weight(1)?.data ?? o.place.refuse("has axes (input 1) that the network computes; they must be constants");
  return reverseAxes(
    o,
    x,
    [...turns].flatMap((turned, axis) => (turned === 0 ? [] : [axis])),
  );
};

const cumSum: Row = (o, x, axis) => {
  o.needs(2);
  const [exclusive, reversed] = ["exclusive", "reverse"].map((name) => int(o.settings.flag(name, false) ? 1 : 0));
  return o.add("CumSum", [x, axis], x.rank, { exclusive, reverse: reversed });
};

/** What is at most `lower` places below the diagonal, and at most `upper` above it; all of it for a negative number. */
const band: Row = (o, x) => {
  const [lower, upper] = [o.whole(1), o.whole(2)];
  const cut = (v: Value, offset: number, keepsUpper: number): Value =>
    o.add("Trilu", [v, o.builder.constant({ dtype: "i32", shape: [], data: Int32Array.of(offset) })], x.rank, {
      upper: int(keepsUpper),
    });
  const below = lower < 0 ? x : cut(x, -lower, 1);
  return upper < 0 ? below : cut(below, upper, 0);
};

/** The size of an axis, as a list of one. */
const sizeAt = (o: Operation, shape: Value, axis: number): Value =>
  o.builder.slice(shape, [0], [axis], [axis + 1], o.path);

/** The numbers of a table of pairs, an axis in each row. */
const pairsOf = (o: Operation, input: number): (readonly [number, number])[] => {
  const flat = o.wholes(input);
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]] as const);
};

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Sizes as a list: numbers, and lists of one that the network computes. */
const joined = (o: Operation, parts: readonly (number | Value)[]): Value =>
  o.builder.concat(
    parts.map((part) => (typeof part === "number" ? { name: o.builder.list([part]), rank: 1 } : part)),
    0,
    o.path,
  );

/** Blocks of places become samples: places i, i + block, i + 2 · block … are those of one sample. */
const spaceToBatch: Row = (o, x) => {
  const [block, rank] = [o.wholes(1), o.rank(0)];
  const pairs = pairsOf(o, 2);
  const all = range(0, rank).map((axis) => pairs[axis - 1] ?? ([0, 0] as const));
  const padded = o.builder.pad(x, all, 0, "constant", o.path);
  const shape = o.add("Shape", [padded], 1);
  const size = (axis: number): Value => sizeAt(o, shape, axis);
  const inBlocks = block.map((b, i) => o.add("Div", [size(i + 1), o.builder.list([b])], 1));
  const rest = range(block.length + 1, rank).map(size);
  const split = o.add(
    "Reshape",
    [padded, joined(o, [size(0), ...inBlocks.flatMap((n, i) => [n, block[i]]), ...rest])],
    rank + block.length,
  );
  const [places, offsets] = [block.map((_, i) => 1 + 2 * i), block.map((_, i) => 2 + 2 * i)];
  const turned = o.builder.permute(
    split,
    [...offsets, 0, ...places, ...range(2 * block.length + 1, rank + block.length)],
    o.path,
  );
  return o.add("Reshape", [turned, joined(o, [-1, ...inBlocks, ...rest])], rank);
};

/** The same backwards. */
const batchToSpace: Row = (o, x) => {
  const [block, rank] = [o.wholes(1), o.rank(0)];
  const shape = o.add("Shape", [x], 1);
  const sizes = range(1, rank).map((axis) => sizeAt(o, shape, axis));
  const split = o.add("Reshape", [x, joined(o, [...block, -1, ...sizes])], rank + block.length);
  const k = block.length;
  const order = [k, ...block.flatMap((_, i) => [k + 1 + i, i]), ...range(2 * k + 1, rank + k)];
  const turned = o.builder.permute(split, order, o.path);
  const grown = block.map((b, i) => o.add("Mul", [sizes[i], o.builder.list([b])], 1));
  const whole = o.add("Reshape", [turned, joined(o, [-1, ...grown, ...sizes.slice(k)])], rank);
  const crops = pairsOf(o, 2).map((pair, i) => [i + 1, ...pair] as const);
  const cut = crops.filter(([, before, after]) => before !== 0 || after !== 0);
  if (cut.length === 0) return whole;
  return o.builder.slice(
    whole,
    cut.map(([axis]) => axis),
    cut.map(([, before]) => before),
    cut.map(([, , after]) => (after === 0 ? undefined : -after)),
    o.path,
  );
};

export const PICKS: Rows = {
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  TensorScatterUpdate: update,
  SparseToDense: sparseToDense,
  TopKV2: topK,
  OneHot: oneHot,
  Zeros: filled(0),
  Ones: filled(1),
  ZerosLike: like(0),
  OnesLike: like(1),
  LinSpace: evenlySpaced,
  Reverse: reverse,
  ReverseV2: (o, x) => reverseAxes(o, x, o.wholes(1)),
  Cumsum: cumSum,
  MatrixBandPart: band,
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
};
