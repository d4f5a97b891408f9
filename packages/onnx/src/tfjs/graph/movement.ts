// Operations of graph models that reduce, move, join and cut.
import { int } from "../../export/writer.js";
import { lastOf, type Value } from "../builder.js";
import type { Operation, Row, Rows } from "./node.js";

const same: Row = (_, x) => x;

const reduce =
  (op: string): Row =>
  (o, x) => {
    const axes = o.wholes(1);
    const keep = o.settings.flag("keep_dims", false);
    return o.builder.reduce(op, x, axes, keep, o.path);
  };

/** Reduces truths as the numbers 0 and 1. */
const reduceTruths =
  (op: string): Row =>
  (o, x) => {
    const numbers = o.add("Cast", [x], x.rank, { to: int(INT32) });
    const reduced = o.builder.reduce(op, numbers, o.wholes(1), o.settings.flag("keep_dims", false), o.path);
    return o.add("Cast", [reduced], reduced.rank, { to: int(BOOL) });
  };
const [INT32, BOOL] = [6, 9];

const place =
  (op: string): Row =>
  (o, x) => {
    const rank = x.rank === undefined ? undefined : x.rank - 1;
    return o.add(op, [x], rank, { axis: int(o.whole(1)), keepdims: int(0) });
  };

/** Sizes may be computed from others, as exporters do for the batch. */
const reshape: Row = (o, x, shape) => {
  o.needs(2);
  const { weight } = shape;
  return weight === undefined
    ? o.add("Reshape", [x, shape], lastOf(shape))
    : o.builder.reshape(x, [...weight.data], o.path);
};

const squeeze: Row = (o, x) => {
  const axes = o.settings.has("squeeze_dims") ? o.settings.numbers("squeeze_dims") : [];
  return axes.length === 0 ? o.add("Squeeze", [x], undefined) : o.builder.squeeze(x, axes, o.path);
};

const join = (o: Operation, parts: readonly Value[], axis: number): Value => o.builder.concat(parts, axis, o.path);

const concatLast: Row = (o, ...x) => join(o, x.slice(0, -1), o.whole(x.length - 1));
const concatFirst: Row = (o, ...x) => join(o, x.slice(1), o.whole(0));

const pack: Row = (o, ...x) => {
  const axis = o.settings.whole("axis", 0);
  const at = axis < 0 ? o.axis(axis, 0, 1) : axis;
  return join(
    o,
    x.map((v) => o.builder.unsqueeze(v, at, o.path)),
    at,
  );
};

const unpack: Row = (o, x) => {
  const axis = o.settings.whole("axis", 0);
  const sizes = new Array<number>(o.settings.whole("num", 1)).fill(1);
  return o.builder.split(x, sizes, axis, o.path).map((part) => o.builder.squeeze(part, [axis], o.path));
};

/** Equal parts are those of the network's own axis, whose size only it knows. */
const split: Row = (o, _, x) => {
  o.needs(2);
  const count = o.settings.whole("num_split", 1);
  if (count < 1) o.place.damaged(`has ${count} parts`);
  return o.builder.parts(x, count, o.whole(0), o.path);
};

const splitBySizes: Row = (o, x) => o.builder.split(x, o.wholes(1), o.whole(2), o.path);

const slice: Row = (o, x) => {
  const [starts, sizes] = [o.wholes(1), o.wholes(2)];
  const ends = sizes.map((size, i) => (size < 0 ? undefined : starts[i] + size));
  return o.builder.slice(
    x,
    starts.map((_, i) => i),
    starts,
    ends,
    o.path,
  );
};

