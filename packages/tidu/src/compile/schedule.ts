// Decides which values are stored, and so what the kernels are.
import { isBijective, isIdentity, staysInside } from "../base/affine.js";
import { sizeOf } from "../base/shape.js";
import { type Node, type OpKind, topologicalOrder } from "../graph/node.js";
import { isFull, isIndex, isStorage, valuesOf } from "../graph/ops/index.js";
import type { Target } from "./target.js";

/** A reduction over at most this many elements is computed wherever it is used, like an elementwise op. */
const SMALL_REDUCE = 16;

/** One kernel to be: computes and stores the value of `root`. */
export interface Task {
  readonly root: Node;
  /** The contraction, large reduction or unview that the kernel is built around; what follows it is its epilogue. */
  readonly core?: Node;
}

export interface Schedule {
  /** In an order in which every task finds its inputs stored. */
  readonly tasks: readonly Task[];
  /** Values that live in memory: storages and the roots of tasks. */
  readonly stored: ReadonlySet<Node>;
}

/** Whether a core's kernel adds to elements of its result one by one, so that nothing can follow it at once. */
export const addsUp = ({ kind, attrs }: Node): boolean =>
  kind === "scatter" || (kind === "unview" && !isBijective(attrs));

/** Whether a core's kernels do no more than the core. */
export const standsAlone = (core: Node): boolean => addsUp(core) || ALONE.includes(core.kind);
const ALONE: readonly OpKind[] = ["concat", "line", "loop", "part"];
const CORES: readonly OpKind[] = [...ALONE, "contract", "unview", "scatter"];

/** Whether a reduction is small enough to be part of any expression. */
export const isSmallReduce = (node: Node): boolean =>
  node.kind === "reduce" && sizeOf(node.attrs.axes.map((a) => node.inputs[0].shape[a])) <= SMALL_REDUCE;

/** Whether a value is computed by a kernel that is built around it. */
export const isCore = (node: Node): boolean =>
  CORES.includes(node.kind) || (node.kind === "reduce" && !isSmallReduce(node));

/**
 * Decides which values are stored and which are computed on the way, and so what the kernels are.
 *
 * @param roots the values that the program is for.
 * @param required values that must be stored for reasons of their own.
 */
export function schedule(roots: readonly Node[], required: ReadonlySet<Node>, target: Target): Schedule {
  const order = topologicalOrder(roots, undefined, valuesOf);
  const users = countUsers(order, roots);
  const stored = new Set<Node>([...roots, ...[...required].filter((n) => users.has(n))]);
  for (const node of order) if (isStorage(node)) stored.add(node);
  storeInputsInMemory(order, stored);
  storeExpensive(order, users, stored, target);
  target.store?.(order, stored);
  const cores = absorbEpilogues(order, users, stored);
  const tasks = order.filter((n) => stored.has(n) && !isStorage(n)).map((root) => ({ root, core: cores.get(root) }));
  return { tasks, stored };
}

function countUsers(order: readonly Node[], roots: readonly Node[]): Map<Node, Node[]> {
  const users = new Map<Node, Node[]>(order.map((n) => [n, []]));
  for (const node of order) for (const x of new Set(valuesOf(node))) users.get(x)?.push(node);
  for (const root of roots) users.get(root)?.push(root);
  return users;
}

/** Gathers take rows from memory, loops all that their steps read; a reshape that merges axes sees memory under another shape. */
function storeInputsInMemory(order: readonly Node[], stored: Set<Node>): void {
  for (const node of order) {
    if (node.kind === "loop") for (const x of node.op.reads(node)) stored.add(x);
    if (node.kind !== "gather" && node.kind !== "reshape") continue;
    const [x] = node.inputs;
    if (x.kind !== "reshape") stored.add(x);
  }
}

/** Stores values that it costs less to store once than to compute again, and the parts of what would grow too long. */
function storeExpensive(
  order: readonly Node[],
  users: Map<Node, Node[]>,
  stored: Set<Node>,
  { longest, recompute }: Target,
): void {
  /** Instructions that compute one element of a value from stored ones. */
  const cost = new Map<Node, number>();
  const costOf = (node: Node): number => (stored.has(node) || isCore(node) ? 1 : (cost.get(node) as number));
  const price = (node: Node): number => {
    if (isStorage(node) || isFull(node) || isIndex(node)) return 0;
    const inputs = valuesOf(node).reduce((sum, x) => sum + costOf(x), 0);
    if (node.kind === "elementwise") return inputs + node.op.cost;
    if (isSmallReduce(node)) return (inputs + 2) * (sizeOf(node.inputs[0].shape) / sizeOf(node.shape));
    return node.kind === "view" && !staysInside(node.attrs) ? inputs + 1 : inputs;
  };
  for (const node of order) {
    for (const x of valuesOf(node)) {
      // Views that show an element several times would compute it several times.
      if (repeats(node, x) && costOf(x) > recompute) stored.add(x);
      if (isCore(x) && node.kind !== "elementwise") stored.add(x);
    }
    if (price(node) > longest) for (const x of valuesOf(node)) if (costOf(x) > recompute) stored.add(x);
    cost.set(node, price(node));
    if ((users.get(node) as Node[]).length > 1 && costOf(node) > recompute) stored.add(node);
  }
}

const repeats = (node: Node, x: Node): boolean =>
  (node.kind === "view" && sizeOf(node.shape) > sizeOf(x.shape)) || node.kind === "contract";

/**
 * Lets each core's kernel go on with the elementwise ops that only it feeds, so that bias, activation or an
 * optimizer's update happen before the result first touches memory.
 */
function absorbEpilogues(order: readonly Node[], users: Map<Node, Node[]>, stored: Set<Node>): Map<Node, Node> {
  const owner = new Map<Node, Node>();
  const cores = new Map<Node, Node>();
  for (const core of order) {
    if (!isCore(core)) continue;
    let end = core;
    const extends_ = !standsAlone(core);
    while (extends_ && !stored.has(end)) {
      const [next, ...more] = users.get(end) as Node[];
      if (more.length > 0 || next.kind !== "elementwise" || owner.has(next)) break;
      end = next;
      owner.set(end, core);
    }
    stored.add(end);
    cores.set(end, core);
  }
  return cores;
}

/** Whether a kernel's root reads a stored value only at the element that it writes (so that it may overwrite it). */
export function readsInPlace(task: Task, target: Node, stored: ReadonlySet<Node>): boolean {
  const seen = new Set<Node>();
  const visit = (node: Node, aligned: boolean): boolean => {
    if (node === target) return aligned;
    if (node !== task.root && stored.has(node)) return true;
    if (seen.has(node) && aligned) return true;
    if (aligned) seen.add(node);
    const keeps = node.kind === "elementwise" || (node.kind === "view" && isIdentity(node.attrs));
    return valuesOf(node).every((x) => visit(x, aligned && keeps));
  };
  return visit(task.root, true);
}
