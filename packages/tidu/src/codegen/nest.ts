import { everyIndex } from "../base/shape.js";
import {
  type Buffer,
  type Expr,
  expressions,
  expressionsOf,
  instructionsOf,
  isRead,
  type ReduceKernel,
  storedBy,
} from "../compile/kernel.js";
import type { Axis } from "../plan/axes.js";
import { chainFor, chainsOf, NO_CHAINS } from "../plan/chains.js";
import { type NestKernel, type NestPlan, withoutGuards } from "../plan/nest.js";
import { cascadeOf } from "./cascade.js";
import { type Emitter, INT, VECTOR } from "./emitter.js";
import { Evaluator, NO_LOOP, type Place, WRITTEN_OUT } from "./evaluate.js";
import { emitByFirst, emitByLast, emitLoop, emitShared, emitVectorLoop, type Loop } from "./loops.js";

/**
 * Writes the code of an elementwise or reduction kernel.
 *
 * @param bases locals with the addresses of its buffers.
 * @param along writes the code at the given places, for a kernel that runs along lines.
 */
export function emitNest(
  f: Emitter,
  bases: ReadonlyMap<Buffer, number>,
  kernel: NestKernel,
  plan: NestPlan,
  along?: (ev: Evaluator, places: readonly Place[]) => void,
): void {
  const { outer, unrolled, inner, lanes, inside, divisible, shared } = plan;
  const variables = kernel.sizes.map(() => NO_LOOP);
  const shifts = shiftsAlong(unrolled, kernel.sizes.length);
  for (const { axis } of [...outer, ...inner]) variables[axis] = f.local(INT);
  for (const { axis } of unrolled) variables[axis] = WRITTEN_OUT;
  const ev = new Evaluator(f, variables, bases);
  const roots: Expr[] = kernel.stores.flatMap(storedBy);
  if ("body" in kernel) roots.push(kernel.body);
  const all = expressions(roots);

  const vector = lanes === "outer" ? (outer.at(-1) as Axis) : undefined;
  const loops: Loop[] = outer.flatMap((a) =>
    a === vector ? [] : [{ variable: variables[a.axis], count: a.size, step: 1 }],
  );
  const divided = shared ? Math.min(divisible, loops.length) : 0;
  const uniform: Place = { vectorAxis: -1, width: f.lanes };
  const hoist = (axes: readonly Axis[]): void => {
    const ready = ev.loops(axes.map((a) => a.axis));
    ev.hoist(all, ready, uniform);
    for (const s of kernel.stores) ev.hoistAddress(s.buffer, s.index, ready);
    for (const e of expressionsOf(kernel)) {
      if (isRead(e)) ev.hoistAddress(e.buffer, e.index, ready);
    }
  };
  const points = (places: readonly Place[], as: NestKernel = kernel): void => {
    ev.scope(() => {
      if (as.kind === "line") return along?.(ev, places);
      if (as.kind === "reduce") {
        const totals = emitReduction(ev, as, inner, lanes === "inner", places);
        totals.forEach((total, i) => void ev.setCore(total, places[i]));
      }
      for (const place of places) ev.storeAll(as.stores, place);
    });
  };
  const body = (): void => {
    if (vector === undefined) return points([{ vectorAxis: -1, width: 1 }]);
    const vectorAxis = vector.axis;
    const free = inside === undefined || kernel.kind === "line" ? kernel : withoutGuards(kernel, vectorAxis);
    const at = (width: number, vectors: number): void => {
      const starts = Array.from({ length: vectors }, (_, i) => f.lanes * i);
      const places = starts.flatMap((start) =>
        shifts.map((s) => ({ vectorAxis, width, shift: s.with(vectorAxis, start) })),
      );
      points(places, free);
    };
    const variable = variables[vectorAxis];
    const { from, to } = inside ?? { from: 0, to: vector.size };
    const single = (start: number, end: number): void =>
      emitLoop(f, { variable, count: end - start, step: 1, start }, () =>
        points(shifts.map((shift) => ({ vectorAxis: -1, width: 1, shift }))),
      );
    const divides = shared && divided === 0;
    const once = (by: typeof emitByFirst, code: () => void) => (divides ? by(f, code) : code());
    if (from > 0) once(emitByFirst, () => single(0, from));
    emitVectorLoop(
      f,
      { variable, start: from, size: to - from },
      divides,
      vectorsAtOnce(instructionsOf(kernel.kind === "reduce" ? [kernel.body] : roots) * shifts.length),
      kernel.kind === "reduce",
      (vectors) => at(f.lanes, vectors),
      (elements) => at(elements, 1),
    );
    if (to < vector.size) once(emitByLast, () => single(to, vector.size));
  };
  const withoutVector = outer.filter((a) => a !== vector);
  ev.scope(() => {
    hoist([]);
    const enter = (depth: number): void => hoist(withoutVector.slice(0, depth));
    emitShared(f, loops, divided, enter, () => ev.scope(body));
  });
}

