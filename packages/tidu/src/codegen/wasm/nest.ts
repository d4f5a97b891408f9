import { everyIndex } from "../../base/shape.js";
import {
  type Affine,
  dependence,
  type Expr,
  expressionsOf,
  instructionsOf,
  isRead,
  type Kernel,
  type MapKernel,
  type ReduceKernel,
  storedBy,
} from "../../compile/kernel.js";
import { chainsOf, NO_CHAINS } from "../../plan/chains.js";
import { I32, V128 } from "./assembler.js";
import { cascadeOf } from "./cascade.js";
import { Evaluator, NO_LOOP, type Place, WRITTEN_OUT } from "./evaluate.js";
import { type KernelCode, kernelFunction } from "./kernel-code.js";
import { emitLoop, emitShared, emitVectorLoop, type Loop } from "./loops.js";

/** A loop of a kernel: one axis, or several neighbours that run through memory as one. */
interface Axis {
  readonly axis: number;
  readonly size: number;
}

/** Kernels with less work than this (elements times instructions) run on one thread. */
const WORTH_SHARING = 16384;

/** Every affine index of a kernel, whether it is an address, a guard or a value. */
function affines(kernel: Kernel): { all: Affine[]; guards: Affine[]; loads: Affine[] } {
  const all: Affine[] = [];
  const guards: Affine[] = [];
  const loads: Affine[] = [];
  for (const e of expressionsOf(kernel)) {
    if (isRead(e) || e.kind === "index") all.push(e.index);
    if (isRead(e)) loads.push(e.index);
    if (isRead(e) || e.kind === "guarded") guards.push(...e.guards.map((g) => g.index));
  }
  for (const s of kernel.stores) {
    all.push(s.index);
    guards.push(...s.guards.map((g) => g.index));
  }
  return { all: [...all, ...guards], guards, loads };
}

/** Drops axes of size 1, sorts by how far a step moves in memory, and merges axes that run on as one. */
function arrange(axes: readonly Axis[], far: (axis: number) => number, all: readonly Affine[], merge: boolean): Axis[] {
  const sorted = axes.filter((a) => a.size > 1).sort((p, q) => far(q.axis) - far(p.axis) || p.axis - q.axis);
  if (!merge) return sorted;
  const merged: Axis[] = [];
  for (const axis of sorted) {
    const last = merged[merged.length - 1];
    if (last !== undefined && all.every((i) => i.coef[last.axis] === i.coef[axis.axis] * axis.size)) {
      merged[merged.length - 1] = { axis: axis.axis, size: last.size * axis.size };
    } else merged.push(axis);
  }
  return merged;
}

const stepOf = (indices: readonly Affine[]) => (axis: number) =>
  indices.reduce((n, i) => n + Math.abs(i.coef[axis]), 0);

/** How a nest is run: its loops in order, and which of them the lanes run along. */
interface Plan {
  readonly outer: readonly Axis[];
  readonly inner: readonly Axis[];
  /** Short outer loops that are written out around each point: values that do not change along them are computed once. */
  readonly unrolled: readonly Axis[];
  /** The loop that lanes run along: the last outer one, the last inner one, or none. */
  readonly lanes: "outer" | "inner" | "none";
  /** How many of the outer loops threads may divide. */
  readonly divisible: number;
  readonly shared: boolean;
}

