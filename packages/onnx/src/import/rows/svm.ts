// Support vector machines: sums of kernels between a sample and the samples that training kept.
import { concat, eye, full, scan, type Tensor, tensor } from "tidu";
import type { GraphNode } from "../node.js";
import { either } from "../numbers.js";

/** What regressors and classifiers have in common. */
interface Machine {
  /** The samples that training kept, [vectors, features]; none where the machine is linear. */
  readonly vectors: Tensor | undefined;
  /** How like the vectors each sample is, [samples, vectors]; of a linear machine the samples themselves. */
  readonly kernel: (x: Tensor) => Tensor;
  readonly coefficients: readonly number[];
  readonly offsets: readonly number[];
}

type Kernel = (x: Tensor, vectors: Tensor, gamma: number, offset: number, degree: number) => Tensor;

const product = (x: Tensor, vectors: Tensor): Tensor => x.matmul(vectors.transpose());

const KERNELS: Readonly<Record<string, Kernel>> = {
  LINEAR: product,
  POLY: (x, vectors, gamma, offset, degree) => product(x, vectors).mul(gamma).add(offset).pow(degree),
  // From differences: squares of large numbers would cancel each other's digits.
  RBF: (x, vectors, gamma) => x.unsqueeze(1).sub(vectors).square().sum(2).mul(-gamma).exp(),
  SIGMOID: (x, vectors, gamma, offset) => product(x, vectors).mul(gamma).add(offset).tanh(),
};

export function readMachine(node: GraphNode): Machine {
  const name = node.text("kernel_type", "LINEAR");
  const kernel = Object.hasOwn(KERNELS, name) ? KERNELS[name] : node.damaged(`has kernel_type ${name}`);
  const [gamma = 0, offset = 0, degree = 0] = node.floats("kernel_params") ?? [];
  const elements = node.floats("support_vectors") ?? [];
  const count = node.int("n_supports", 0) || node.ints("vectors_per_class", []).reduce((a, b) => a + b, 0);
  const coefficients = node.floats("coefficients") ?? node.damaged("has no coefficients");
  const offsets = node.floats("rho") ?? node.damaged("has no rho");
  if (count > 0 && (elements.length === 0 || elements.length % count !== 0))
    node.damaged(`has ${elements.length} numbers for ${count} support vectors`);
  const vectors = count === 0 ? undefined : tensor([...elements], [count, elements.length / count]);
  return {
    vectors,
    kernel: (x) => (vectors === undefined ? x : kernel(x, vectors, gamma, offset, degree)),
    coefficients,
    offsets,
  };
}

/** One number for each sample; of one class, whether the sample belongs to it: 1 or -1. */
export function regress({ kernel, coefficients, offsets }: Machine, isClass: boolean): (x: Tensor) => Tensor {
  const weights = tensor([...coefficients], [coefficients.length, 1]);
  return (x) => {
    const y = kernel(x).matmul(weights).add(offsets[0]);
    return isClass ? y.gt(0).where(1, y.mul(0).sub(1)) : y;
  };
}

/** The number of each sample's class, and its scores or probabilities. */
export function classify(node: GraphNode, machine: Machine, classes: number): (x: Tensor) => [Tensor, Tensor] {
  const [slopes, starts] = [node.floats("prob_a"), node.floats("prob_b")];
  const sizes = node.ints("vectors_per_class", []);
  if (machine.vectors === undefined) return node.refuse("has no support vectors; export a linear classifier instead");
  const { offsets, kernel } = machine;
  const pairs = pairsOf(classes);
  if (sizes.length !== classes || offsets.length !== pairs.length)
    return node.damaged(`has vectors of ${sizes.length} classes, and ${offsets.length} decisions among ${classes}`);
  if (slopes !== undefined && (slopes.length !== pairs.length || starts?.length !== pairs.length))
    return node.damaged(`has ${slopes.length} numbers in prob_a, expected ${pairs.length}`);
  const weights = decisions(machine.coefficients, sizes, pairs);
  const rest = tensor([...offsets]);
  return (x) => {
    const scores = kernel(x).matmul(weights).add(rest);
    const won = voted(scores, pairs, classes);
    if (slopes === undefined || starts === undefined)
      return [won, classes === 2 ? concat([scores.neg(), scores], 1) : scores];
    const each = scores.mul(tensor([...slopes])).add(tensor([...starts]));
    const first = each
      .neg()
      .sigmoid()
      .maximum(UNSURE)
      .minimum(1 - UNSURE);
    return [won, coupled(first, pairs, classes)];
  };
}

