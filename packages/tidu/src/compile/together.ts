// Lets several runs of a program go through it together: each kernel gets a loop over the runs, so that what is the same for
// all of them, such as weights, is read and copied for the caches once. A run's results are the same bits as alone.
import { byteSize } from "../base/dtype.js";
import type { Runs } from "../tensor/realizer.js";
import {
  type Affine,
  type Buffer,
  buffersOf,
  buffersRead,
  buffersWritten,
  extent,
  type Kernel,
  type Store,
} from "./kernel.js";
import { together } from "./program.js";
import { type Change, moved } from "./rewrite.js";

/**
 * The kernels of all runs. Updates of what the runs share come last, run by run.
 *
 * @returns undefined where the runs are better made one after the other, or have to be.
 */
together.of = (kernels, runs) => {
  // Conditions look at the data of a run, and code of an op's own has loops of its own.
  if (kernels.some((k) => k.when !== undefined || k.kind === "line" || k.kind === "loop")) return undefined;
  const own = buffersOfRuns(kernels, runs);
  if (!isFaster(kernels, own, runs)) return undefined;
  const buffers = new Map([...own].map((b) => [b, stacked(b, runs.count)]));
  const [common, each] = [[] as Kernel[], [] as Kernel[]];
  for (const kernel of kernels) {
    const [shared, rest] = split(kernel.stores, ({ buffer }) => buffer.storage !== undefined && !own.has(buffer));
    if (shared.length > 0) each.push({ ...kernel, stores: shared });
    if (rest.length > 0) common.push({ ...kernel, stores: rest });
  }
  const changed = new Set(each.flatMap((k) => [...buffersWritten(k)]));
  if (common.some((k) => [...buffersRead(k)].some((b) => changed.has(b)))) return undefined;
  const touchesOwn = (kernel: Kernel): boolean => buffersOf(kernel).some((b) => own.has(b));
  const first = common.map((k) => (touchesOwn(k) ? overRuns(k, buffers, runs.count) : k));
  const last = Array.from({ length: runs.count }, (_, run) => each.map((k) => atRun(k, buffers, run)));
  return { kernels: [...first, ...last.flat()], buffers };
};

/** Buffers that have a value for each run: what is given so, and what is computed from it. */
function buffersOfRuns(kernels: readonly Kernel[], { stacked }: Runs): Set<Buffer> {
  const own = new Set(
    kernels.flatMap((k) => buffersOf(k).filter(({ storage }) => storage !== undefined && stacked.has(storage))),
  );
  for (let before = -1; before < own.size; ) {
    before = own.size;
    for (const kernel of kernels)
      if (buffersOf(kernel).some((b) => own.has(b)))
        for (const b of buffersWritten(kernel)) if (b.storage === undefined) own.add(b);
  }
  return own;
}

/** Values of all runs up to this many bytes stay in a cache, so that one after the other gains nothing by being smaller. */
const NEAR = 1 << 20;

/** Whether what the runs share and multiply is more than what each has of its own. */
function isFaster(kernels: readonly Kernel[], own: ReadonlySet<Buffer>, { count }: Runs): boolean {
  const bytes = (list: Iterable<Buffer>): number =>
    [...list].reduce((n, buffer) => n + extent(buffer) * byteSize(buffer.dtype), 0);
  const operands = kernels.flatMap((k) => (k.kind === "contract" ? [k.a.buffer, k.b.buffer] : []));
  const each = bytes(own);
  return each * count <= NEAR || bytes(operands.filter((b) => !own.has(b))) >= each;
}

const stacked = (buffer: Buffer, count: number): Buffer => ({
  ...buffer,
  shape: [count, ...buffer.shape],
  strides: [extent(buffer), ...buffer.strides],
});

const split = <T>(list: readonly T[], which: (item: T) => boolean): [T[], T[]] => [
  list.filter(which),
  list.filter((item) => !which(item)),
];

/** A kernel with a loop over the runs around it. */
function overRuns(kernel: Kernel, buffers: ReadonlyMap<Buffer, Buffer>, count: number): Kernel {
  const { outer, sizes } = kernel;
  const change = onBuffers(buffers, ({ offset, coef }, step) => ({ offset, coef: [step, ...coef] }));
  const around = moved(kernel, change);
  const stores = around.stores.map(
    ({ accumulate, ...s }): Store =>
      accumulate === undefined
        ? s
        : { ...s, accumulate: { ...accumulate, exclusive: [0, ...accumulate.exclusive.map((axis) => axis + 1)] } },
  );
  return { ...around, stores, sizes: [count, ...sizes], outer: outer + 1, runs: count };
}

/** A kernel of one run, on the values of all. */
const atRun = (kernel: Kernel, buffers: ReadonlyMap<Buffer, Buffer>, run: number): Kernel =>
  moved(
    kernel,
    onBuffers(buffers, ({ offset, coef }, step) => ({ offset: offset + run * step, coef })),
  );

/**
 * A change to other buffers.
 *
 * @param index an integer for the new loops; `step` is what it grows by from one run to the next.
 */
const onBuffers = (buffers: ReadonlyMap<Buffer, Buffer>, index: (affine: Affine, step: number) => Affine): Change => ({
  index: (affine, buffer) => index(affine, buffer !== undefined && buffers.has(buffer) ? extent(buffer) : 0),
  buffer: (buffer) => buffers.get(buffer) ?? buffer,
});
