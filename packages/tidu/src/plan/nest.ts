// How an elementwise or reduction kernel is run: its loops in order, which of them lanes run along, what threads divide.
import {
  type Affine,
  affinesOf,
  dependence,
  type Expr,
  expressionsOf,
  type Guard,
  instructionsOf,
  isRead,
  type Kernel,
  type LineKernel,
  type MapKernel,
  ofOneRun,
  type ReduceKernel,
  storedBy,
} from "../compile/kernel.js";
import { moved } from "../compile/rewrite.js";
import { type Axis, arrange, sorted, stepOf } from "./axes.js";

/** Kernels with less work than this (elements times instructions) run on one thread. */
const WORTH_SHARING = 16384;

/** Elements of a cache line, of which threads get whole ones where they divide the loop of the lanes. */
export const LINE = 16;

/** Where more values are stored than this, memory is walked in their order: a line that is left half full is fetched again. */
const FEW_STORES = 4;

/** How a nest is run: its loops in order, and which of them the lanes run along. */
export interface NestPlan {
  readonly outer: readonly Axis[];
  readonly inner: readonly Axis[];
  /** Short outer loops that are written out around each point: values that do not change along them are computed once. */
  readonly unrolled: readonly Axis[];
  /** The loop that lanes run along: the last outer one, the last inner one, or none. */
  readonly lanes: "outer" | "inner" | "none";
  /**
   * Steps of the lanes' loop, from one to before another, in which all guards on it hold: outside of them elements are computed
   * one by one. Not set where no guard depends on that loop.
   */
  readonly inside?: { readonly from: number; readonly to: number };
  /** How many of the outer loops threads may divide; if it is 0, they divide that of the lanes. */
  readonly divisible: number;
  readonly shared: boolean;
}

export type NestKernel = MapKernel | ReduceKernel | LineKernel;

export function planNest(kernel: NestKernel): NestPlan {
  const { all, guards, loads } = affinesOf(kernel);
  const axes = kernel.sizes.map((size, axis) => ({ axis, size }));
  const stores = kernel.stores.map((s) => s.index);
  const accumulating = kernel.stores[0].accumulate;
  // What is contiguous where it is stored comes last; the other loops in the order in which all of memory is walked.
  const walk = stepOf(stores.length > FEW_STORES ? stores : [...loads, ...stores]);
  const far = (axis: number): number => (Math.abs(stores[0].coef[axis]) === 1 ? 0 : walk(axis));
  const inOrder = accumulating === undefined ? arrange : sorted;
  // A value carried along a line makes the line's axis, the last, the inner loop.
  const split = kernel.kind === "line" ? kernel.outer - 1 : kernel.outer;
  const outer = inOrder(axes.slice(0, split), far, all);
  const inner = arrange(axes.slice(split), stepOf(loads), all);
  const free = (a: Axis | undefined): a is Axis => a !== undefined && guards.every((g) => g.coef[a.axis] === 0);
  const last = outer.at(-1);
  const inside = last === undefined || free(last) ? undefined : insideOf(kernel, last, outer.length);
  // Lanes that are apart in memory are loaded and stored one by one, as they would be without lanes.
  // All lanes of a vector are stored in one row.
  const rowsDiffer = kernel.stores.some(
    ({ row }) => last !== undefined && row !== undefined && dependence(row.row, along(last), new Map()) !== 0,
  );
  const apart =
    last !== undefined &&
    (free(last) || inside !== undefined) &&
    !rowsDiffer &&
    stores.every((i) => i.coef[last.axis] !== 0);
  const lastInner = inner.at(-1);
  const unit = (a: Axis) => loads.every((i) => i.coef[a.axis] === 1 || i.coef[a.axis] === 0);
  const foldable = free(lastInner) && lastInner.size >= 4 && unit(lastInner);
  const wide = apart && (last as Axis).size >= 4;
  // Lanes along a sum are sums of their own: whether there are any is the same for one run and for many.
  const folds =
    kernel.runs === undefined
      ? kernel.kind === "reduce" && foldable && !(wide && unit(last as Axis))
      : planNest(ofOneRun(kernel)).lanes === "inner";
  const lanes = folds ? "inner" : wide ? "outer" : "none";
  const roots = kernel.stores.flatMap(storedBy);
  if ("body" in kernel) roots.push(kernel.body);
  const work = kernel.sizes.reduce((n, s) => n * s, 1) * instructionsOf(roots);
  // Where stores add up, loops whose steps may meet in one place go inside and are not divided among threads.
  const exclusive = accumulating?.exclusive;
  const isExclusive = ({ axis }: Axis): boolean => exclusive === undefined || exclusive.includes(axis);
  const divisible = exclusive === undefined ? outer : outer.filter((a) => isExclusive(a) && a !== last);
  const rest = outer.filter((a) => !divisible.includes(a));
  const dividesLanes =
    divisible.length === 0 && lanes === "outer" && isExclusive(last as Axis) && (last as Axis).size >= 2 * LINE;
  // Rows are added to in the order of the list of rows; only the lanes' own loop may come behind.
  if (kernel.stores[0].row !== undefined)
    rest.sort((p, q) => Number(isExclusive(p)) - Number(isExclusive(q)) || p.axis - q.axis);
  const ordered = [...divisible, ...rest];
  const unrolled = kernel.kind === "map" && lanes === "outer" ? unrollable(kernel, divisible, last as Axis) : [];
  return {
    outer: ordered.filter((a) => !unrolled.includes(a)),
    unrolled,
    inner,
    lanes,
    ...(lanes === "outer" && inside !== undefined ? { inside } : {}),
    divisible: divisible.length - unrolled.length,
    shared: work >= WORTH_SHARING && (divisible.length > unrolled.length || dividesLanes),
  };
}

