// PyTorch's operations as calls of Tidu: what `op_db`'s samples are run with. generator/op_db.py reads the names here.
import * as td from "./tidu.js";

const { nn, loss } = td;
type Tensor = td.Tensor;

/** A sample asks for what Tidu has no option for; it is left out. */
export class Missing extends Error {}
const missing = (what: string): never => {
  throw new Missing(what);
};

/** An argument; of several tensors a list. */
// biome-ignore lint/suspicious/noExplicitAny: what PyTorch's functions take is known by their names alone
export type Value = any;

/** The arguments behind the first: by place, or by name. */
export class Given {
  readonly #left: Set<string>;

  constructor(
    readonly type: "f32" | "i32" | "bool",
    readonly args: readonly Value[],
    readonly named: Readonly<Record<string, Value>>,
  ) {
    this.#left = new Set([...args.map((_, i) => `argument ${i}`), ...Object.keys(named)]);
  }

  /** The argument at a place, or of a name; `otherwise` where it is not given or None. */
  get(place: number, name: string, otherwise?: Value): Value {
    const has = place < this.args.length;
    this.#left.delete(has ? `argument ${place}` : name);
    return (has ? this.args[place] : this.named[name]) ?? otherwise;
  }

  /** A named argument that must be as usual. */
  usual(name: string, usual: Value, says = `there is no ${name}`): void {
    if (this.get(Number.POSITIVE_INFINITY, name, usual) !== usual) missing(says);
  }

  /** All arguments by place from one on. */
  rest(from = 0): Value[] {
    return this.args.slice(from).map((_, i) => this.get(from + i, ""));
  }

