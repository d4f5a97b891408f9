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
  const last = (places: Map<Buffer, number>, buffers: Iterable<Buffer>): number =>
    Math.max(-1, ...[...buffers].map((b) => places.get(b) ?? -1));
  for (const next of kernels) {
    // A kernel cannot move before one that writes what it reads, or that reads what it overwrites.
    const before = Math.max(last(written, buffersRead(next)), last(touched, buffersWritten(next)));
    const joins = before >= 0 && next.kind === "map" && fits(merged[before], next, target);
    const at = joins ? before : merged.length;
    merged[at] = joins ? absorb(merged[before], next) : next;
    for (const b of buffersOf(next)) touched.set(b, Math.max(at, touched.get(b) ?? at));
    for (const b of buffersWritten(next)) written.set(b, at);
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

/** Whether a kernel can take in a later one. No kernel between them touches the buffers. */
function fits(first: Kernel, next: MapKernel, { mostStores, mostBuffers, longest }: Target): boolean {
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
  const index = first.stores[0].index;
  const aligned = (a: Affine) => sameIndex(a, index, outer.length);
  if (![...first.stores, ...next.stores].every((s) => aligned(s.index))) return false;
  if (instructionsOf([...first.stores, ...next.stores].map((s) => s.value)) > longest) return false;
  // Of what the first writes, the next may read only the same element; of what the first reads, it may overwrite only
  // the same element.
  const late = expressionsOf(next).every(
    (e) => !touches(e, made) || (e.kind === "load" && aligned(e.index) && e.guards.length === 0),
  );
  const early = expressions(first.stores.map((s) => s.value));
  const kept = early.every(
    (e) => !touches(e, writes) || (e.kind === "load" && aligned(e.index) && e.guards.length === 0),
  );
  return late && kept && ![...coreReads(first)].some((b) => writes.has(b));
}

const touches = (e: Expr, buffers: ReadonlySet<Buffer>): boolean => isRead(e) && buffers.has(e.buffer);

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