/** Whether an integer depends on a loop, as a bit. */
const along =
  ({ axis }: Axis) =>
  ({ coef }: Affine): number =>
    coef[axis] === 0 ? 0 : 1;

/** Fewer steps inside all guards are not worth code of their own. */
const LEAST_INSIDE = 4;

/** The steps of a loop in which all guards on it hold, where each of those depends on no other loop. */
function insideOf(kernel: NestKernel, { axis, size }: Axis, loops: number): NestPlan["inside"] {
  if (kernel.kind === "line" || kernel.stores[0].accumulate !== undefined || loops < 2) return undefined;
  let [from, to] = [0, size];
  for (const { index, size: limit } of guardsOf(kernel)) {
    const own = index.coef[axis];
    if (own === 0) continue;
    if (Math.abs(own) !== 1 || index.coef.some((c, i) => c !== 0 && i !== axis)) return undefined;
    // 0 <= offset + own * step < limit
    from = Math.max(from, own > 0 ? -index.offset : index.offset - limit + 1);
    to = Math.min(to, own > 0 ? limit - index.offset : index.offset + 1);
  }
  return to - from < LEAST_INSIDE ? undefined : { from, to };
}

/** All conditions of a kernel. */
function guardsOf(kernel: Kernel): Guard[] {
  const own = expressionsOf(kernel).flatMap((e) => (isRead(e) || e.kind === "guarded" ? e.guards : []));
  return [...own, ...kernel.stores.flatMap((s) => s.guards)];
}

/** The kernel within the steps of a loop in which all guards on it hold. */
export const withoutGuards = <K extends MapKernel | ReduceKernel>(kernel: K, axis: number): K =>
  moved(kernel, { index: (a) => a, keep: (g) => g.index.coef[axis] === 0 });

/** Points that are written out, at most. */
const MOST_POINTS = 4;

/** Loops along which a value that varies along the lanes stays the same, as long as few points are written out. */
function unrollable(kernel: MapKernel, loops: readonly Axis[], lanes: Axis): Axis[] {
  const short = loops.filter((loop) => loop !== lanes && loop.size <= MOST_POINTS);
  if (short.length === 0) return [];
  const masks = varying(kernel, [lanes, ...short]);
  let points = 1;
  return short.filter((loop, i) => {
    if (points * loop.size > MOST_POINTS || !masks.some((mask) => (mask & 1) !== 0 && (mask & (2 << i)) === 0))
      return false;
    points *= loop.size;
    return true;
  });
}

/** For everything that a kernel reads or computes: along which of the axes it varies, as bits. */
function varying(kernel: MapKernel, axes: readonly Axis[]): number[] {
  const known = new Map<Expr, number>();
  const bits = ({ coef }: Affine): number => axes.reduce((m, { axis }, i) => (coef[axis] === 0 ? m : m | (1 << i)), 0);
  const costly = expressionsOf(kernel).filter((e) => isRead(e) || e.kind === "apply");
  return costly.map((e) => dependence(e, bits, known));
}
