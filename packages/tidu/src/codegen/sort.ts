// Sorting along an axis: merging pieces of equal length, again and again.
import type { Affine, Buffer, Expr, SortKernel, Store } from "../compile/kernel.js";
import { type Emitter, INT, type Local } from "./emitter.js";
import { Evaluator, NO_LOOP, type Place } from "./evaluate.js";
import { emitLoop, emitShared, emitWhile, type Loop } from "./loops.js";

const ONE: Place = { vectorAxis: -1, width: 1 };

/**
 * Writes the code of a sort; threads divide the lines. A pass merges neighbouring pieces of the order so far into pieces of
 * twice the length, from one of the two buffers into the other; the last one writes the result.
 */
export function emitSort(f: Emitter, bases: ReadonlyMap<Buffer, number>, kernel: SortKernel): void {
  const axis = kernel.outer - 1;
  const length = kernel.sizes[axis];
  const variables = kernel.sizes.map((size) => (size > 1 ? f.local(INT) : NO_LOOP));
  if (length === 1) variables[axis] = f.local(INT);
  const ev = new Evaluator(f, variables, bases);
  const position = variables[axis];
  const [result, between] = kernel.stores;
  const passes = Math.ceil(Math.log2(length));
  const loops: Loop[] = kernel.sizes
    .slice(0, axis)
    .flatMap((count, i) => (count > 1 ? [{ variable: variables[i], count, step: 1 }] : []));

  /** A whole number at a place of the line. */
  const read = (expr: Expr, at: Local, into: Local): void =>
    ev.scope(() => {
      f.get(at).set(position);
      f.get(ev.value(expr, ONE)).extract(0).set(into);
    });
  const write = (store: Store, at: Local, number: Local): void =>
    ev.scope(() => {
      f.get(at).set(position);
      ev.store(store, f.get(number).splat().keep("vector"), ONE);
    });
  const loadOf = ({ buffer, index }: { buffer: Buffer; index: Affine }): Expr => ({
    kind: "load",
    buffer,
    index,
    guards: [],
  });

  /** Merges what lies from `low` to `high`, in two pieces that meet at `middle`. */
  const merge = (from: Store, to: Store, low: Local, middle: Local, high: Local): void => {
    const [left, right, at, first, second, keyA, keyB, chosen] = Array.from({ length: 8 }, () => f.local(INT));
    const order = loadOf(from);
    const head = (pointer: Local, number: Local, key: Local): void => {
      read(order, pointer, number);
      read(result.value, number, key);
    };
    f.get(low).set(left).get(middle).set(right);
    head(left, first, keyA);
    f.get(middle)
      .get(high)
      .op("below")
      .if(() => void head(right, second, keyB));
    f.get(low).set(at);
    emitWhile(
      f,
      at,
      high,
      () => f.i32(1),
      () => {
        // The left one where it has some left and the right one has none, or none that is less.
        f.get(right).get(high).op("ge");
        f.if(
          () => f.i32(1).set(chosen),
          () => f.get(keyB).get(keyA).op("ge").set(chosen),
        );
        f.get(left)
          .get(middle)
          .op("below")
          .get(chosen)
          .op("and")
          .if(
            () => {
              write(to, at, first);
              f.get(left)
                .i32(1)
                .op("add")
                .tee(left)
                .get(middle)
                .op("below")
                .if(() => void head(left, first, keyA));
            },
            () => {
              write(to, at, second);
              f.get(right)
                .i32(1)
                .op("add")
                .tee(right)
                .get(high)
                .op("below")
                .if(() => void head(right, second, keyB));
            },
          );
      },
    );
  };
  const pass = (n: number): void => {
    const [from, to] = (passes - n) % 2 === 0 ? [result, between] : [between, result];
    const [low, middle, high] = [f.local(INT), f.local(INT), f.local(INT)];
    const size = 2 ** n;
    emitLoop(f, { variable: low, count: Math.ceil(length / (2 * size)), step: 2 * size }, () => {
      for (const [end, by] of [
        [middle, size],
        [high, 2 * size],
      ] as const)
        f.get(low).i32(by).op("add").i32(length).choose("below").set(end);
      f.scoped(() => merge(from, to, low, middle, high));
    });
  };
  const line = (): void => {
    const at = f.local(INT);
    const start = passes % 2 === 0 ? result : between;
    emitLoop(f, { variable: at, count: length, step: 1 }, () => write(start, at, at));
    for (let n = 0; n < passes; n++) f.scoped(() => pass(n));
  };
  emitShared(
    f,
    loops,
    loops.length,
    () => {},
    () => ev.scope(line),
  );
}
