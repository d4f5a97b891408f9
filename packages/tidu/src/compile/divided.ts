// Sums of products that processes divide among themselves: each makes some rows of a sum from the factors of all runs, and of
// the value that a variable gets from it where that is an update's only use.
import { sliceMap } from "../base/affine.js";
import { sameShape, sizeOf } from "../base/shape.js";
import { type Node, rebuilt, type Storage, topologicalOrder, type Update } from "../graph/node.js";
import { isStorage, view } from "../graph/ops/index.js";
import { type Product, placeLike, rowsOfSum } from "./products.js";

/** Rows that all processes together make of one value. */
export interface Divided {
  /** Where all rows are gathered: a variable, or the place of a sum that is used otherwise, too. */
  readonly whole: Storage;
  /** The place of the sum. */
  readonly sum: Storage;
  readonly product: Product;
  /** The factors of all runs: [runs, …]. */
  readonly stacked: readonly [Storage, Storage];
  /** Some of the rows. */
  rows(from: number, to: number): Node;
}

/** What is divided, and the updates that each process makes as a whole. */
export interface Division {
  readonly divided: readonly Divided[];
  readonly rest: readonly Update[];
}

/**
 * Divides sums whose factors, of all runs, are fewer than their elements: they cost less to send. Every process computes its
 * part of the rows, and sends it to the others.
 *
 * @param updates what follows the sums.
 * @param products the sums that are products, by place.
 * @param differing storages that hold different values in different runs, or nothing before the updates.
 */
export function divide(
  updates: readonly Update[],
  products: ReadonlyMap<Storage, Product>,
  runs: number,
  processes: number,
  differing: Iterable<Storage>,
): Division {
  const small = new Map([...products].filter(([sum, product]) => isWorthIt(sum, product, runs, processes)));
  const foreign = new Set<Storage>([...differing, ...small.keys()]);
  const taken = new Set<Update>();
  const divided = [...small].map(([sum, product]): Divided => {
    const stacked = product.factors.map((f) => placeLike({ ...f, shape: [runs, ...f.shape] }));
    const of = { sum, product, stacked: stacked as [Storage, Storage] };
    const sumRows = (from: number, to: number) => rowsOfSum(product, of.stacked, [from, to]);
    const only = onlyUse(updates, sum);
    if (only === undefined || !isByRows(only, sum, foreign)) return { ...of, whole: sum, rows: sumRows };
    taken.add(only);
    return { ...of, whole: only.storage, rows: (from, to) => rowsOf(only.value, sum, sumRows(from, to), from) };
  });
  return { divided, rest: updates.filter((u) => !taken.has(u)) };
}

const isWorthIt = (sum: Storage, { factors }: Product, runs: number, processes: number): boolean =>
  [sum, ...factors].every(({ dtype }) => dtype === "f32") &&
  sum.shape[0] >= processes &&
  runs * factors.reduce((n, { shape }) => n + sizeOf(shape), 0) <= sizeOf(sum.shape);

/** The one update that reads a storage. */
function onlyUse(updates: readonly Update[], storage: Storage): Update | undefined {
  const readers = updates.filter(({ value }) =>
    topologicalOrder([value]).some((node) => isStorage(node) && node.attrs === storage),
  );
  return readers.length === 1 ? readers[0] : undefined;
}

/** Whether an element of an update depends on the same element of a sum, and on nothing that is known too late. */
function isByRows({ storage, value }: Update, sum: Storage, foreign: ReadonlySet<Storage>): boolean {
  const alike = storage.dtype === "f32" && value.dtype === "f32" && sameShape(value.shape, sum.shape);
  const ends = elementsOf(value).filter((node) => !isElementwise(node) && !isPlace(node, sum));
  return alike && !topologicalOrder(ends).some((node) => isStorage(node) && foreign.has(node.attrs));
}

const isElementwise = ({ kind }: Node): boolean => kind === "elementwise";
const isPlace = (node: Node, place: Storage): boolean => isStorage(node) && node.attrs === place;

/** The elementwise ops that a value ends with, and what they are of. */
const elementsOf = (value: Node): Node[] =>
  topologicalOrder([value], undefined, (node) => (isElementwise(node) ? node.inputs : []));

/** Some rows of an elementwise value of a sum and of other values. */
function rowsOf(value: Node, sum: Storage, sumRows: Node, from: number): Node {
  const done = new Map<Node, Node>();
  const first = sumRows.shape.map((_, axis) => (axis === 0 ? from : 0));
  const copy = (node: Node): Node => {
    if (isPlace(node, sum)) return sumRows;
    if (!isElementwise(node)) return view(node, sliceMap(node.shape, sumRows.shape, first));
    return rebuilt(node, done);
  };
  for (const node of elementsOf(value)) done.set(node, copy(node));
  return done.get(value) as Node;
}
