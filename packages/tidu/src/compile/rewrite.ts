// Moves expressions and kernels to other loops.
import type { Affine, Buffer, Expr, Guard, Kernel, Operand, Store } from "./kernel.js";

/** What changes when an expression moves to other loops. */
export interface Change {
  /** An integer of the old loops, as one of the new; it may be an address in a buffer. */
  index(affine: Affine, of?: Buffer): Affine;
  /** What replaces a buffer that is read. */
  buffer?(buffer: Buffer): Buffer;
  /** Conditions that are added to every read of memory. */
  readonly guards?: readonly Guard[];
  /** Which of a read's own conditions stay. */
  keep?(guard: Guard): boolean;
  /** The replacement of a read, or of the core; undefined where it stays. */
  replace?(e: Extract<Expr, { kind: "load" | "core" }>): Expr | undefined;
}

/** A function that rewrites expressions for other loops. What they share stays shared. */
export function rewriter(change: Change): (e: Expr) => Expr {
  const done = new Map<Expr, Expr>();
  const own = (guards: readonly Guard[]) => guardsBy(change, guards);
  const read = (guards: readonly Guard[]) => [...own(guards), ...(change.guards ?? [])];
  const place = (at: Place) => placeBy(change, at);
  const rewrite = (e: Expr): Expr => {
    let result = done.get(e);
    if (result === undefined) done.set(e, (result = anew(e)));
    return result;
  };
  const anew = (e: Expr): Expr => {
    switch (e.kind) {
      case "load":
        return change.replace?.(e) ?? { ...e, ...place(e), guards: read(e.guards) };
      case "gather":
        return { ...e, ...place(e), row: rewrite(e.row), guards: read(e.guards) };
      case "index":
        return { ...e, index: change.index(e.index) };
      case "guarded":
        return guardedBy(own(e.guards), rewrite(e.body));
      case "apply":
      case "combine":
        return { ...e, args: e.args.map(rewrite) };
      case "core":
        return change.replace?.(e) ?? e;
      default:
        return e;
    }
  };
  return rewrite;
}

interface Place {
  readonly buffer: Buffer;
  readonly index: Affine;
}

const placeBy = (change: Change, { buffer, index }: Place) => ({
  buffer: change.buffer?.(buffer) ?? buffer,
  index: change.index(index, buffer),
});

const guardsBy = (change: Change, guards: readonly Guard[]): Guard[] =>
  guards.filter((g) => change.keep?.(g) ?? true).map((g) => ({ index: change.index(g.index), size: g.size }));

/** The same kernel in other loops, whose sizes and names are left to the caller. */
export function moved<K extends Kernel>(kernel: K, change: Change): K {
  const rewrite = rewriter(change);
  const store = ({ accumulate, row, ...s }: Store): Store => ({
    ...s,
    ...placeBy(change, s),
    guards: guardsBy(change, s.guards),
    value: rewrite(s.value),
    ...(accumulate && {
      accumulate: {
        ...accumulate,
        lost: accumulate.lost && (change.buffer?.(accumulate.lost) ?? accumulate.lost),
      },
    }),
    ...(row && { row: { ...row, row: rewrite(row.row) } }),
  });
  const operand = (o: Operand): Operand => ({ ...placeBy(change, o), inside: guardsBy(change, o.inside) });
  return {
    ...kernel,
    stores: kernel.stores.map(store),
    ...("body" in kernel ? { body: rewrite(kernel.body) } : {}),
    ...(kernel.kind === "contract" ? { a: operand(kernel.a), b: operand(kernel.b) } : {}),
  };
}

const guardedBy = (guards: readonly Guard[], body: Expr): Expr =>
  guards.length === 0 ? body : { kind: "guarded", guards, body };
