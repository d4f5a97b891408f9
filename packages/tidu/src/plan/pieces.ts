// Which kernels run piece by piece: all kernels of a group for the first piece of their outer loops, then all for the next, so that
// what one has stored is still in the cache when the others read it, and threads need not wait for each other in between.
import type { Kernel } from "../compile/kernel.js";
import type { Registers } from "./registers.js";
import { blockBytes } from "./scratch.js";
import { FAIR_SHARES } from "./shares.js";
import { Pieces, type Touched } from "./touched.js";

/** Kernels `first` to `end` - 1 of a program. */
export interface Group {
  readonly first: number;
  readonly end: number;
  readonly pieces: number;
}

/** With fewer pieces most threads would have none. */
const FEWEST = 8;
/** The memory of a piece fits into the second cache, of which a block is a quarter. */
const BLOCKS = 4;
/** The least share of a group's memory that is read again: less is not worth the calls. */
const LEAST_SAVED = 0.25;

/** A group does not begin with a kernel that touches less than this share of the cache: without it little is lost. */
const LEAST_FIRST = 1 / 16;

/**
 * The groups of a program whose memory is planned, in order; no kernel is in two of them.
 *
 * @param cache bytes that a piece may touch.
 * @param fewest pieces that a group has at least.
 */
export function groupsOf(
  kernels: readonly Kernel[],
  registers: Registers,
  cache = BLOCKS * blockBytes(registers),
  fewest = FEWEST,
): Group[] {
  const all = kernels.map((kernel) => new Pieces(kernel, registers, fewest));
  const groups: Group[] = [];
  for (let first = 0; first < kernels.length; ) {
    const group = groupFrom(first, all, cache);
    if (group !== undefined) groups.push(group);
    first = group?.end ?? first + 1;
  }
  return groups;
}

/** The group beginning with this kernel, of as few pieces as are fair shares, or else of as many as there can be. */
function groupFrom(first: number, all: readonly Pieces[], cache: number): Group | undefined {
  const { numbers } = all[first];
  if (numbers.length === 0) return undefined;
  const held = all[first].touched(numbers[0])?.reduce((n, t) => n + t.held, 0) ?? 0;
  if (held * numbers[0] < LEAST_FIRST * cache) return undefined;
  const fair = (pieces: number): boolean => pieces >= FAIR_SHARES;
  for (const pieces of [...numbers.filter(fair), ...numbers.filter((n) => !fair(n)).reverse()]) {
    const end = endOf(first, all, pieces, cache);
    if (end > first) return { first, end, pieces };
  }
  return undefined;
}

/** Takes kernels into a group as long as no piece depends on another and the memory of one stays in the cache. */
function endOf(first: number, all: readonly Pieces[], pieces: number, cache: number): number {
  const touched: Touched[] = [];
  let end = first;
  let [bytes, saved, ofFirst] = [0, 0, 0];
  let joined = false;
  for (let i = first; i < all.length; i++) {
    const own = all[i].touched(pieces);
    if (own === undefined || own.some((t) => touched.some((other) => meet(t, other)))) break;
    let again = 0;
    for (const t of own) {
      const before = touched.findIndex((o) => overlap(t, o));
      const known = before < 0 ? 0 : Math.min(t.held, touched[before].held);
      bytes += t.held - known;
      if (!t.written && t.step > 0) again += known * pieces;
      joined ||= before >= 0 && before < ofFirst;
    }
    if (bytes > cache) break;
    if (i === first) ofFirst = own.length;
    touched.push(...own);
    saved += again;
    const total = bytes * pieces;
    if (again > 0 && joined && total > cache && saved >= LEAST_SAVED * total) end = i + 1;
  }
  return end;
}

/** Whether pieces of two kernels touch memory in the same steps, and in one place. */
const overlap = (a: Touched, b: Touched): boolean =>
  a.space === b.space && a.step === b.step && a.start < b.start + b.bytes && b.start < a.start + a.bytes;

/** Whether a piece of one kernel may touch what another piece of another kernel writes. */
function meet(a: Touched, b: Touched): boolean {
  if (a.space !== b.space || !(a.written || b.written)) return false;
  if (a.start + a.total <= b.start || b.start + b.total <= a.start) return false;
  const apart = a.step > 0 && a.step === b.step;
  return !(apart && a.start + a.bytes <= b.start + b.step && b.start + b.bytes <= a.start + a.step);
}
