import type { Affine, Expr, Guard } from "./kernel.js";

/** What changes when an expression moves to other loops. */
export interface Change {
  /** An integer of the old loops, as one of the new. */
  index(affine: Affine): Affine;
  /** Conditions that every read of memory has from now on, beside its own. */
  readonly guards?: readonly Guard[];
  /** Of its own conditions, those that stay. */
  keep?(guard: Guard): boolean;
  /** What stands in for some reads, or for the core; undefined: they stay. */
  replace?(e: Extract<Expr, { kind: "load" | "core" }>): Expr | undefined;
}

/** A function that rewrites expressions for other loops. What they share stays shared. */
export function rewriter(change: Change): (e: Expr) => Expr {
  const done = new Map<Expr, Expr>();
  const own = (guards: readonly Guard[]) =>
    guards.filter((g) => change.keep?.(g) ?? true).map((g) => ({ index: change.index(g.index), size: g.size }));
  const read = (guards: readonly Guard[]) => [...own(guards), ...(change.guards ?? [])];
  const rewrite = (e: Expr): Expr => {
    let result = done.get(e);
    if (result === undefined) done.set(e, (result = anew(e)));
    return result;
  };
  const anew = (e: Expr): Expr => {
    switch (e.kind) {
      case "load":
        return change.replace?.(e) ?? { ...e, index: change.index(e.index), guards: read(e.guards) };
      case "gather":
        return { ...e, index: change.index(e.index), row: rewrite(e.row), guards: read(e.guards) };
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
