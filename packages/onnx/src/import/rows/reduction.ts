// Reductions along axes, and products.
import { concat, cumsum, Tensor } from "tidu";
import { contract, normalizeAxis, sizeOf } from "tidu/internal";
import { isEmpty, knownOf, knownTensor } from "../known.js";
import { axesOf, numbersIn } from "../lists.js";
import type { GraphNode, Row, Rows } from "../node.js";
import { counted, isWhole, rounded } from "../numbers.js";

type Reduce = (x: Tensor, axes: number[] | undefined, keep: boolean) => Tensor;

/**
 * The reduction of no elements is its neutral element, if it has one.
 *
 * @param x a tensor without elements.
 */
function reduceNothing(
  node: GraphNode,
  x: Tensor,
  axes: readonly number[] | undefined,
  keep: boolean,
  neutral: number,
) {
  const sizes = knownOf(x)?.shape ?? [];
  const isGone = (i: number) => axes === undefined || axes.includes(i);
  const shape = sizes.flatMap((size, i) => (isGone(i) ? (keep ? [1] : []) : [size]));
  if (shape.includes(0)) node.refuse("has a result without elements; a tensor must have at least one");
  const type = isWhole(x) ? "i32" : "f32";
  return knownTensor(new Array<number>(node.table(sizeOf(shape))).fill(neutral), shape, type);
}

/** The axes were an attribute before opset 13 (ReduceSum) or 18; without axes all are meant, unless it says none. */
const reduce =
  (f: Reduce, neutral = 0): Row =>
  (node) => {
    node.needs(1);
    node.takesEmpty = true;
    const axes = axesOf(node);
    const keep = node.int("keepdims", 1) !== 0;
    const none = node.int("noop_with_empty_axes", 0) !== 0;
    return (x, given) => {
      const chosen = axes(given, x.rank);
      if (isEmpty(x)) return reduceNothing(node, x, chosen?.length === 0 ? undefined : chosen, keep, neutral);
      if (chosen !== undefined && chosen.length > 0) return f(x, chosen, keep);
      return none ? f(x, [], keep) : f(x, undefined, keep);
    };
  };

/** A reduction of real numbers, whose result of integers is one again. */
const ofFloats =
  (f: Reduce): Reduce =>
  (x, axes, keep) =>
    isWhole(x) ? rounded(f(x.toFloat(), axes, keep)).toInt() : f(x, axes, keep);

/** Keeps truth values such. */
const ofBools =
  (f: Reduce): Reduce =>
  (x, axes, keep) =>
    f(x, axes, keep).to(x.dtype);

/** The product of all elements: halves are multiplied until one is left. */
function product(x: Tensor, axes: readonly number[] | undefined, keep: boolean): Tensor {
  const chosen = axes ?? x.shape.map((_, i) => i);
  const halved = (t: Tensor, axis: number): Tensor => {
    const [size, half] = [t.shape[axis], t.shape[axis] >> 1];
    const pairs = t.slice(axis, 0, half).mul(t.slice(axis, half, 2 * half));
    return size % 2 === 0 ? pairs : concat([pairs, t.slice(axis, size - 1)], axis);
  };
  const y = chosen.reduce((t, axis) => {
    let rest = t;
    while (rest.shape[axis] > 1) rest = halved(rest, axis);
    return rest;
  }, x);
  return keep ? y : y.reshape(y.shape.filter((_, i) => !chosen.includes(i)));
}

/** ln of the sum of exponentials, safe for large numbers. */
function logSumExp(x: Tensor, axes: number[] | undefined, keep: boolean): Tensor {
  const top = x.max(axes, true).detach();
  const finite = top.abs().lt(Infinity).where(top, 0);
  const y = x.sub(finite).exp().sum(axes, true).log().add(finite);
  return keep ? y : y.reshape(x.sum(axes).shape);
}

/** Where the largest (or smallest) element is: the first of equal ones, or the last. */
const place =
  (sign: (x: Tensor) => Tensor): Row =>
  (node) => {
    node.needs(1);
    const axis = node.int("axis", 0);
    const keep = node.int("keepdims", 1) !== 0;
    const last = node.int("select_last_index", 0) !== 0;
    return (x) => {
      const at = normalizeAxis("axis", axis, x.rank);
      const found = sign(last ? x.flip(at) : x).argmax(at);
      const place = last ? found.neg().add(x.shape[at] - 1) : found;
      return keep ? place.unsqueeze(at) : place;
    };
  };

/** Sums of products over tensors whose axes have letters; "..." stands for the axes that all share by broadcasting. */
const einsum: Row = (node) => {
  node.needs(1);
  const equation = node.text("equation", "").replaceAll(" ", "");
  const parts = /^((?:[a-zA-Z]|\.\.\.)+(?:,(?:[a-zA-Z]|\.\.\.)+)*)(?:->((?:[a-zA-Z]|\.\.\.)*))?$/.exec(equation);
  if (parts === null) {
    return node.refuse(`has the equation ${JSON.stringify(equation)}, expected one as in "ij,jk->ik"`);
  }
  const terms = parts[1].split(",");
  if (terms.length !== node.proto.input.length) node.damaged(`has ${terms.length} terms in ${equation}`);
  node.needs(terms.length);
  return (...x) => {
    const wide = Math.max(...terms.map((t, i) => (t.includes("...") ? x[i].rank - (t.length - 3) : 0)));
    const spelled = (term: string, rank: number) => {
      const [before, after] = term.split("...");
      if (after === undefined) return [...term];
      const count = rank - before.length - after.length;
      return [...before, ...Array.from({ length: count }, (_, i) => `.${wide - count + i}`), ...after];
    };
    const labels = terms.map((t, i) => spelled(t, x[i].rank));
    const all = labels.flat();
    const once = [...new Set(all)].filter((l) => l.startsWith(".") || all.indexOf(l) === all.lastIndexOf(l)).sort();
    const out = parts[2] === undefined ? once : spelled(parts[2], parts[2].replace("...", "").length + wide);
    return contracted(x, labels, out);
  };
};