function plan(kernel: MapKernel | ReduceKernel): Plan {
  const { all, guards, loads } = affines(kernel);
  const axes = kernel.sizes.map((size, axis) => ({ axis, size }));
  const stores = kernel.stores.map((s) => s.index);
  const accumulating = kernel.stores[0].accumulate;
  // What is contiguous where it is stored comes last; the other loops in the order in which all of memory is walked.
  const walk = stepOf([...loads, ...stores]);
  const far = (axis: number): number => (Math.abs(stores[0].coef[axis]) === 1 ? 0 : walk(axis));
  const outer = arrange(axes.slice(0, kernel.outer), far, all, accumulating === undefined);
  const inner = arrange(axes.slice(kernel.outer), stepOf(loads), all, true);
  const free = (a: Axis | undefined): a is Axis => a !== undefined && guards.every((g) => g.coef[a.axis] === 0);
  const last = outer.at(-1);
  // Lanes that are apart in memory are loaded and stored one by one, as they would be without lanes.
  const apart = free(last) && stores.every((i) => i.coef[last.axis] !== 0);
  const lastInner = inner.at(-1);
  const unit = (a: Axis) => loads.every((i) => i.coef[a.axis] === 1 || i.coef[a.axis] === 0);
  const foldable =
    free(lastInner) && lastInner.size >= 4 && unit(lastInner) && loads.some((i) => i.coef[lastInner.axis] === 1);
  const wide = apart && (last as Axis).size >= 4;
  const lanes =
    kernel.kind === "reduce" && foldable && !(wide && unit(last as Axis)) ? "inner" : wide ? "outer" : "none";
  const roots = kernel.stores.flatMap(storedBy);
  if (kernel.kind === "reduce") roots.push(kernel.body);
  const work = kernel.sizes.reduce((n, s) => n * s, 1) * instructionsOf(roots);
  // Where stores add up, loops whose steps may meet in one place go inside and are not divided among threads.
  const exclusive = accumulating?.exclusive;
  const divisible = exclusive === undefined ? outer : outer.filter((a) => exclusive.includes(a.axis) && a !== last);
  const rest = outer.filter((a) => !divisible.includes(a));
  // Rows are added to in the order of the list of rows; only the lanes' own loop may come behind.
  const isOwn = ({ axis }: Axis): number => Number(exclusive?.includes(axis));
  if (kernel.stores[0].row !== undefined) rest.sort((p, q) => isOwn(p) - isOwn(q) || p.axis - q.axis);
  const ordered = [...divisible, ...rest];
  const unrolled = kernel.kind === "map" && lanes === "outer" ? unrollable(kernel, divisible, last as Axis) : [];
  return {
    outer: ordered.filter((a) => !unrolled.includes(a)),
    unrolled,
    inner,
    lanes,
    divisible: divisible.length - unrolled.length,
    shared: work >= WORTH_SHARING && divisible.length > unrolled.length,
  };
}

/** Points that are written out, at most. */
const MOST_POINTS = 4;

/** Loops along which something that varies along the lanes stays the same, as long as few points are written out. */
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

/** Code of an elementwise or reduction kernel. */
export function emitNest(kernel: MapKernel | ReduceKernel): KernelCode {
  const { f, bases } = kernelFunction(kernel);
  const { outer, unrolled, inner, lanes, divisible, shared } = plan(kernel);
  const variables = kernel.sizes.map(() => NO_LOOP);
  const shifts = shiftsAlong(unrolled, kernel.sizes.length);
  for (const { axis } of [...outer, ...inner]) variables[axis] = f.local(I32);
  for (const { axis } of unrolled) variables[axis] = WRITTEN_OUT;
  const ev = new Evaluator(f, variables, bases);
  const roots: Expr[] = kernel.stores.flatMap(storedBy);
  if (kernel.kind === "reduce") roots.push(kernel.body);

  const vector = lanes === "outer" ? (outer.at(-1) as Axis) : undefined;
  const loops: Loop[] = outer.flatMap((a) =>
    a === vector ? [] : [{ variable: variables[a.axis], count: a.size, step: 1 }],
  );
  const uniform: Place = { vectorAxis: -1, width: 4 };
  const hoist = (axes: readonly Axis[]): void => {
    const ready = ev.loops(axes.map((a) => a.axis));
    ev.hoist(roots, ready, uniform);
    for (const s of kernel.stores) ev.hoistAddress(s.buffer, s.index, ready);
    for (const e of expressionsOf(kernel)) {
      if (isRead(e)) ev.hoistAddress(e.buffer, e.index, ready);
    }
  };
  const points = (places: readonly Place[]): void => {
    ev.scope(() => {
      if (kernel.kind === "reduce") {
        const totals = emitReduction(ev, kernel, inner, lanes === "inner", places);
        totals.forEach((total, i) => void ev.setCore(total, places[i]));
      }
      for (const place of places) ev.storeAll(kernel.stores, place);
    });
  };
  const body = (): void => {
    if (vector === undefined) return points([{ vectorAxis: -1, width: 1 }]);
    const vectorAxis = vector.axis;
    const at = (width: 4 | 1, vectors: number): void => {
      const starts = Array.from({ length: vectors }, (_, i) => 4 * i);
      points(starts.flatMap((start) => shifts.map((s) => ({ vectorAxis, width, shift: s.with(vectorAxis, start) }))));
    };
    const atOnce = vectorsAtOnce(instructionsOf(roots) * shifts.length);
    emitVectorLoop(
      f,
      variables[vectorAxis],
      vector.size,
      shared && loops.length === 0,
      atOnce,
      (vectors) => at(4, vectors),
      () => at(1, 1),
    );
  };
  const withoutVector = outer.filter((a) => a !== vector);
  ev.scope(() => {
    hoist([]);
    const enter = (depth: number): void => hoist(withoutVector.slice(0, depth));
    emitShared(f, loops, shared && loops.length > 0 ? Math.min(divisible, loops.length) : 0, enter, () =>
      ev.scope(body),
    );
  });
  return { f, shared };
}

