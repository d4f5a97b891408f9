// Sums over the runs of a group whose terms are products: each run then leaves the factors, which are much smaller than
// the product.
import { isPermutation, permuteMap, sliceMap } from "../base/affine.js";
import { sizeOf } from "../base/shape.js";
import { makeNode, makeStorage, type Node, type Storage, type ValueType } from "../graph/node.js";
import {
  apply,
  type Contraction,
  contract,
  elementwise,
  fromStorage,
  reshape,
  summedLabels,
  view,
} from "../graph/ops/index.js";
import { concatOp } from "../graph/ops/movement.js";

/** A sum of products of two values: nodes, or storages that a run leaves them in. */
export interface Product<T = Storage> {
  readonly factors: readonly [T, T];
  readonly spec: Contraction;
  /** A run's own sum is cut into so many, a power of two: leaves of the tree. */
  readonly pieces: number;
}

/** The same product of other factors. */
export const withFactors = <T, U>({ factors: [a, b], ...rest }: Product<T>, other: (factor: T) => U): Product<U> => ({
  factors: [other(a), other(b)],
  ...rest,
});

/** A new storage for a value of the same type. */
export const placeLike = ({ shape, dtype }: ValueType): Storage => makeStorage(shape, dtype);

/**
 * How many terms a leaf may have: up to 48 are one chain, in one order, whatever the plan; with fewer than 8 the
 * factors are hardly smaller.
 */
const [FEWEST, MOST] = [8, 48];
/** Into how many leaves a run's own sum may be cut. */
const MOST_PIECES = 8;

/** The most terms of all leaves of a tree in one contraction, which must be one block: more are sums of their own. */
const MOST_IN_TREE = 512;

/** The fewest leaves into which so many terms can be cut evenly, if there are any. */
function piecesOf(terms: number): number | undefined {
  for (let pieces = 1; pieces <= MOST_PIECES; pieces *= 2) {
    const each = terms / pieces;
    if (Number.isInteger(each) && each >= FEWEST && each <= MOST) return pieces;
  }
  return undefined;
}
/** How many times as large as the factors the result must be. */
const LARGER = 4;

/** The contraction that a value is, maybe transposed, if it is large and its factors are small. */
export function factorsOf(node: Node): Product<Node> | undefined {
  if (node.kind === "view" || node.kind === "unview") {
    const map = node.attrs;
    const inner = isPermutation(map) ? factorsOf(node.inputs[0]) : undefined;
    if (inner === undefined) return undefined;
    const { out } = inner.spec;
    const from = map.coef.map((row) => row.indexOf(1));
    const moved = node.kind === "unview" ? from.map((d) => out[d]) : out.map((_, d) => out[from.indexOf(d)]);
    return { ...inner, spec: { ...inner.spec, out: moved } };
  }
  if (node.kind !== "contract") return undefined;
  const [a, b] = node.inputs;
  const spec = node.attrs;
  const summed = summedLabels(spec);
  const terms = summed.length === 1 ? a.shape[spec.a.indexOf(summed[0])] : 0;
  const apart = spec.out.every((l) => spec.a.includes(l) !== spec.b.includes(l));
  const pieces = piecesOf(terms);
  if (!apart || pieces === undefined) return undefined;
  const small = LARGER * (sizeOf(a.shape) + sizeOf(b.shape)) <= sizeOf(node.shape);
  return small ? { factors: [a, b], spec, pieces } : undefined;
}

/** The contribution of a block of runs: a value, or products that are still to be summed. */
export type Term = Node | readonly Product<Node>[];

const isSame = (p: Product<Node>, q: Product<Node>): boolean =>
  p.factors.every(({ shape }, i) => String(shape) === String(q.factors[i].shape));

/** Terms of a run's own sum, by the shape of its first factor. */
const termsIn = (shape: readonly number[], spec: Contraction): number => shape[spec.a.indexOf(summedLabels(spec)[0])];

