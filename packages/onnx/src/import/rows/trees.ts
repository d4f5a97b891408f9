// Trees of decisions: all samples walk down all trees at once, one level a step.
import { full, type Tensor, tensor } from "tidu";
import type { GraphNode } from "../node.js";
import { both, either } from "../numbers.js";

/** The nodes of all trees in one table; leaves lead to themselves. */
interface Forest {
  /** The first node of each tree. */
  readonly roots: Int32Array;
  readonly features: Int32Array;
  readonly values: Float32Array;
  readonly isTrue: Int32Array;
  readonly isFalse: Int32Array;
  /** Which comparison each node makes, and those that there are. */
  readonly modes: Int32Array;
  readonly comparisons: readonly string[];
  /** 1 where a missing number (NaN) goes the way of true. */
  readonly missing: Int32Array | undefined;
  readonly depth: number;
  /** What each leaf adds to each target, [nodes, targets]. */
  readonly weights: Float32Array;
  readonly targets: number;
  readonly base: readonly number[];
  readonly combine: (x: Tensor) => Tensor;
}

const COMPARISONS: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
  BRANCH_LEQ: (x, y) => x.le(y),
  BRANCH_LT: (x, y) => x.lt(y),
  BRANCH_GTE: (x, y) => x.ge(y),
  BRANCH_GT: (x, y) => x.gt(y),
  BRANCH_EQ: (x, y) => x.eq(y),
  BRANCH_NEQ: (x, y) => x.eq(y).not(),
};

/** How the trees' numbers become one. */
const COMBINE: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  SUM: (x) => x.sum(1),
  AVERAGE: (x) => x.mean(1),
  MIN: (x) => x.min(1),
  MAX: (x) => x.max(1),
};

/** Reads a node's lists; `what` is "target" or "class". */
export function readForest(node: GraphNode, what: string, targets: number): Forest {
  const list = (name: string): readonly number[] => node.ints(name, []);
  const [trees, ids] = [list("nodes_treeids"), list("nodes_nodeids")];
  node.ignore("nodes_hitrates");
  const places = new Map(ids.map((id, i) => [`${trees[i]} ${id}`, i]));
  const place = (tree: number, id: number) =>
    places.get(`${tree} ${id}`) ?? node.damaged(`refers to node ${id} of tree ${tree}, which does not exist`);
  const names = node.texts("nodes_modes");
  const comparisons = [...new Set(names)].filter((name) => name !== "LEAF");
  const unknown = comparisons.find((name) => !Object.hasOwn(COMPARISONS, name));
  if (unknown !== undefined) node.damaged(`has the comparison ${unknown}`);
  const next = (name: string) => {
    const to = list(name);
    return Int32Array.from(ids, (_, i) => (names[i] === "LEAF" ? i : place(trees[i], to[i])));
  };
  const [isTrue, isFalse] = [next("nodes_truenodeids"), next("nodes_falsenodeids")];
  const roots = Int32Array.from(new Set(trees), (tree) => trees.indexOf(tree));
  const how = what === "target" ? node.text("aggregate_function", "SUM") : "SUM";
  const missing = node.ints("nodes_missing_value_tracks_true");
  return {
    roots,
    features: Int32Array.from(list("nodes_featureids")),
    values: Float32Array.from(node.floats("nodes_values") ?? []),
    isTrue,
    isFalse,
    modes: Int32Array.from(names, (name) => Math.max(comparisons.indexOf(name), 0)),
    comparisons,
    missing: missing?.includes(1) ? Int32Array.from(missing) : undefined,
    depth: depthOf(node, roots, isTrue, isFalse),
    weights: readWeights(node, what, targets, ids.length, place),
    targets,
    base: node.floats("base_values") ?? [],
    combine: COMBINE[how] ?? node.damaged(`has aggregate_function ${how}`),
  };
}

function readWeights(
  node: GraphNode,
  what: string,
  targets: number,
  count: number,
  place: (tree: number, id: number) => number,
): Float32Array {
  const [trees, ids, own] = ["treeids", "nodeids", "ids"].map((name) => node.ints(`${what}_${name}`, []));
  const values = node.floats(`${what}_weights`) ?? [];
  const weights = new Float32Array(count * targets);
  values.forEach((value, i) => {
    weights[place(trees[i], ids[i]) * targets + (targets === 1 ? 0 : own[i])] += value;
  });
  return weights;
}

/** The steps from a root to the leaf that is farthest. */
function depthOf(node: GraphNode, roots: Int32Array, isTrue: Int32Array, isFalse: Int32Array): number {
  let level = [...roots];
  let depth = 0;
  for (; level.length > 0; depth++) {
    if (depth > isTrue.length) node.damaged("has trees with cycles");
    level = [...new Set(level.flatMap((i) => (isTrue[i] === i ? [] : [isTrue[i], isFalse[i]])))];
  }
  return depth - 1;
}

/** The trees' numbers for x [samples, features], put together: [samples, targets]. */
export function forest(x: Tensor, f: Forest): Tensor {
  const [samples, width] = x.shape;
  const real = x.toFloat();
  const flat = real.reshape([samples * width]);
  const [features, values, yes, no, modes] = [f.features, f.values, f.isTrue, f.isFalse, f.modes].map((t) => tensor(t));
  const row = tensor(
    Int32Array.from({ length: samples }, (_, i) => i * width),
    [samples, 1],
  );
  let at = tensor(f.roots).reshape([1, f.roots.length]).broadcastTo([samples, f.roots.length]);
  for (let level = 0; level < f.depth; level++) {
    const own = flat.gather(features.gather(at).add(row));
    const than = values.gather(at);
    const kind = modes.gather(at);
    const results = f.comparisons.map((name, i) => [COMPARISONS[name](own, than), kind.eq(i)] as const);
    const goes = results.length === 1 ? results[0][0] : results.map(([r, mine]) => both(mine, r)).reduce(either);
    const isMissing = f.missing && both(own.eq(own).not(), tensor(f.missing).gather(at).eq(1));
    at = (isMissing === undefined ? goes : either(goes, isMissing)).where(yes.gather(at), no.gather(at));
  }
  const leaves = tensor(f.weights, [f.weights.length / f.targets, f.targets]).gather(at);
  const y = f.combine(leaves);
  return f.base.length === 0 ? y : y.add(f.base.length === 1 ? full([], f.base[0]) : tensor([...f.base]));
}