/** Python's x[a:b:c, ..., d]: masks say which entries are whole axes, new ones or single elements. */
const stridedSlice: Row = (o, x) => {
  o.needs(4);
  const [begin, end, steps] = [o.wholes(1), o.wholes(2), o.wholes(3)];
  const mask = (name: string) => (i: number) => ((o.settings.whole(name, 0) >> i) & 1) === 1;
  const [fromStart, toEnd, isRest, isNew, isOne] = ["begin", "end", "ellipsis", "new_axis", "shrink_axis"].map((name) =>
    mask(`${name}_mask`),
  );
  const cuts: { axis: number; start: number; end: number | undefined; step: number }[] = [];
  const [gone, added]: [number[], number[]] = [[], []];
  let axis = 0;
  for (let i = 0; i < begin.length; i++) {
    if (isRest(i)) {
      const after = begin.filter((_, k) => k > i && !isNew(k)).length;
      axis = o.rank(0) - after;
    } else if (isNew(i)) {
      added.push(axis - gone.length + added.length);
    } else {
      const step = steps[i];
      const start = fromStart(i) && !isOne(i) ? (step < 0 ? -1 : 0) : begin[i];
      const one = start === -1 ? undefined : start + 1;
      cuts.push({ axis, start, end: isOne(i) ? one : toEnd(i) ? undefined : end[i], step: isOne(i) ? 1 : step });
      if (isOne(i)) gone.push(axis);
      axis++;
    }
  }
  const list = <K extends keyof (typeof cuts)[0]>(key: K) => cuts.map((cut) => cut[key]);
  const cut =
    cuts.length === 0 ? x : o.builder.slice(x, list("axis"), list("start"), list("end"), o.path, list("step"));
  const less = gone.length === 0 ? cut : o.builder.squeeze(cut, gone, o.path);
  return added.reduce((v, at) => o.builder.unsqueeze(v, at, o.path), less);
};

const pad =
  (mode: string): Row =>
  (o, x) => {
    const flat = o.wholes(1);
    const pairs = Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]] as const);
    const symmetric = mode === "reflect" && o.settings.word<string>("mode", "REFLECT") !== "REFLECT";
    if (symmetric) return o.place.refuse("mirrors the border itself (SYMMETRIC), expected REFLECT");
    return o.builder.pad(x, pairs, o.inputs.length > 2 && mode === "constant" ? o.number(2) : 0, mode, o.path);
  };

const gather: Row = (o, x, rows) => {
  o.needs(2);
  if (o.settings.whole("batch_dims", 0) !== 0) o.place.refuse("has batch_dims, expected 0");
  const rank = x.rank === undefined || rows.rank === undefined ? undefined : x.rank + rows.rank - 1;
  return o.add("Gather", [x, rows], rank, { axis: int(o.inputs.length > 2 ? o.whole(2) : 0) });
};

const fill: Row = (o, sizes, value) => {
  o.needs(2);
  return o.add("Expand", [value, sizes], sizes.weight?.data.length);
};

export const MOVEMENT: Rows = {
  Identity: same,
  StopGradient: same,
  PreventGradient: same,
  Snapshot: same,
  CheckNumerics: same,
  EnsureShape: same,
  PlaceholderWithDefault: same,
  FakeQuantWithMinMaxVars: same,
  Print: same,
  IdentityN: (_, ...x) => x,
  Mean: reduce("ReduceMean"),
  Sum: reduce("ReduceSum"),
  Max: reduce("ReduceMax"),
  Min: reduce("ReduceMin"),
  Prod: reduce("ReduceProd"),
  EuclideanNorm: reduce("ReduceL2"),
  All: reduceTruths("ReduceMin"),
  Any: reduceTruths("ReduceMax"),
  ArgMax: place("ArgMax"),
  ArgMin: place("ArgMin"),
  Reshape: reshape,
  Squeeze: squeeze,
  ExpandDims: (o, x) => o.builder.unsqueeze(x, o.axis(o.whole(1), 0, 1), o.path),
  Transpose: (o, x) => o.builder.permute(x, o.wholes(1), o.path),
  Concat: concatFirst,
  ConcatV2: concatLast,
  Pack: pack,
  Unpack: unpack,
  Split: split,
  SplitV: splitBySizes,
  Slice: slice,
  StridedSlice: stridedSlice,
  Pad: pad("constant"),
  PadV2: pad("constant"),
  MirrorPad: pad("reflect"),
  Tile: (o, x, times) => {
    o.needs(2);
    return o.add("Tile", [x, times], x.rank);
  },
  Shape: (o, x) => ({ ...o.add("Shape", [x], 1), last: x.rank }),
  ShapeN: (o, ...x) => x.map((v) => o.add("Shape", [v], 1)),
  Size: (o, x) => o.add("Size", [x], 0),
  Rank: (o) => o.builder.constant({ dtype: "i32", shape: [], data: Int32Array.of(o.rank(0)) }),
  BroadcastTo: (o, x, sizes) => {
    o.needs(2);
    return o.add("Expand", [x, sizes], sizes.weight?.data.length);
  },
  Gather: gather,
  GatherV2: gather,
  Fill: fill,
  Range: (o, start, end, step) => {
    o.needs(3);
    return o.add("Range", [start, end, step], 1);
  },
};