  /** Nothing of what is given is passed over. */
  finish(): void {
    for (const name of this.#left) missing(`there is no ${name}`);
  }
}

type Result = Tensor | readonly Tensor[];
type Operation = (x: Value, given: Given) => Result | Promise<Result>;

const TRUTHS = "truths are no numbers: to() makes them some";
const count = (n: number): number => (n > 0 ? n : missing("the number of classes is told"));
const INFINITE = Number.POSITIVE_INFINITY;
const scalar = (x: Tensor): void => {
  if (x.rank === 0) missing("a single number has no axes");
};
const tensorOf = (x: Tensor | number | boolean): Tensor =>
  x instanceof td.Tensor ? x : typeof x === "boolean" ? td.tensor(x) : td.tensor(x as number);

const unary =
  (f: (x: Tensor) => Tensor): Operation =>
  (x) =>
    f(x);
/** Of two tensors, or of a tensor and a number. */
const binary =
  (f: (x: Tensor, y: Tensor | number) => Tensor): Operation =>
  (x, g) =>
    f(tensorOf(x), g.get(0, "other"));
const numbers =
  (f: (x: Tensor, y: Tensor | number) => Tensor): Operation =>
  (x, g) => {
    if (g.type === "bool") missing(TRUTHS);
    g.usual("alpha", 1);
    return f(tensorOf(x), g.get(0, "other"));
  };
const truth = (x: Tensor): Tensor => x.to("bool");
const logical =
  (f: (x: Tensor, y: Tensor) => Tensor): Operation =>
  (x, g) =>
    f(truth(x), truth(g.get(0, "other")));

/** Over the axes `dim`, all of them where it is left out. */
const reduction =
  (f: (x: Tensor, axes: td.Axes | undefined, keep: boolean) => Tensor, at = 0): Operation =>
  (x, g) => {
    const axes = g.get(at, "dim");
    if (axes !== undefined) scalar(x);
    return f(x, axes, g.get(at + 1, "keepdim", false));
  };
/** The places along an axis, or in all of a tensor. */
const places =
  (f: (x: Tensor, axis: number) => Tensor): Operation =>
  (x, g) => {
    const axis = g.get(0, "dim");
    const keep = g.get(1, "keepdim", false);
    if (axis === undefined)
      return keep ? missing("there is no place in all of a tensor with its axes") : f(x.flatten(), 0);
    scalar(x);
    const y = f(x, axis);
    return keep ? y.unsqueeze(axis < 0 ? axis + x.rank : axis) : y;
  };
const spread =
  (f: typeof td.std): Operation =>
  (x, g) => {
    if (typeof g.args[0] === "boolean") return f(x, undefined, { correction: Number(g.get(0, "")) });
    const axes = g.get(0, "dim");
    if (axes !== undefined) scalar(x);
    const unbiased = g.get(1, "unbiased", true);
    const correction = g.get(9, "correction", Number(unbiased));
    const list = axes === undefined || axes.length === 0 ? x.shape.map((_: number, i: number) => i) : [axes].flat();
    const count = list.reduce((n: number, a: number) => n * x.shape.at(a), 1);
    if (correction >= count) missing("a correction is less than the elements");
    return f(x, list, { correction, keep: g.get(2, "keepdim", false) });
  };
const along =
  (f: (x: Tensor, axis: number) => Result): Operation =>
  (x, g) => {
    scalar(x);
    g.usual("dtype", undefined);
    return f(x, g.get(0, "dim"));
  };
const length: (f: (x: Tensor, order: Value, axes: Value, keep: boolean) => Tensor) => Operation = (f) => (x, g) => {
  g.usual("dtype", undefined);
  const order = g.get(0, g.named.ord === undefined ? "p" : "ord", 2);
  const axes = g.get(1, "dim");
  if (axes !== undefined) scalar(x);
  return f(x, order, axes, g.get(2, "keepdim", false));
};
const ofOrder = length((x, order, axes, keep) => {
  const p = order === "fro" ? 2 : order;
  if (!(p > 0)) missing("an order is a number above 0, or infinite");
  return td.norm(x, axes, { order: p, keep });
});

/** A shape in which -1 is what is left of `x`. */
const shapeOf = (list: Value[]): number[] => (Array.isArray(list[0]) ? list[0] : list);
const stretched = (x: Tensor, wanted: readonly number[]): Tensor => {
  const lead = wanted.length - x.rank;
  return x.broadcastTo(wanted.map((d, i) => (d === -1 ? x.shape[i - lead] : d)));
};

/** A layer in which these stand for its parameters. */
function holding<M extends td.nn.Module>(layer: M, parts: Readonly<Record<string, Tensor | undefined>>): M {
  for (const [name, value] of Object.entries(parts))
    if (value !== undefined) Object.defineProperty(layer, name, { get: () => value });
  return layer;
}
const layer =
  (make: (g: Given) => td.nn.Module): Operation =>
  (x, g) => {
    g.usual("inplace", false);
    return make(g).forward(x);
  };

const positive = (eps: number): number => (eps > 0 ? eps : missing("what is added to a variance is above 0"));
const list = (value: Value, axes: number): number[] =>
  Array.isArray(value) ? (value.length === 1 ? Array(axes).fill(value[0]) : value) : Array(axes).fill(value);
const each = (values: readonly number[]): Value => (values.length === 1 ? values[0] : values);
/** For layers of so many axes: a sample alone becomes a batch of one. */
const batched = (axes: number, x: Tensor, run: (x: Tensor) => Tensor): Tensor =>
  x.rank === axes + 1 ? run(x.unsqueeze(0)).squeeze(0) : run(x);

const conv =
  (axes: number, transposed: boolean, make: Value): Operation =>
  (x, g) => {
    if (g.type !== "f32") missing("parameters are f32");
    const weight = g.get(0, "weight") as Tensor;
    const bias = g.get(1, "bias");
    const stride = list(g.get(2, "stride", 1), axes);
    const given = g.get(3, "padding", 0);
    const outputPadding = transposed ? list(g.get(4, "output_padding", 0), axes) : undefined;
    const groups = g.get(transposed ? 5 : 6, "groups", 1);
    const dilation = list(g.get(transposed ? 6 : 5, "dilation", 1), axes);
    const kernel = weight.shape.slice(2);
    const same = kernel.map((k, i) => (dilation[i] * (k - 1)) / 2);
    if (given === "same" && same.some((p) => p % 1 !== 0)) missing("padding is the same on either side");
    const padding = given === "same" ? same : given === "valid" ? list(0, axes) : list(given, axes);
    if (outputPadding?.some((p, i) => p >= stride[i])) missing("what is added to the output is less than a step");
    const [a, b] = [weight.shape[1] * groups, weight.shape[0]];
    const [inside, outside] = transposed ? [b, a] : [a, b];
    const net = make(inside, outside, each(kernel), {
      stride: each(stride),
      padding: each(padding),
      dilation: each(dilation),
      groups,
      bias: bias !== undefined,
      ...(outputPadding && { outputPadding: each(outputPadding) }),
    });
    holding(net, { weight, bias });
    return batched(axes, x, (y) => net.forward(y));
  };
const pool =
  (axes: number, kind: "maxPool" | "avgPool"): Operation =>
  (x, g) => {
    const kernel = list(g.get(0, "kernel_size"), axes);
    const stride = list(g.get(1, "stride", kernel), axes);
    const padding = list(g.get(2, "padding", 0), axes);
    if (kind === "maxPool") {
      const dilation = list(g.get(3, "dilation", 1), axes);
      const ceilMode = g.get(4, "ceil_mode", false);
      g.get(5, "return_indices"); // Tidu's pools give none
      const net = nn.maxPool(kernel, { stride: stride.length === 0 ? kernel : stride, padding, dilation, ceilMode });
      return batched(axes, x, (y) => net.forward(y));
    }
    if (g.type !== "f32") missing("means are f32");
    const ceilMode = g.get(3, "ceil_mode", false);
    const countIncludePad = g.get(4, "count_include_pad", true);
    if (g.get(5, "divisor_override") !== undefined) missing("a mean is divided by its elements");
    const net = nn.avgPool(kernel, {
      stride: stride.length === 0 ? kernel : stride,
      padding,
      ceilMode,
      countIncludePad,
    });
    return batched(axes, x, (y) => net.forward(y));
  };
const adaptive =
  (axes: number, make: typeof nn.adaptiveAvgPool): Operation =>
  (x, g) => {
    g.get(1, "return_indices"); // Tidu's pools give none
    const size = list(g.get(0, "output_size"), axes).map((n, i) => n ?? x.shape.slice(-axes)[i]);
    return batched(axes, x, (y) => make(size).forward(y));
  };

const resized =
  (mode: td.InterpolateOptions["mode"]): Operation =>
  (x, g) => {
    const size = g.get(0, "size");
    const scale = g.get(1, "scale_factor");
    if (g.get(2, "mode", mode) !== mode) missing("another mode");
    const alignCorners = g.get(3, "align_corners", false);
    g.usual("recompute_scale_factor", undefined);
    return td.interpolate(x, {
      ...(size === undefined ? { scale } : { size }),
      ...(mode === undefined ? {} : { mode }),
      ...(mode === "nearest" ? {} : { alignCorners }),
    });
  };

const reduced = (g: Given) => {
  g.usual("size_average", undefined);
  g.usual("reduce", undefined);
  return { reduction: g.get(99, "reduction", "mean") };
};
/** A loss of outputs and targets. */
const against =
  (f: (x: Tensor, t: Tensor, g: Given) => Tensor): Operation =>
  (x, g) =>
    f(x, g.get(0, "target"), g);

/** A list of [before, after] from PyTorch's, which has the last axis first. */
const widthsOf = (x: Tensor, list: number[]): [number, number][] =>
  x.shape.map((_, axis) => {
    const at = 2 * (x.rank - 1 - axis);
    const pair: [number, number] = [list[at] ?? 0, list[at + 1] ?? 0];
    return pair.some((n) => n < 0) ? missing("pads are not negative: slice") : pair;
  });
const padded =
  (mode: td.PadMode): Operation =>
  (x, g) => {
    if (g.type === "bool") missing(TRUTHS);
    const widths = widthsOf(x, g.get(0, "pad"));
    if (g.get(1, "mode", mode) !== mode) missing("another mode");
    return td.pad(x, widths, mode === "constant" ? { mode, value: Number(g.get(2, "value", 0)) } : { mode });
  };

const indexOf = (index: Value): td.Index => {
  if (typeof index === "number" || index === "...") return index as td.Index;
  if (Array.isArray(index?.slice)) {
    const [start, end, step] = index.slice.map((v: number | null) => v ?? undefined);
    return [start, end, step ?? 1];
  }
  return missing("an index is a number or a range: gather takes tensors");
};

const ties = (x: Tensor, g: Given): void => {
  if (!g.get(9, "stable", false) && g.type !== "f32" && x.size > 1000)
    missing("PyTorch does not say which of equals is first");
};
const sortable = (x: Tensor, axis: number, descending: boolean): Tensor[] =>
  Object.values(td.sort(x, axis, descending));
const sameShape = (x: Tensor, indices: Tensor, axis: number): void => {
  const at = axis < 0 ? axis + x.rank : axis;
  if (x.rank === 0 || x.shape.some((d, i) => i !== at && d !== indices.shape[i]))
    missing("indices have the shape of x but for the axis");
};

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  // Of each element.
  abs: unary((x) => x.abs()),
  neg: unary((x) => x.neg()),
  sign: unary((x) => x.sign()),
  sqrt: unary((x) => x.sqrt()),
  square: unary((x) => x.square()),
  exp: unary((x) => x.exp()),
  expm1: unary((x) => x.expm1()),
  log: unary((x) => x.log()),
  log2: unary(td.log2),
  log1p: unary((x) => x.log1p()),
  sin: unary((x) => x.sin()),
  cos: unary((x) => x.cos()),
  tan: unary(td.tan),
  atan: unary(td.atan),
  erf: unary((x) => x.erf()),
  floor: unary((x) => x.floor()),
  ceil: unary(td.ceil),
  trunc: unary(td.trunc),
  round: unary(td.round),
  rsqrt: unary(td.rsqrt),
  reciprocal: unary(td.reciprocal),
  sigmoid: unary((x) => x.sigmoid()),
  tanh: unary((x) => x.tanh()),
  isnan: unary(td.isNaN),
  isfinite: unary(td.isFinite),
  logical_not: unary((x) => truth(x).not()),
  clamp: (x, g) => {
    const [low, high] = [g.get(0, "min"), g.get(1, "max")];
    if (low === undefined || high === undefined) missing("clip has two limits: maximum, minimum");
    return td.clip(x, low, high);
  },
  // An infinite limit is no whole number.
  clamp_min: (x, g) => (g.type === "f32" ? td.clip(x, g.get(0, "min"), INFINITE) : x.maximum(g.get(0, "min"))),
  clamp_max: (x, g) => (g.type === "f32" ? td.clip(x, -INFINITE, g.get(0, "max")) : x.minimum(g.get(0, "max"))),
  float: unary((x) => x.to("f32")),
  int: unary((x) => x.to("i32")),
  bool: unary((x) => x.to("bool")),
  // Of two.
  add: numbers((x, y) => x.add(y)),
  sub: numbers((x, y) => x.sub(y)),
  mul: numbers((x, y) => x.mul(y)),
  "div.no_rounding_mode": numbers((x, y) => x.div(y)),
  true_divide: numbers((x, y) => x.div(y)),
  pow: numbers((x, y) => x.pow(y)),
  float_power: numbers((x, y) => x.toFloat().pow(y)),
  remainder: numbers((x, y) => td.mod(x, y)),
  atan2: numbers((x, y) => td.atan2(x, y)),
  maximum: binary((x, y) => x.maximum(y)),
  minimum: binary((x, y) => x.minimum(y)),
  eq: binary((x, y) => x.eq(y)),
  ne: binary((x, y) => td.ne(x, y)),
  lt: binary((x, y) => x.lt(y)),
  le: binary((x, y) => x.le(y)),
  gt: binary((x, y) => x.gt(y)),
  ge: binary((x, y) => x.ge(y)),
  logical_and: logical(td.and),
  logical_or: logical(td.or),
  logical_xor: logical(td.xor),
  masked_fill: (x, g) =>
    g.type === "bool" && !(g.args[1] instanceof td.Tensor)
      ? missing(TRUTHS)
      : td.maskedFill(x, g.get(0, "mask"), g.get(1, "value")),
  where: (x, g) => (g.get(0, "condition") as Tensor).where(x, g.get(1, "other")),
  // Reductions.
  sum: reduction((x, axes, keep) => x.sum(axes, keep)),
  mean: reduction((x, axes, keep) => x.mean(axes, keep)),
  prod: reduction(td.prod),
  amax: reduction((x, axes, keep) => x.max(axes, keep)),
  amin: reduction((x, axes, keep) => x.min(axes, keep)),
  logsumexp: reduction(td.logsumexp),
  all: reduction(td.all),
  any: reduction(td.any),
  std: spread(td.std),
  var: spread(td.variance),
  norm: ofOrder,
  "norm.fro": ofOrder,
  "norm.inf": ofOrder,
  "linalg.vector_norm": ofOrder,
  argmax: places((x, axis) => x.argmax(axis)),
  argmin: places(td.argmin),
  "max.reduction_no_dim": unary((x) => x.max()),
  "min.reduction_no_dim": unary((x) => x.min()),
  "max.reduction_with_dim": (x, g) => {
    scalar(x);
    const [axis, keep] = [g.get(0, "dim"), g.get(1, "keepdim", false)];
    const at = axis < 0 ? axis + x.rank : axis;
    return [x.max(axis, keep), keep ? x.argmax(axis).unsqueeze(at) : x.argmax(axis)];
  },
  "min.reduction_with_dim": (x, g) => {
    scalar(x);
    const [axis, keep] = [g.get(0, "dim"), g.get(1, "keepdim", false)];
    const at = axis < 0 ? axis + x.rank : axis;
    return [x.min(axis, keep), keep ? td.argmin(x, axis).unsqueeze(at) : td.argmin(x, axis)];
  },
  softmax: along((x, axis) => x.softmax(axis)),
  log_softmax: along((x, axis) => x.logSoftmax(axis)),
  cumsum: along(td.cumsum),
  cumprod: along(td.cumprod),
  // Orders and places.
  sort: (x, g) => {
    scalar(x);
    ties(x, g);
    return sortable(x, g.get(0, "dim", -1), g.get(1, "descending", false));
  },
  msort: (x) => td.sort(x, 0).values,
  argsort: (x, g) => {
    scalar(x);
    ties(x, g);
    return td.argsort(x, g.get(0, "dim", -1), g.get(1, "descending", false));
  },
  topk: (x, g) => {
    scalar(x);
    const [count, axis, largest] = [g.get(0, "k"), g.get(1, "dim", -1), g.get(2, "largest", true)];
    g.get(3, "sorted");
    return Object.values(td.topk(x, count, axis, largest));
  },
  unique: async (x, g) => {
    g.usual("sorted", true, "unique sorts");
    g.usual("return_inverse", false, "unique gives values and counts");
    if (g.get(9, "dim") !== undefined) missing("unique is of elements");
    const { values, counts } = await td.unique(x);
    return g.get(9, "return_counts", false) ? [values, counts] : values;
  },
  bincount: async (x, g) => {
    if (g.get(0, "weights") !== undefined) missing("bincount has no weights");
    const least = g.get(1, "minlength", 0);
    return td.bincount(x, Math.max(least, ...Array.from((await x.data()) as Int32Array, (v) => v + 1)));
  },
  gather: (x, g) => {
    const [axis, indices] = [g.get(0, "dim"), g.get(1, "index")];
    g.get(9, "sparse_grad");
    sameShape(x, indices, axis);
    return td.takeAlongAxis(x, indices, axis);
  },
  take_along_dim: (x, g) => {
    const [indices, axis] = [g.get(0, "indices"), g.get(1, "dim")];
    if (axis === undefined) return td.takeAlongAxis(x.flatten(), indices.flatten(), 0);
    sameShape(x, indices, axis);
    return td.takeAlongAxis(x, indices, axis);
  },
  scatter: (x, g) => {
    const [axis, indices, values] = [g.get(0, "dim"), g.get(1, "index"), g.get(2, "src")];
    if (g.get(9, "reduce") !== undefined) missing("scatter puts, scatterAdd adds");
    sameShape(x, indices, axis);
    if (!(values instanceof td.Tensor)) missing("scatter puts tensors");
    if (String(values.shape) !== String(indices.shape)) missing("values have the shape of indices");
    return td.scatter(x, indices, values, axis);
  },
  scatter_add: (x, g) => {
    if (g.type === "bool") missing(TRUTHS);
    const [axis, indices, values] = [g.get(0, "dim"), g.get(1, "index"), g.get(2, "src")];
    sameShape(x, indices, axis);
    if (String(values.shape) !== String(indices.shape)) missing("values have the shape of indices");
    return td.scatterAdd(x, indices, values, axis);
  },
  index_select: (x, g) => {
    scalar(x);
    const [axis, rows] = [g.get(0, "dim"), g.get(1, "index") as Tensor];
    return x.gather(rows.rank === 0 ? rows.reshape([1]) : rows, axis);
  },
  __getitem__: (x, g) => {
    const [index] = g.rest();
    return td.at(x, ...(Array.isArray(index) ? index : [index]).map(indexOf));
  },
  // Products.
  matmul: (x, g) => x.matmul(g.get(0, "other")),
  mm: (x, g) => x.matmul(g.get(0, "mat2")),
  bmm: (x, g) => x.matmul(g.get(0, "mat2")),
  mv: (x, g) => x.matmul(g.get(0, "vec")),
  dot: (x, g) => td.dot(x, g.get(0, "other")),
  outer: (x, g) => td.outer(x, g.get(0, "vec2")),
  einsum: (x, g) => td.einsum(g.get(0, "equation"), ...x),
  // Movement.
  reshape: (x, g) => x.reshape(shapeOf(g.rest())),
  view: (x, g) => x.reshape(shapeOf(g.rest())),
  reshape_as: (x, g) => x.reshape(g.get(0, "other").shape),
  view_as: (x, g) => x.reshape(g.get(0, "other").shape),
  flatten: (x, g) => {
    const [start, end] = [g.get(0, "start_dim", 0), g.get(1, "end_dim", -1)];
    if (end !== -1 && end !== x.rank - 1) missing("flatten goes up to the last axis");
    return x.flatten(start);
  },
  ravel: (x) => x.flatten(),
  permute: (x, g) => x.permute(shapeOf(g.rest())),
  transpose: (x, g) => {
    const [a, b] = [g.get(0, "dim0"), g.get(1, "dim1")];
    scalar(x);
    return x.transpose(a, b);
  },
  t: (x) => (x.rank < 2 ? missing("a vector has no two axes") : x.transpose()),
  T: (x) => x.permute(x.shape.map((_: number, i: number) => x.rank - 1 - i)),
  mT: (x) => (x.rank < 2 ? missing("a vector has no two axes") : x.transpose()),
  unsqueeze: (x, g) => x.unsqueeze(g.get(0, "dim")),
  squeeze: (x, g) => {
    const axis = g.get(0, "dim") ?? missing("squeeze takes one axis");
    scalar(x);
    return x.shape.at(axis) === 1 ? x.squeeze(axis) : missing("squeeze takes an axis of size 1");
  },
  flip: (x, g) => x.flip(g.get(0, "dims")),
  fliplr: (x) => x.flip(1),
  flipud: (x) => x.flip(0),
  roll: (x, g) => {
    const [shift, axes] = [g.get(0, "shifts"), g.get(1, "dims")];
    return td.roll(x, shift, axes);
  },
  tile: (x, g) => td.tile(x, shapeOf(g.rest())),
  repeat: (x, g) => td.tile(x, shapeOf(g.rest())),
  expand: (x, g) => stretched(x, shapeOf(g.rest())),
  expand_as: (x, g) => x.broadcastTo(g.get(0, "other").shape),
  broadcast_to: (x, g) => stretched(x, g.get(0, "shape")),
  cat: (x, g) => td.concat(x, g.get(0, "dim", 0)),
  stack: (x, g) => td.stack(x, g.get(0, "dim", 0)),
  split: (x, g) => td.split(x, g.get(0, "split_size"), g.get(1, "dim", 0)),
  "split.list_args": (x, g) => td.split(x, g.get(0, "split_size"), g.get(1, "dim", 0)),
  split_with_sizes: (x, g) => {
    const sizes = g.get(0, "split_sizes");
    return sizes.includes(0) ? missing("no tensor is empty") : td.split(x, sizes, g.get(1, "dim", 0));
  },
  chunk: (x, g) => td.chunk(x, g.get(0, "chunks"), g.get(1, "dim", 0)),
  narrow: (x, g) => {
    const [axis, start, count] = [g.get(0, "dim"), g.get(1, "start"), g.get(2, "length")];
    if (typeof start !== "number") missing("a start is a number");
    return x.slice(
      axis,
      start < 0 ? start + x.shape.at(axis) : start,
      (start < 0 ? start + x.shape.at(axis) : start) + count,
    );
  },
  select: (x, g) => {
    const [axis, place] = [g.get(0, "dim"), g.get(1, "index")];
    const at = axis < 0 ? axis + x.rank : axis;
    return td.at(x, ...Array(at).fill(":"), place);
  },
  tril: (x, g) => td.tril(x, g.get(0, "diagonal", 0)),
  triu: (x, g) => td.triu(x, g.get(0, "diagonal", 0)),
  "meshgrid.variadic_tensors": (x, g) => vectors([x, ...g.rest()], g),
  "meshgrid.list_of_tensors": (x, g) => vectors(x, g),
  constant_pad_nd: (x, g) =>
    g.type === "bool"
      ? missing(TRUTHS)
      : td.pad(x, widthsOf(x, g.get(0, "pad")), { mode: "constant", value: Number(g.get(1, "value", 0)) }),
  "nn.functional.pad.constant": padded("constant"),
  "nn.functional.pad.reflect": padded("reflect"),
  "nn.functional.pad.replicate": padded("replicate"),
  "nn.functional.pad.circular": padded("circular"),
  // Makers.
  eye: (x, g) =>
    floats(g, () => (x === 0 || g.args[0] === 0 ? missing("no tensor is empty") : td.eye(x, g.get(0, "m")))),
  linspace: (x, g) =>
    floats(g, () => td.linspace(x, g.get(0, "end"), g.get(1, "steps") || missing("no tensor is empty"))),
  arange: (x, g) =>
    floats(g, () => {
      const [stop, step] = [g.get(0, "end"), g.get(1, "step", 1)];
      if ([x, stop, step].some((v) => typeof v === "boolean")) missing("numbers are no truths");
      return stop === undefined ? td.arange(0, x) : td.arange(x, stop, step);
    }),
  zeros: (x, g) => floats(g, () => td.zeros(x)),
  ones: (x, g) => floats(g, () => td.ones(x)),
  "nn.functional.one_hot": (x, g) => td.oneHot(x, count(g.get(0, "num_classes"))),
  // Activations.
  "nn.functional.relu": layer(() => nn.relu()),
  "nn.functional.relu6": layer(() => nn.relu6()),
  "nn.functional.leaky_relu": layer((g) => nn.leakyRelu(g.get(0, "negative_slope", 0.01))),
  "nn.functional.elu": layer((g) => nn.elu(g.get(0, "alpha", 1))),
  "nn.functional.celu": layer((g) => nn.celu(g.get(0, "alpha", 1))),
  "nn.functional.selu": layer(() => nn.selu()),
  "nn.functional.silu": layer(() => nn.silu()),
  "nn.functional.mish": layer(() => nn.mish()),
  "nn.functional.gelu": layer((g) => {
    g.usual("approximate", "none", "gelu is exact");
    return nn.gelu();
  }),
  "nn.functional.glu": (x, g) => nn.glu(g.get(0, "dim", -1)).forward(x),
  "nn.functional.hardswish": layer(() => nn.hardSwish()),
  "nn.functional.hardsigmoid": layer(() => nn.hardSigmoid()),
  "nn.functional.hardtanh": (x, g) =>
    g.type === "i32"
      ? missing("limits that are not whole make f32")
      : td.clip(x, g.get(0, "min_val", -1), g.get(1, "max_val", 1)),
  "nn.functional.softplus": layer((g) => {
    g.usual("beta", 1, "softplus has no options");
    g.usual("threshold", 20, "softplus has no options");
    return nn.softplus();
  }),
  "nn.functional.softsign": layer(() => nn.softsign()),
  "nn.functional.logsigmoid": unary((x) => x.neg().softplus().neg()),
  "nn.functional.prelu": (x, g) => {
    const weight = g.get(0, "weight") as Tensor;
    const flat = weight.rank === 0 ? weight.reshape([1]) : weight;
    if (flat.size > 1 && x.rank < 2) missing("channels are the second axis");
    return holding(nn.prelu(flat.size), { weight: flat }).forward(x);
  },
  // Layers.
  "nn.functional.linear": (x, g) => {
    const [weight, bias] = [g.get(0, "weight") as Tensor, g.get(1, "bias")];
    if (weight.rank !== 2) missing("a weight is a matrix");
    const net = nn.linear(weight.shape[1], weight.shape[0], { bias: bias !== undefined });
    return holding(net, { weight, bias }).forward(x);
  },
  "nn.functional.conv1d": conv(1, false, nn.conv1d),
  "nn.functional.conv2d": conv(2, false, nn.conv2d),
  "nn.functional.conv_transpose1d": conv(1, true, nn.convTranspose1d),
  "nn.functional.conv_transpose2d": conv(2, true, nn.convTranspose2d),
  "nn.functional.conv_transpose3d": conv(3, true, nn.convTranspose3d),
  "nn.functional.max_pool1d": pool(1, "maxPool"),
  "nn.functional.max_pool2d": pool(2, "maxPool"),
  "nn.functional.max_pool3d": pool(3, "maxPool"),
  "nn.functional.avg_pool1d": pool(1, "avgPool"),
  "nn.functional.avg_pool2d": pool(2, "avgPool"),
  "nn.functional.avg_pool3d": pool(3, "avgPool"),
  "nn.functional.adaptive_avg_pool1d": adaptive(1, nn.adaptiveAvgPool),
  "nn.functional.adaptive_avg_pool2d": adaptive(2, nn.adaptiveAvgPool),
  "nn.functional.adaptive_avg_pool3d": adaptive(3, nn.adaptiveAvgPool),
  "nn.functional.adaptive_max_pool1d": adaptive(1, nn.adaptiveMaxPool),
  "nn.functional.adaptive_max_pool2d": adaptive(2, nn.adaptiveMaxPool),
  "nn.functional.adaptive_max_pool3d": adaptive(3, nn.adaptiveMaxPool),
  "nn.functional.layer_norm": (x, g) => {
    const [shape, weight, bias] = [g.get(0, "normalized_shape"), g.get(1, "weight"), g.get(2, "bias")];
    const net = nn.layerNorm(shape, { eps: positive(g.get(3, "eps", 1e-5)), affine: weight !== undefined });
    const zero = weight === undefined ? undefined : (bias ?? td.zeros(weight.shape));
    if (weight === undefined && bias !== undefined) missing("a bias comes with a weight");
    return holding(net, { weight, bias: zero }).forward(x);
  },
  "nn.functional.group_norm": (x, g) => {
    const groups = g.get(0, "num_groups");
    const [weight, bias] = [g.get(1, "weight"), g.get(2, "bias")];
    if ((weight === undefined) !== (bias === undefined)) missing("a bias comes with a weight");
    const net = nn.groupNorm(groups, x.shape[1], {
      eps: positive(g.get(3, "eps", 1e-5)),
      affine: weight !== undefined,
    });
    return holding(net, { weight, bias }).forward(x);
  },
  "nn.functional.instance_norm": (x, g) => {
    if (g.get(0, "running_mean") !== undefined || g.get(1, "running_var") !== undefined)
      missing("there are no running statistics of single samples");
    const [weight, bias] = [g.get(2, "weight"), g.get(3, "bias")];
    if ((weight === undefined) !== (bias === undefined)) missing("a bias comes with a weight");
    g.get(4, "use_input_stats");
    g.get(5, "momentum");
    const net = nn.instanceNorm(x.shape[1], { eps: g.get(6, "eps", 1e-5), affine: weight !== undefined });
    return holding(net, { weight, bias }).forward(x);
  },
  "nn.functional.batch_norm": (x, g) => {
    const [mean, variance] = [g.get(0, "running_mean"), g.get(1, "running_var")];
    const [weight, bias] = [g.get(2, "weight"), g.get(3, "bias")];
    if ((weight === undefined) !== (bias === undefined)) missing("a bias comes with a weight");
    const training = g.get(4, "training", false);
    g.get(5, "momentum");
    if (!training && mean === undefined) missing("without statistics it trains");
    const options = { eps: g.get(6, "eps", 1e-5), affine: weight !== undefined };
    if (x.rank < 2 || x.rank > 4) missing("a batch is [n, c], [n, c, l] or [n, c, h, w]");
    const net = (x.rank === 4 ? nn.batchNorm2d : nn.batchNorm1d)(x.shape[1], options);
    holding(net, { weight, bias });
    if (!training) holding(net, { running_mean: mean, running_var: variance });
    return net.during(training, () => net.forward(x));
  },
  "nn.functional.embedding": (x, g) => {
    const rows = g.get(0, "input");
    for (const name of ["padding_idx", "max_norm"]) g.usual(name, undefined, `an embedding has no ${name}`);
    g.usual("scale_grad_by_freq", false, "an embedding has no scale_grad_by_freq");
    g.usual("sparse", false);
    return holding(nn.embedding(x.shape[0], x.shape[1]), { weight: x }).forward(rows);
  },
  "nn.functional.pixel_shuffle": (x, g) => {
    const net = nn.pixelShuffle(g.get(0, "upscale_factor"));
    return x.rank === 4 ? net.forward(x) : missing("images are [n, c, h, w]");
  },
  "nn.functional.interpolate.nearest": resized("nearest"),
  "nn.functional.interpolate.linear": resized("linear"),
  "nn.functional.interpolate.bilinear": resized("bilinear"),
  "nn.functional.interpolate.bicubic": resized("bicubic"),
  "nn.functional.upsample_nearest": resized("nearest"),
  "nn.functional._scaled_dot_product_attention": (x, g) => {
    const [key, value, mask] = [g.get(0, "key"), g.get(1, "value"), g.get(2, "attn_mask")];
    if (g.get(3, "dropout_p", 0) !== 0) missing("it is random");
    if (g.get(4, "need_attn_weights", false)) missing("attention does not give its weights");
    const causal = g.get(5, "is_causal", false);
    return nn.attend(x, key, value, { causal, ...(mask && { mask }) });
  },
  // Losses.
  "nn.functional.cross_entropy": against((x, t, g) => {
    const weight = g.get(1, "weight");
    const ignoreIndex = g.get(9, "ignore_index");
    const options = {
      ...reduced(g),
      labelSmoothing: g.get(9, "label_smoothing", 0),
      ...(weight && { weight }),
      ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
    };
    if (x.rank > 1) return loss.crossEntropy(x, t, options);
    const y = loss.crossEntropy(x.unsqueeze(0), t.unsqueeze(0), options);
    return y.rank === 0 ? y : y.squeeze(0);
  }),
  "nn.functional.nll_loss": against((x, t, g) => {
    if (g.get(1, "weight") !== undefined) missing("nll has no weights");
    if (x.rank !== 2) missing("nll takes [n, classes]");
    if (g.get(9, "ignore_index") !== undefined) missing("nll leaves no samples out");
    return loss.nll(x, t, reduced(g));
  }),
  "nn.functional.mse_loss": against((x, t, g) => loss.mse(x, t, reduced(g))),
  "nn.functional.l1_loss": against((x, t, g) => loss.l1(x, t, reduced(g))),
  "nn.functional.huber_loss": against((x, t, g) => loss.huber(x, t, { ...reduced(g), delta: g.get(9, "delta", 1) })),
  "nn.functional.smooth_l1_loss": against((x, t, g) => {
    const beta = g.get(9, "beta", 1);
    if (beta !== 1) missing("it is the Huber loss over its delta");
    return loss.huber(x, t, reduced(g));
  }),
  "nn.functional.kl_div": against((x, t, g) => {
    const how = g.get(9, "reduction", "mean");
    const logTarget = g.get(9, "log_target", false);
    if (how === "mean") missing("kl is of samples");
    return loss.kl(x, t, { reduction: how === "batchmean" ? "mean" : how, logTarget });
  }),
  "nn.functional.poisson_nll_loss": against((x, t, g) => {
    if (g.get(9, "full", false)) missing("poisson leaves out what does not depend on the output");
    const logInput = g.get(9, "log_input", true);
    const eps = g.get(9, "eps", 1e-8);
    return loss.poisson(x, t, { ...reduced(g), log: logInput, ...(logInput ? {} : { eps }) } as Value);
  }),
  "nn.functional.binary_cross_entropy_with_logits": against((x, t, g) => {
    const posWeight = g.get(9, "pos_weight");
    if (g.get(9, "weight") !== undefined) missing("there are weights of columns only");
    return loss.bceWithLogits(x, t, { ...reduced(g), ...(posWeight && { posWeight }) });
  }),
  "nn.functional.cosine_embedding_loss": (x, g) => {
    const [y, t] = [g.get(0, "input2"), g.get(1, "target")];
    if (x.rank !== 2) missing("pairs are [n, features]");
    return loss.cosineEmbedding(x, y, t, { ...reduced(g), margin: g.get(9, "margin", 0) });
  },
  "nn.functional.triplet_margin_loss": (x, g) => {
    const [y, z] = [g.get(0, "positive"), g.get(1, "negative")];
    g.usual("p", 2, "distances are Euclidean");
    g.usual("eps", 1e-6);
    g.usual("swap", false, "the negative stays");
    return loss.triplet(x, y, z, { ...reduced(g), margin: g.get(9, "margin", 1) });
  },
};

/** Of what is made by a rule: f32, where the sample says so. */
function floats(g: Given, make: () => Tensor): Tensor {
  for (const name of ["device", "requires_grad"]) g.get(Number.POSITIVE_INFINITY, name);
  g.usual("dtype", "float32", "what a rule makes is f32: to() makes it another type");
  return make();
}

function vectors(axes: Tensor[], g: Given): Tensor[] {
  if (axes.some((t) => t.rank === 0)) missing("axes are vectors");
  return td.meshgrid(axes, g.get(99, "indexing", "ij"));
}
