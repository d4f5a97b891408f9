import {
  type Affine,
  type Buffer,
  buffersOf,
  buffersRead,
  buffersWritten,
  type Expr,
  expressions,
  expressionsOf,
  instructionsOf,
  isRead,
  type Kernel,
  type MapKernel,
  type Store,
} from "./kernel.js";
import { rewriter } from "./rewrite.js";
import type { Target } from "./target.js";

/**
 * Moves an elementwise kernel into an earlier one whose elements it uses: both values are stored at once, and the
 * second need not read the first back. So an optimizer's momentum and weight are updated where the gradient is
 * computed, and a mask is applied where it is drawn.
 */
export function mergeKernels(kernels: readonly Kernel[], target: Target): Kernel[] {
  const merged: Kernel[] = [];
  /** The last kernel that touches each buffer, and the last that writes it. */
  const touched = new Map<Buffer, number>();
  const written = new Map<Buffer, number>();
  /** The kernels that read each buffer, without those that are part of the one that writes it. */
  const readers = new Map<Buffer, number>();
  for (const k of kernels) for (const b of buffersRead(k)) readers.set(b, (readers.get(b) ?? 0) + 1);
  const stays = ({ buffer }: Store): boolean => buffer.storage !== undefined || (readers.get(buffer) ?? 0) > 1;
  const last = (places: Map<Buffer, number>, buffers: Iterable<Buffer>): number =>
    Math.max(-1, ...[...buffers].map((b) => places.get(b) ?? -1));
  for (const next of kernels) {
    const [reads, writes] = [buffersRead(next), buffersWritten(next)];
    // A kernel cannot move before one that writes what it reads, or that reads what it overwrites.
    const before = Math.max(last(written, reads), last(touched, writes));
    const joins = before >= 0 && next.kind === "map" && fits(merged[before], next, target, stays);
    const at = joins ? before : merged.length;
    if (joins) for (const b of buffersWritten(merged[at])) if (reads.has(b)) readers.set(b, (readers.get(b) ?? 0) - 1);
    merged[at] = joins ? absorb(merged[at], next) : next;
    for (const b of buffersOf(next)) touched.set(b, Math.max(at, touched.get(b) ?? at));
    for (const b of writes) written.set(b, at);
  }
  return withoutDeadStores(merged);
}

/** Drops stores that are no longer read since their readers were merged into the same kernel. */
function withoutDeadStores(kernels: readonly Kernel[]): Kernel[] {
  const read = new Set(kernels.flatMap((k) => [...buffersRead(k)]));
  return kernels.map((kernel) => {
    const stores = kernel.stores.filter(
      (s) => s.buffer.storage !== undefined || read.has(s.buffer) || kernel.kind === "line",
    );
    return stores.length === kernel.stores.length || stores.length === 0 ? kernel : { ...kernel, stores };
  });
}

/**
 * Whether a kernel can take in a later one. No kernel between them touches the buffers. Where they store in different
 * orders, what the first stores has to stay: its lanes run along that order.
 */
function fits(
  first: Kernel,
  next: MapKernel,
  { mostStores, mostBuffers, longest }: Target,
  stays: (store: Store) => boolean,
): boolean {
  if (first.stores.length + next.stores.length > mostStores) return false;
  if (new Set([...buffersOf(first), ...buffersOf(next)]).size > mostBuffers) return false;
  if (next.stores.some((s) => s.accumulate !== undefined || s.guards.length > 0)) return false;
  const [reads, writes] = [buffersRead(next), buffersWritten(next)];
  const outer = first.sizes.slice(0, first.outer);
  if (outer.length !== next.sizes.length || outer.some((s, i) => s !== next.sizes[i])) return false;
  if (first.kind === "line" || first.kind === "loop" || first.stores.some((s) => s.part)) return false;
  if (first.stores.some((s) => s.accumulate !== undefined || s.guards.length > 0)) return false;
  const made = buffersWritten(first);
  // Without a value in common there is nothing to gain but a longer kernel.
  if (![...made].some((b) => reads.has(b)) || [...made].some((b) => writes.has(b))) return false;
  const [{ index }] = first.stores;
  if (!next.stores.every((s) => sameIndex(s.index, index, outer.length)) && !first.stores.every(stays)) return false;
  if (instructionsOf([...first.stores, ...next.stores].map((s) => s.value)) > longest) return false;
  // Of what the first writes, the next may read only the same element; of what the first reads, it may overwrite only
  // the same element.
  const late = expressionsOf(next).every(ofOwnElement(first.stores, outer.length));
  const kept = expressions(first.stores.map((s) => s.value)).every(ofOwnElement(next.stores, outer.length));
  return late && kept && ![...coreReads(first)].some((b) => writes.has(b));
}

/** Whether an expression reads nothing that is stored there, or just the element that is stored at the same step of the loops. */
const ofOwnElement =
  (stores: readonly Store[], axes: number) =>
  (e: Expr): boolean => {
    if (!isRead(e)) return true;
    const own = stores.filter(({ buffer }) => buffer === e.buffer);
    return own.every(({ index }) => e.kind === "load" && e.guards.length === 0 && sameIndex(e.index, index, axes));
  };

/** Buffers that a kernel reads to compute its core. */
function coreReads(kernel: Kernel): Set<Buffer> {
  if (kernel.kind === "contract") return new Set([kernel.a.buffer, kernel.b.buffer]);
  if (!("body" in kernel)) return new Set();
  return new Set(expressions([kernel.body]).flatMap((e) => (isRead(e) ? [e.buffer] : [])));
}

const sameIndex = (a: Affine, b: Affine, axes: number): boolean =>
  a.offset === b.offset &&
  Array.from({ length: axes }, (_, i) => i).every((i) => (a.coef[i] ?? 0) === (b.coef[i] ?? 0));

function absorb(first: Kernel, next: MapKernel): Kernel {
  const values = new Map(first.stores.map((s) => [s.buffer, s.value]));
  const axes = first.sizes.length;
  const index = ({ offset, coef }: Affine): Affine => ({
    offset,
    coef: Array.from({ length: axes }, (_, i) => coef[i] ?? 0),
  });
  const rewrite = rewriter({ index, replace: (e) => (e.kind === "load" ? values.get(e.buffer) : undefined) });
  const stores = next.stores.map((s): Store => ({ ...s, index: index(s.index), value: rewrite(s.value) }));
  return { ...first, name: `${first.name}+${next.name}`, stores: [...first.stores, ...stores] };
}
