// Cuts a program into segments at its collective ops: what runs before a value is summed over a group, and what after.
import { type Node, rebuilt, type Storage, topologicalOrder, type Update } from "../graph/node.js";
import { fromStorage, isCollective, isStorage } from "../graph/ops/index.js";
import { factorsOf, type Product, placeLike, withFactors } from "./products.js";

/** A part of a program that runs without waiting for the other runs of the group. */
export interface Segment {
  readonly updates: Update[];
  /** The values that it leaves to be summed over the group, and where the next segment finds the sums. */
  readonly sums: Storage[];
}

export interface Segments {
  /** In order; the last has no sums. */
  readonly segments: readonly Segment[];
  /** Updates after the last meeting whose values still differ between runs. */
  readonly differing: readonly Storage[];
  /** Values of a single run that one segment leaves to a later one, or to sums. */
  readonly crossing: readonly Storage[];
  /** Sums for which a run leaves factors instead; the factors are among `crossing`. */
  readonly products: ReadonlyMap<Storage, Product>;
}

/**
 * Each segment is a program of its own, whose results are those of the whole: variables change in the last one, so that all
 * read what they held before. Values that depend on variables alone are computed again where they are needed; values
 * that depend on `varying` storages are kept from one segment to the next.
 *
 * @param own updates that each run makes for itself, of storages that nothing else reads.
 * @param factors whether sums of products may be left as factors.
 */
export function cutSegments(
  updates: readonly Update[],
  varying: readonly Storage[],
  own: readonly Update[] = [],
  factors = false,
): Segments {
  const { level, varies } = factsOf([...updates, ...own], varying);
  const last = Math.max(...updates.map((u) => level.get(u.value) as number));
  const segments: Segment[] = Array.from({ length: last + 1 }, () => ({ updates: [], sums: [] }));
  for (const update of own) segments[Math.min(level.get(update.value) as number, last)].updates.push(update);
  segments[last].updates.push(...updates);
  const differing = updates.filter((u) => varies.has(u.value)).map((u) => u.storage);
  const places = new Map<Node, Storage>();
  const crossing: Storage[] = [];
  const products = new Map<Storage, Product>();
  /** Makes a segment leave the factors of a value, if it is a product of small ones. */
  const asProduct = (value: Node, from: Segment): Product | undefined => {
    const found = factors ? factorsOf(value) : undefined;
    if (found === undefined) return undefined;
    const product = withFactors(found, placeLike);
    product.factors.forEach((storage, i) => void from.updates.push({ storage, value: found.factors[i] }));
    crossing.push(...product.factors);
    return product;
  };
  /** Where a segment finds what an earlier one computed. */
  const placeOf = (node: Node): Storage => {
    let place = places.get(node);
    if (place === undefined) {
      places.set(node, (place = placeLike(node)));
      const from = segments[(level.get(node) as number) - (isCollective(node) ? 1 : 0)];
      (isCollective(node) ? from.sums : crossing).push(place);
      const value = isCollective(node) ? node.inputs[0] : node;
      const product = isCollective(node) ? asProduct(value, from) : undefined;
      if (product === undefined) from.updates.push({ storage: place, value });
      else products.set(place, product);
    }
    return place;
  };
  for (let at = last; at >= 0; at--) {
    const { updates: here } = segments[at];
    const isKnown = (node: Node): boolean => {
      const made = level.get(node) as number;
      return isCollective(node) ? made <= at : made < at && varies.has(node) && !isStorage(node) && !shows(node);
    };
    const inputsOf = (node: Node): readonly Node[] => (isKnown(node) ? [] : node.inputs);
    const done = new Map<Node, Node>();
    for (const node of topologicalOrder(
      here.map((u) => u.value),
      undefined,
      inputsOf,
    ))
      done.set(node, isKnown(node) ? fromStorage(placeOf(node)) : rebuilt(node, done));
    segments[at].updates.splice(
      0,
      here.length,
      ...here.map(({ storage, value }) => ({ storage, value: done.get(value) as Node })),
    );
  }
  return { segments, differing, crossing, products };
}

/** Whether a node only shows its input in another form, or has no value: its input is kept instead. */
const shows = ({ kind }: Node): boolean => ["view", "reshape", "loop"].includes(kind);

/** The same updates, with values in place of the contents of storages. */
export function withValues(updates: readonly Update[], values: ReadonlyMap<Storage, Node>): Update[] {
  const done = new Map<Node, Node>();
  for (const node of topologicalOrder(updates.map((u) => u.value)))
    done.set(node, (isStorage(node) ? values.get(node.attrs) : undefined) ?? rebuilt(node, done));
  return updates.map(({ storage, value }) => ({ storage, value: done.get(value) as Node }));
}

interface Facts {
  /** How many sums over the group a node comes after. */
  readonly level: ReadonlyMap<Node, number>;
  /** Nodes that differ between runs: computed from a run's own input, and not summed since. */
  readonly varies: ReadonlySet<Node>;
}

function factsOf(updates: readonly Update[], varying: readonly Storage[]): Facts {
  const given = new Set(varying);
  const level = new Map<Node, number>();
  const varies = new Set<Node>();
  for (const node of topologicalOrder(updates.map((u) => u.value))) {
    const before = node.inputs.reduce((most, x) => Math.max(most, level.get(x) as number), 0);
    level.set(node, isCollective(node) ? before + 1 : before);
    if (isCollective(node)) continue;
    if ((isStorage(node) && given.has(node.attrs)) || node.inputs.some((x) => varies.has(x))) varies.add(node);
  }
  return { level, varies };
}
