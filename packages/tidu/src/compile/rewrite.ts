// Moves expressions to other loops.
import type { Affine, Buffer, Expr, Guard } from "./kernel.js";

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
  const own = (guards: readonly Guard[]) =>
    guards.filter((g) => change.keep?.(g) ?? true).map((g) => ({ index: change.index(g.index), size: g.size }));
  const read = (guards: readonly Guard[]) => [...own(guards), ...(change.guards ?? [])];
  const place = ({ buffer, index }: { buffer: Buffer; index: Affine }) => ({
    buffer: change.buffer?.(buffer) ?? buffer,
    index: change.index(index, buffer),
  });
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

const guardedBy = (guards: readonly Guard[], body: Expr): Expr =>
  guards.length === 0 ? body : { kind: "guarded", guards, body };