/** The positions of the written-out points: a shift of every axis for each of them. */
function shiftsAlong(unrolled: readonly Axis[], axes: number): number[][] {
  return everyIndex(unrolled.map((a) => a.size)).map((at) => {
    const shift = new Array<number>(axes).fill(0);
    unrolled.forEach(({ axis }, i) => void (shift[axis] = at[i]));
    return shift;
  });
}

/** Vectors whose code is written out together, so that short code is not mostly counting. */
const vectorsAtOnce = (instructions: number): number => (instructions <= 10 ? 4 : instructions <= 20 ? 2 : 1);

/** Combines the body over the inner loops into one value for each place (in its lanes). */
function emitReduction(
  ev: Evaluator,
  kernel: ReduceKernel,
  loops: readonly Axis[],
  along: boolean,
  places: readonly Place[],
): number[] {
  const { f } = ev;
  const { op } = kernel;
  const last = loops.length - 1;
  const start = (): number => f.get(ev.machine.f32(op.initial)).keep(V128);
  const totals = places.map(start);
  // Lanes that are left over have a total of their own.
  const left = along ? loops[last].size % 4 : 0;
  const rest = left > 0 ? [start()] : [];
  const chains = op.rounds ? chainsOf(loops, along) : NO_CHAINS;
  const cascade = cascadeOf(f, [...totals, ...rest], chains);
  const into = (acc: number, at: Place): void => {
    ev.scope(() => f.get(op.combine(ev.machine, acc, ev.value(kernel.body, at))).set(acc));
  };
  const nest = (depth: number): void => {
    if (depth === loops.length) return places.forEach((place, i) => void into(totals[i], place));
    const { axis, size } = loops[depth];
    const variable = ev.variables[axis];
    const vectors = along && depth === last;
    const loop: Loop = vectors ? { variable, count: (size - left) / 4, step: 4 } : { variable, count: size, step: 1 };
    const body = () => (vectors ? into(totals[0], { vectorAxis: axis, width: 4 }) : nest(depth + 1));
    const cut = depth === chains.loop;
    emitLoop(f, loop, () => ev.scope(body), cut ? chains.steps : loop.count, cut ? cascade.begin : undefined);
    if (!vectors) return;
    const single = { variable, count: left, step: 1, start: size - left };
    emitLoop(f, single, () => into(rest[0], { vectorAxis: axis, width: 1 }));
  };
  nest(0);
  cascade.finish();
  return along ? [combineLanes(ev, kernel, totals[0], rest[0])] : totals;
}

/** All lanes of `total`, and the first of `rest`, combined in a fixed order into every lane. */
function combineLanes(ev: Evaluator, { op }: ReduceKernel, total: number, rest: number | undefined): number {
  const { f, machine } = ev;
  const half = f.get(total).get(total).shuffle([2, 3, 0, 1]).keep(V128);
  const pairs = op.combine(machine, total, half);
  const other = f.get(pairs).get(pairs).shuffle([1, 0, 3, 2]).keep(V128);
  const all = op.combine(machine, pairs, other);
  return rest === undefined ? all : op.combine(machine, all, rest);
}