/** Two tensors at a time; what nobody else needs is summed up with them. */
function contracted(x: readonly Tensor[], labels: readonly (readonly string[])[], out: readonly string[]): Tensor {
  let [value, own] = diagonal(x[0], labels[0]);
  for (let i = 1; i < x.length; i++) {
    const [other, its] = diagonal(x[i], labels[i]);
    const later = new Set([...out, ...labels.slice(i + 1).flat()]);
    const kept = [...new Set([...own, ...its])].filter((l) => later.has(l));
    value = new Tensor(contract(value.toFloat().node, other.toFloat().node, { a: own, b: its, out: kept }));
    own = kept;
  }
  const gone = own.flatMap((l, i) => (out.includes(l) ? [] : [i]));
  if (gone.length > 0) value = value.sum(gone);
  const left = own.filter((l) => out.includes(l));
  const ordered = value.permute(out.map((l) => left.indexOf(l)));
  return x.every(isWhole) ? rounded(ordered.toFloat()).toInt() : ordered;
}

/** A tensor whose axes have different letters: of axes that share one, their diagonal. */
function diagonal(x: Tensor, labels: readonly string[]): [Tensor, string[]] {
  let [value, own] = [x, [...labels]];
  for (;;) {
    const second = own.findIndex((l, i) => own.indexOf(l) !== i);
    if (second < 0) return [value, own];
    const first = own.indexOf(own[second]);
    const size = value.shape[first];
    // Of the two axes put together, every (size + 1)-th element.
    const rest = own.map((_, i) => i).filter((i) => i !== first && i !== second);
    const merged = value.permute([...rest, first, second]).reshape([...rest.map((i) => value.shape[i]), size * size]);
    value = merged.slice(rest.length, 0, undefined, size + 1);
    own = [...rest.map((i) => own[i]), own[second]];
  }
}

export const matMul: Row = (node) => {
  node.needs(2);
  return (x, y) => x.matmul(y);
};

/** Along an axis with more elements than this, a product with a triangle would take longer than running sums do. */
const MOST_IN_TRIANGLE = 1024;

/** Sums along an axis up to each element, or up to the one before it, from either end: a product with a triangle. */
const cumSum: Row = (node) => {
  node.needs(2);
  const [exclusive, reverse] = [node.int("exclusive", 0) !== 0, node.int("reverse", 0) !== 0];
  return (x, axis) => {
    const at = normalizeAxis("axis", numbersIn(node, "axis", axis)[0], x.rank);
    const size = x.shape[at];
    if (size > MOST_IN_TRIANGLE) return running(x, at, exclusive, reverse);
    const [i, j] = [steps(size).reshape([size, 1]), steps(size).reshape([1, size])];
    const [a, b] = reverse ? [j, i] : [i, j];
    const triangle = (exclusive ? a.lt(b) : a.le(b)).to(x.dtype);
    return x.transpose(at, -1).matmul(triangle).transpose(at, -1);
  };
};

/** The same by running sums. */
function running(x: Tensor, axis: number, exclusive: boolean, reverse: boolean): Tensor {
  if (reverse) return running(x.flip(axis), axis, exclusive, false).flip(axis);
  if (!exclusive) return cumsum(x, axis);
  const before = x.slice(axis, 0, x.shape[axis] - 1);
  return concat([x.slice(axis, 0, 1).mul(0), cumsum(before, axis)], axis);
}

const steps = (size: number): Tensor => counted([size], 0);

export const REDUCTION: Rows = {
  ReduceSum: reduce((x, axes, keep) => (axes?.length === 0 ? x : x.sum(axes, keep))),
  ReduceMean: reduce(ofFloats((x, axes, keep) => (axes?.length === 0 ? x : x.mean(axes, keep)))),
  ReduceMax: reduce(
    ofBools((x, axes, keep) => (axes?.length === 0 ? x : x.max(axes, keep))),
    -Infinity,
  ),
  ReduceMin: reduce(
    ofBools((x, axes, keep) => (axes?.length === 0 ? x : x.min(axes, keep))),
    Infinity,
  ),
  ReduceL1: reduce((x, axes, keep) => x.abs().sum(axes, keep)),
  ReduceL2: reduce(ofFloats((x, axes, keep) => x.square().sum(axes, keep).sqrt())),
  ReduceSumSquare: reduce((x, axes, keep) => x.square().sum(axes, keep)),
  ReduceLogSum: reduce((x, axes, keep) => x.sum(axes, keep).log(), -Infinity),
  ReduceLogSumExp: reduce(logSumExp, -Infinity),
  ReduceProd: reduce(product, 1),
  ArgMax: place((x) => x),
  ArgMin: place((x) => x.neg()),
  CumSum: cumSum,
  Einsum: einsum,
};
