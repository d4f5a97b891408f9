// Code for loops, and for dividing them among threads.

import { sizeOf } from "../base/shape.js";
import { LINE } from "../plan/nest.js";
import { dividedLoops } from "../plan/shares.js";
import { type Emitter, INT } from "./emitter.js";

/** One loop of a nest: `variable` takes `count` values from `start` (default 0) on, in steps of `step`. */
export interface Loop {
  readonly variable: number;
  readonly count: number;
  readonly step: number;
  readonly start?: number;
}

/**
 * Emits a loop; the variable is set when `body`, which takes no arguments, is called. `begin` comes before every `most`
 * steps.
 */
export function emitLoop(
  f: Emitter,
  { variable, count, step, start = 0 }: Loop,
  body: () => void,
  most = count,
  begin = () => {},
): void {
  if (count === 0) return;
  const below = (end: () => unknown): void => {
    f.get(variable);
    end();
    f.op("below");
  };
  const run = (end: () => unknown): void => {
    begin();
    if (count === 1) return body();
    f.loop(() => {
      body();
      f.advance(variable, step);
      below(end);
    });
  };
  const all = () => f.i32(start + count * step);
  f.i32(start).set(variable);
  if (most >= count) return run(all);
  const end = f.local(INT);
  f.loop(() => {
    f.get(variable)
      .i32(most * step)
      .op("add");
    all().choose("below").set(end);
    run(() => f.get(end));
    below(all);
  });
}

/**
 * Emits a loop while `variable`, which is set already, and the number `ahead` together are below the local `end`; `step` pushes what
 * is added to the variable.
 */
export function emitWhile(
  f: Emitter,
  variable: number,
  end: number,
  step: () => unknown,
  body: () => void,
  ahead = 0,
): void {
  const goesOn = () => {
    if (ahead > 0) f.i32(ahead).op("add");
    return f.get(end).op("below");
  };
  f.get(variable);
  goesOn().if(() =>
    f.loop(() => {
      body();
      f.get(variable);
      step();
      f.op("add").tee(variable);
      goesOn();
    }),
  );
}

/** First and last+1 of this thread's share of `total` pieces, as locals. Depends on nothing but the three numbers. */
export function share(f: Emitter, total: number): { next: number; end: number } {
  const next = f.local(INT);
  const end = f.local(INT);
  f.get(f.thread).i32(total).op("mul").get(f.threads).op("div").set(next);
  f.get(f.thread).i32(1).op("add").i32(total).op("mul").get(f.threads).op("div").set(end);
  return { next, end };
}

/**
 * Emits a nest of loops, outermost first, of which each thread runs a share: of the first `divisible` loops those that
 * together make enough pieces are counted through as one and divided, the others run whole (0: every thread runs all).
 * `enter(depth)` is called when the first `depth` loops' variables have just been set; `body` once all have.
 */
export function emitShared(
  f: Emitter,
  loops: readonly Loop[],
  divisible: number,
  enter: (depth: number) => void,
  body: () => void,
): void {
  const inner = (depth: number): void => {
    if (depth === loops.length) return body();
    emitLoop(f, loops[depth], () => {
      enter(depth + 1);
      inner(depth + 1);
    });
  };
  if (divisible === 0) return inner(0);
  const counts = loops.map((l) => l.count);
  const split = dividedLoops(counts, divisible);
  const { next, end } = share(f, sizeOf(counts.slice(0, split)));
  const one = () => f.i32(1);
  emitWhile(f, next, end, one, () => {
    emitDigits(f, loops.slice(0, split), next);
    enter(split);
    inner(split);
  });
}

/** Sets each loop's variable from one number that counts through them all, the last fastest. */
export function emitDigits(f: Emitter, loops: readonly Loop[], number: number): void {
  let weight = loops.reduce((n, l) => n * l.count, 1);
  loops.forEach(({ variable, count, step }, i) => {
    weight /= count;
    f.get(number);
    if (weight > 1) f.i32(weight).op("div");
    if (i > 0) f.i32(count).op("rem");
    if (step > 1) f.i32(step).op("mul");
    f.set(variable);
  });
}

/**
 * Emits one loop over vectors, `atOnce` (1, 2 or 4) of them in each step, and then over what is left: fewer vectors, and
 * fewer elements than a vector has. Shared, each thread runs a share of whole cache lines, counted from `start`. `wide` handles 1, 2
 * or 4 vectors at `variable`, `narrow` elements that are less than a vector: one, or all that are left.
 *
 * @param rests whether shares that are not a multiple of `atOnce` have code of their own for what is left; else fewer are done at once.
 */
export function emitVectorLoop(
  f: Emitter,
  { variable, start: first, size }: { variable: number; start: number; size: number },
  shared: boolean,
  atOnce: number,
  rests: boolean,
  wide: (vectors: number) => void,
  narrow: (elements: number) => void,
): void {
  const { lanes } = f;
  const vectors = Math.floor(size / lanes);
  const left = size % lanes;
  const tail = (): void => {
    const start = first + lanes * vectors;
    if (f.partial) emitLoop(f, { variable, count: Math.min(1, left), step: left, start }, () => narrow(left));
    else emitLoop(f, { variable, count: left, step: 1, start }, () => narrow(1));
  };
  if (!shared) {
    let start = 0;
    for (let n = atOnce; n >= 1; n /= 2) {
      const count = Math.floor((vectors - start) / n);
      emitLoop(f, { variable, count, step: lanes * n, start: first + lanes * start }, () => wide(n));
      start += n * count;
    }
    return tail();
  }
  const line = Math.max(1, LINE / lanes);
  // Shares of whole lines of so many vectors leave no rest; others do.
  const even = vectors % line === 0 ? Math.min(atOnce, line) : 1;
  const most = rests ? atOnce : even;
  const { next, end } = share(f, Math.ceil(vectors / line));
  const elements = (lines: number) =>
    f
      .get(lines)
      .i32(lanes * line)
      .op("mul");
  /** Adds where the loop starts to the number on the stack. */
  const behind = () => (first === 0 ? f : f.i32(first).op("add"));
  elements(end)
    .i32(vectors * lanes)
    .choose("below");
  behind().set(end);
  elements(next);
  behind().set(variable);
  for (let n = most; n >= even; n /= 2) {
    const step = () => f.i32(lanes * n);
    emitWhile(f, variable, end, step, () => wide(n), n === even ? 0 : lanes * (n - 1));
  }
  if (left !== 0) emitByLast(f, tail);
}

/** Emits code that only the first thread runs, or only the last. */
export const emitByFirst = (f: Emitter, body: () => void): void => void f.get(f.thread).op("eqz").if(body);
export function emitByLast(f: Emitter, body: () => void): void {
  f.get(f.thread).i32(1).op("add").get(f.threads).op("eq").if(body);
}