/** The positions of the written-out points: a shift of every axis for each of them. */
function shiftsAlong(unrolled: readonly Axis[], axes: number): number[][] {
  const none = new Array<number>(axes).fill(0);
  return everyIndex(unrolled.map((a) => a.size)).map((at) =>
    unrolled.reduce((shift, { axis }, i) => shift.with(axis, at[i]), none),
  );
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
  const start = (): number => f.get(ev.machine[op.dtype](op.initial)).keep(VECTOR);
  const totals = places.map(start);
  // The rest after the whole vectors has a total of its own.
  const left = along ? loops[last].size % 4 : 0;
  const rest = left > 0 ? [start()] : [];
  const terms = loops.reduce((n, l) => n * l.size, 1);
  const chains = op.rounds ? chainsOf(loops, along, chainFor(terms)) : NO_CHAINS;
  const cascade = cascadeOf(f, [...totals, ...rest], chains);
  const combine = (acc: number, more: number): void => void f.get(op.combine(ev.machine, acc, more)).set(acc);
  const into = (acc: number, at: Place): void => ev.scope(() => combine(acc, ev.value(kernel.body, at)));
  const sumChains = (loop: Loop, cut: boolean, body: () => void): void =>
    emitLoop(f, loop, () => ev.scope(body), cut ? chains.steps : loop.count, cut ? cascade.begin : undefined);
  /** The last loop, in vectors. */
  const sumLanes = (cut: boolean): void => {
    const { axis, size } = loops[last];
    const variable = ev.variables[axis];
    const count = (size - left) / 4;
    const most = vectorsAtOnce(instructionsOf([kernel.body]));
    // What does not round may be combined in any order: a few long chains.
    const steps = cut ? chains.steps : op.rounds ? count : Math.ceil(count / most);
    const done = emitBeside(ev, { axis, count, steps, most }, start, into, take);
    const others: Loop = { variable, count: count - done, step: 4, start: 4 * done };
    sumChains(others, cut, () => into(totals[0], { vectorAxis: axis, width: 4 }));
    const single: Loop = { variable, count: left, step: 1, start: size - left };
    emitLoop(f, single, () => into(rest[0], { vectorAxis: axis, width: 1 }));
  };
  const take = (sum: number): void => {
    cascade.begin();
    combine(totals[0], sum);
  };
  const nest = (depth: number): void => {
    if (depth === loops.length) return places.forEach((place, i) => void into(totals[i], place));
    const cut = depth === chains.loop;
    if (along && depth === last) return sumLanes(cut);
    const { axis, size } = loops[depth];
    sumChains({ variable: ev.variables[axis], count: size, step: 1 }, cut, () => nest(depth + 1));
  };
  nest(0);
  cascade.finish();
  return along ? [combineLanes(ev, kernel, totals[0], rest[0])] : totals;
}

/**
 * Combines whole chains of vectors, a few side by side: each step of a chain waits for the one before.
 *
 * @param loop the axis, how many vectors it has, how many a chain has, and the most chains side by side.
 * @param start makes a local with the value that a chain begins with.
 * @param take is given a local with the result of one chain after the other.
 * @returns the number of vectors that this combines.
 */
function emitBeside(
  { f, variables }: Evaluator,
  { axis, count, steps, most }: { axis: number; count: number; steps: number; most: number },
  start: () => number,
  into: (sum: number, at: Place) => void,
  take: (sum: number) => void,
): number {
  const variable = variables[axis];
  const none = variables.map(() => 0);
  const beside = Math.min(most, Math.floor(count / steps));
  const rounds = beside > 1 ? Math.floor(count / (beside * steps)) : 0;
  f.i32(0).set(variable);
  emitLoop(f, { variable: f.local(INT), count: rounds, step: 1 }, () => {
    const sums = Array.from({ length: beside }, start);
    emitLoop(f, { variable: f.local(INT), count: steps, step: 1 }, () => {
      sums.forEach((sum, i) => into(sum, { vectorAxis: axis, width: 4, shift: none.with(axis, 4 * steps * i) }));
      f.advance(variable, 4);
    });
    for (const sum of sums) take(sum);
    f.advance(variable, 4 * steps * (beside - 1));
  });
  return rounds * beside * steps;
}

/** All lanes of `total`, and the first of `rest`, combined in a fixed order into every lane. */
function combineLanes(ev: Evaluator, { op }: ReduceKernel, total: number, rest: number | undefined): number {
  const { f, machine } = ev;
  const half = f.get(total).get(total).shuffle([2, 3, 0, 1]).keep(VECTOR);
  const pairs = op.combine(machine, total, half);
  const other = f.get(pairs).get(pairs).shuffle([1, 0, 3, 2]).keep(VECTOR);
  const all = op.combine(machine, pairs, other);
  return rest === undefined ? all : op.combine(machine, all, rest);
}