/** The sum of two blocks of runs. The first has a power of two of runs. */
export const addTerms = (left: Term, right: Term): Term =>
  "length" in left &&
  "length" in right &&
  isSame(left[0], right[0]) &&
  (left.length + right.length) * termsIn(left[0].factors[0].shape, left[0].spec) <= MOST_IN_TREE
    ? [...left, ...right]
    : apply(elementwise.add, sumOfTerm(left), sumOfTerm(right));

/** The value: products are summed in one contraction, each leaf by itself, then two by two. */
export function sumOfTerm(term: Term): Node {
  if (!("length" in term)) return term;
  const [{ spec, pieces }] = term;
  const [a, b] = ([0, 1] as const).map((side) =>
    term.map(({ factors }) => {
      const factor = reshape(factors[side], [1, ...factors[side].shape]);
      return leavesOf(factor, sideOf(spec, side), spec, pieces);
    }),
  );
  return overLeaves(a, b, spec);
}

/** A product without its factors. */
type Kind = Pick<Product, "spec" | "pieces">;

/** The sum of all runs' products: see {@link rowsOfSum}. */
export function stackedSum(product: Kind, stacked: readonly [Storage, Storage]): Node {
  const [first] = product.spec.out;
  const side = product.spec.a.includes(first) ? 0 : 1;
  return rowsOfSum(product, stacked, [0, stacked[side].shape[1 + sideOf(product.spec, side).indexOf(first)]]);
}

/** A range: from the first to before the last. */
type Range = readonly [from: number, to: number];

/**
 * Rows of the sum of all runs' products.
 *
 * @param stacked the factors of all runs: [runs, …].
 */
export function rowsOfSum(product: Kind, stacked: readonly [Storage, Storage], rows: Range): Node {
  const [, ...shape] = stacked[0].shape;
  const atOnce = 2 ** Math.floor(Math.log2(MOST_IN_TREE / termsIn(shape, product.spec)));
  const over = ([from, to]: Range): Node => {
    if (to - from <= atOnce) return leavesSummed(product, stacked, [from, to], rows);
    const middle = from + 2 ** Math.ceil(Math.log2(to - from) - 1);
    return apply(elementwise.add, over([from, middle]), over([middle, to]));
  };
  return over([0, stacked[0].shape[0]]);
}

/** The same of a range of runs, in one contraction. */
function leavesSummed(
  { spec, pieces }: Kind,
  stacked: readonly [Storage, Storage],
  [first, last]: Range,
  [from, to]: Range,
): Node {
  const [a, b] = stacked.map((storage, side) => {
    const labels = sideOf(spec, side);
    const at = labels.indexOf(spec.out[0]);
    const { shape } = storage;
    const start = [first, ...labels.map((_, d) => (d === at ? from : 0))];
    const size = [last - first, ...labels.map((_, d) => (d === at ? to - from : shape[d + 1]))];
    return [leavesOf(view(fromStorage(storage), sliceMap(shape, size, start)), labels, spec, pieces)];
  });
  return overLeaves(a, b, spec);
}

const sideOf = (spec: Contraction, side: number): readonly string[] => (side === 0 ? spec.a : spec.b);

/** The factors' leaves are copied, even if they stand together: lanes must not run along a sum, so it chooses its layout. */
function overLeaves(a: readonly Node[], b: readonly Node[], { out, ...spec }: Contraction): Node {
  const [left, right] = [a, b].map((leaves) => makeNode(concatOp, leaves, { axis: 0 }));
  return contract(left, right, { a: ["leaf", ...spec.a], b: ["leaf", ...spec.b], out, tree: true });
}

/** Factors [runs, …] as leaves [runs · pieces, …]: the summed axis is cut into pieces. */
function leavesOf(factors: Node, labels: readonly string[], spec: Contraction, pieces: number): Node {
  if (pieces === 1) return factors;
  const [runs, ...shape] = factors.shape;
  const at = labels.indexOf(summedLabels(spec)[0]);
  const each = shape.with(at, shape[at] / pieces);
  const cut = [runs, ...each.toSpliced(at, 0, pieces)];
  const order = cut
    .map((_, d) => d)
    .toSpliced(at + 1, 1)
    .toSpliced(1, 0, at + 1);
  return reshape(view(reshape(factors, cut), permuteMap(cut, order)), [runs * pieces, ...each]);
}
