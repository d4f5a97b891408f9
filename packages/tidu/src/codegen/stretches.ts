// The calls of a program where some run piece by piece (plan/pieces.ts), and where threads meet then.
import type { Group } from "../plan/pieces.js";
import { type Call, meetings, Since } from "./program.js";

/** Calls that run one after the other, or, where there are `pieces`, all for the first piece, then all for the second. */
export interface Stretch {
  readonly calls: readonly Call[];
  readonly pieces?: number;
}

/** The calls of a program, with those of each group together. */
export function stretchesOf(calls: readonly Call[], groups: readonly Group[]): Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  for (const { first, end, pieces } of groups) {
    if (first > at) stretches.push({ calls: calls.slice(at, first) });
    stretches.push({ calls: calls.slice(first, end), pieces });
    at = end;
  }
  return at < calls.length ? [...stretches, { calls: calls.slice(at) }] : stretches;
}

/**
 * For each call whether all threads must meet before it; the calls of a group meet before its first, and before others only where
 * the group does not run piece by piece.
 */
export function meetingsIn(stretches: readonly Stretch[]): boolean[][] {
  const since = new Since();
  return stretches.map(({ calls, pieces }) => {
    if (pieces === undefined) return meetings(calls, since);
    // Any thread may run a kernel for a piece.
    const all = calls.map((call) => ({ ...call, shared: true }));
    const before = all.some((call) => since.waits(call));
    if (before) since.meet();
    for (const call of all) since.add(call);
    return [before, ...meetings(calls).slice(1)];
  });
}
