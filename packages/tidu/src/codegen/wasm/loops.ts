import { type FunctionBuilder, I32 } from "./assembler.js";

/** Parameters of every kernel function. */
export const TABLE = 0;
export const THREAD = 1;
export const THREADS = 2;

/** One loop of a nest: `variable` takes `count` values from `start` (default 0) on, in steps of `step`. */
export interface Loop {
  readonly variable: number;
  readonly count: number;
  readonly step: number;
  readonly start?: number;
}

/** As many pieces as make a fair share for any likely number of threads. */
const FAIR_SHARES = 32;

/**
 * Emits a loop around a body that is told nothing but that the variable is set; `begin` comes before every `most` steps.
 */
export function emitLoop(
  f: FunctionBuilder,
  { variable, count, step, start = 0 }: Loop,
  body: () => void,
  most = count,
  begin = () => {},
): void {
  if (count === 0) return;
  const below = (end: () => unknown): void => {
    f.get(variable);
    end();
    f.op("i32.lt_u");
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
  const end = f.local(I32);
  f.loop(() => {
    f.get(variable)
      .i32(most * step)
      .op("i32.add");
    all().choose("i32.lt_u").set(end);
    run(() => f.get(end));
    below(all);
  });
}

/** Emits a loop while `variable`, which is set already, is below the local `end`; `step` pushes what is added to it. */
export function emitWhile(
  f: FunctionBuilder,
  variable: number,
  end: number,
  step: () => unknown,
  body: () => void,
): void {
  const goesOn = () => f.get(end).op("i32.lt_u");
  f.get(variable);
  goesOn().if(() =>
    f.loop(() => {
      body();
      f.get(variable);
      step();
      f.op("i32.add").tee(variable);
      goesOn();
    }),
  );
}

/** First and last+1 of this thread's share of `total` pieces, as locals. Depends on nothing but the three numbers. */
export function share(f: FunctionBuilder, total: number): { next: number; end: number } {
  const next = f.local(I32);
  const end = f.local(I32);
  f.get(THREAD).i32(total).op("i32.mul").get(THREADS).op("i32.div_u").set(next);
  f.get(THREAD).i32(1).op("i32.add").i32(total).op("i32.mul").get(THREADS).op("i32.div_u").set(end);
  return { next, end };
}

/**
 * Emits a nest of loops, outermost first, of which each thread runs a share: of the first `divisible` loops those that
 * together make enough pieces are counted through as one and divided, the others run whole (0: every thread runs all).
 * `enter(depth)` is called when the first `depth` loops' variables have just been set; `body` once all have.
 */
export function emitShared(
  f: FunctionBuilder,
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
  let split = 0;
  let pieces = 1;
  while (split < divisible && pieces < FAIR_SHARES) pieces *= loops[split++].count;
  const { next, end } = share(f, pieces);
  const one = () => f.i32(1);
  emitWhile(f, next, end, one, () => {
    emitDigits(f, loops.slice(0, split), next);
    enter(split);
    inner(split);
  });
}

/** Sets each loop's variable from one number that counts through them all, the last fastest. */
export function emitDigits(f: FunctionBuilder, loops: readonly Loop[], number: number): void {
  let weight = loops.reduce((n, l) => n * l.count, 1);
  loops.forEach(({ variable, count, step }, i) => {
    weight /= count;
    f.get(number);
    if (weight > 1) f.i32(weight).op("i32.div_u");
    if (i > 0) f.i32(count).op("i32.rem_u");
    if (step > 1) f.i32(step).op("i32.mul");
    f.set(variable);
  });
}

/**
 * Emits one loop over vectors of four, `atOnce` (1, 2 or 4) of them in each step, and then over what is left: fewer
 * vectors, and fewer than four single elements. Each thread runs a share of whole cache lines. `wide` handles 1, 2 or 4
 * vectors at `variable`, `narrow` one element.
 */
export function emitVectorLoop(
  f: FunctionBuilder,
  variable: number,
  size: number,
  shared: boolean,
  atOnce: number,
  wide: (vectors: number) => void,
  narrow: () => void,
): void {
  const vectors = Math.floor(size / 4);
  const LINE = 4;
  const tail: Loop = { variable, count: size % 4, step: 1, start: 4 * vectors };
  if (!shared) {
    let start = 0;
    for (let n = atOnce; n >= 1; n /= 2) {
      const count = Math.floor((vectors - start) / n);
      emitLoop(f, { variable, count, step: 4 * n, start: 4 * start }, () => wide(n));
      start += n * count;
    }
    return emitLoop(f, tail, narrow);
  }
  const together = vectors % LINE === 0 ? atOnce : 1;
  const { next, end } = share(f, Math.ceil(vectors / LINE));
  const elements = (lines: number) =>
    f
      .get(lines)
      .i32(4 * LINE)
      .op("i32.mul");
  elements(end)
    .i32(vectors * 4)
    .choose("i32.lt_u")
    .set(end);
  elements(next).set(variable);
  const step = () => f.i32(4 * together);
  emitWhile(f, variable, end, step, () => wide(together));
  if (size % 4 !== 0) {
    f.get(THREAD).i32(1).op("i32.add").get(THREADS).op("i32.eq");
    f.if(() => emitLoop(f, tail, narrow));
  }
}