/** No class is surer than 1 minus this where two are compared. */
const UNSURE = 1e-7;

type Pair = readonly [first: number, second: number];

const pairsOf = (classes: number): Pair[] =>
  Array.from({ length: classes }, (_, i) =>
    Array.from({ length: classes - i - 1 }, (_, j) => [i, i + j + 1] as const),
  ).flat();

/** What each vector counts in each decision between two classes, [vectors, pairs]. The file has a row for all but one of the classes that a vector is compared with. */
function decisions(coefficients: readonly number[], sizes: readonly number[], pairs: readonly Pair[]): Tensor {
  const classOf = sizes.flatMap((size, i) => new Array<number>(size).fill(i));
  const count = classOf.length;
  const weight = (vector: number, [i, j]: Pair) => {
    const own = classOf[vector];
    if (own !== i && own !== j) return 0;
    return coefficients[(own === i ? j - 1 : i) * count + vector];
  };
  return tensor(
    classOf.flatMap((_, vector) => pairs.map((pair) => weight(vector, pair))),
    [count, pairs.length],
  );
}

/** A matrix with a 1 where a pair (its row) has its place (the column). */
const places = (pairs: readonly Pair[], count: number, place: (pair: Pair) => number): Tensor =>
  tensor(
    pairs.flatMap((pair) => Array.from({ length: count }, (_, i) => (i === place(pair) ? 1 : 0))),
    [pairs.length, count],
  );

/** Sums at places: `first` of each pair goes to one place, what is left of 1 to another. */
function dealt(
  first: Tensor,
  pairs: readonly Pair[],
  count: number,
  [to, rest]: readonly [to: (pair: Pair) => number, rest: (pair: Pair) => number],
): Tensor {
  const others = first
    .neg()
    .add(1)
    .matmul(places(pairs, count, rest));
  return first.matmul(places(pairs, count, to)).add(others);
}

/** The class that wins most of its comparisons, the first of equal ones. */
const voted = (scores: Tensor, pairs: readonly Pair[], classes: number): Tensor =>
  dealt(scores.gt(0).toFloat(), pairs, classes, [([i]) => i, ([, j]) => j]).argmax(1);

/**
 * Probabilities of all classes from those of the first of each two (Wu, Lin and Weng, 2004, "Probability estimates for
 * multi-class classification by pairwise coupling", the second method): the p with the least pᵀQp, found class by class.
 * Steps end for a sample as in LIBSVM, whose results they are to give.
 */
function coupled(first: Tensor, pairs: readonly Pair[], classes: number): Tensor {
  const square = [first.shape[0], classes, classes];
  const r = dealt(first, pairs, classes ** 2, [([i, j]) => i * classes + j, ([i, j]) => j * classes + i]).reshape(
    square,
  );
  const ones = eye(classes);
  const sizes = r.square().sum(1);
  const q = sizes.unsqueeze(1).mul(ones).sub(r.transpose().mul(r));
  const start = first.sum(1, true).mul(0);
  const steps = Math.max(LEAST_STEPS, classes);
  const [[p]] = scan(
    ([before, ended]) => {
      const slope = q.matmul(before.unsqueeze(2)).squeeze(2);
      const least = before.mul(slope).sum(1, true);
      const far = slope.sub(least).abs().max(1, true);
      const isEnd = either(ended.gt(0), far.lt(CLOSE / classes));
      return [[isEnd.where(before, improved(before, slope, least, q, ones)), isEnd.toFloat()], []];
    },
    [start.add(full([1, classes], 1 / classes)), start],
    [],
    { length: steps },
  );
  return p;
}

/** LIBSVM's limits: the least number of steps, and how near to the least all slopes must be, times the classes. */
const [LEAST_STEPS, CLOSE] = [100, 0.005];

/** One step: the probability of each class in turn is made the best, and all are scaled so that they add up to 1. */
function improved(before: Tensor, slopes: Tensor, least: Tensor, q: Tensor, ones: Tensor): Tensor {
  let [p, slope, value] = [before, slopes, least];
  for (let t = 0; t < ones.shape[0]; t++) {
    const one = ones.slice(0, t, t + 1);
    const row = q.slice(1, t, t + 1).squeeze(1);
    const [own, steep] = [row.slice(1, t, t + 1), slope.slice(1, t, t + 1)];
    const more = value.sub(steep).div(own);
    const scale = more.add(1);
    p = p.add(more.mul(one)).div(scale);
    value = value.add(more.mul(more.mul(own).add(steep.mul(2)))).div(scale.square());
    slope = slope.add(more.mul(row)).div(scale);
  }
  return p;
}
