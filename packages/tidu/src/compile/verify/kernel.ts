// Checks kernels: what they read and write lies inside its buffer, and every element is written once.
import { byteSize } from "../../base/dtype.js";
import { sizeOf } from "../../base/shape.js";
import {
  type Affine,
  type Buffer,
  buffersOf,
  buffersWritten,
  type Expr,
  expressions,
  extent,
  type Guard,
  type Kernel,
  type LoopKernel,
  type Store,
  storedBy,
} from "../kernel.js";
import { CompilerFault } from "./fault.js";

type Range = readonly [low: number, high: number];

/**
 * Smallest and largest value of an affine integer over all loop values that meet the guards; undefined if none do.
 * Loops that no guard ties together vary on their own, so each group of tied loops is walked by itself.
 */
export function guardedReach(index: Affine, guards: readonly Guard[], sizes: readonly number[]): Range | undefined {
  let low = index.offset;
  let high = index.offset;
  for (const { loops, own } of tiedLoops(guards, sizes)) {
    const range = reachOf(index, loops, own, sizes);
    if (range === undefined) return undefined;
    low += range[0];
    high += range[1];
  }
  return [low, high];
}

/** The loops in groups that share guards, and each group's guards. */
function tiedLoops(guards: readonly Guard[], sizes: readonly number[]): { loops: number[]; own: Guard[] }[] {
  let groups = sizes.map((_, loop) => ({ loops: [loop], own: [] as Guard[] }));
  for (const guard of guards) {
    const tied = groups.filter((g) => g.loops.some((l) => guard.index.coef[l] !== 0));
    const merged = { loops: tied.flatMap((g) => g.loops), own: [...tied.flatMap((g) => g.own), guard] };
    groups = [...groups.filter((g) => !tied.includes(g)), merged];
  }
  return groups;
}

function reachOf(
  { coef }: Affine,
  loops: readonly number[],
  guards: readonly Guard[],
  sizes: readonly number[],
): Range | undefined {
  const at = sizes.map(() => 0);
  const value = (coefs: readonly number[]): number => loops.reduce((n, l) => n + coefs[l] * at[l], 0);
  let range: Range | undefined;
  const walk = (depth: number): void => {
    if (depth < loops.length) {
      for (at[loops[depth]] = 0; at[loops[depth]] < sizes[loops[depth]]; at[loops[depth]]++) walk(depth + 1);
      return;
    }
    const inside = guards.every((g) => {
      const i = g.index.offset + value(g.index.coef);
      return i >= 0 && i < g.size;
    });
    const v = inside ? value(coef) : 0;
    if (inside) range = range === undefined ? [v, v] : [Math.min(range[0], v), Math.max(range[1], v)];
  };
  const [only] = loops;
  // A loop that no guard holds back reaches farthest at its ends.
  if (loops.length === 1 && guards.length === 0) {
    const far = coef[only] * (sizes[only] - 1);
    return [Math.min(0, far), Math.max(0, far)];
  }
  walk(0);
  return range;
}

/** Whether different loop values always give different integers: each step is longer than all shorter ones together. */
export function isInjective({ coef }: Affine, sizes: readonly number[]): boolean {
  const terms = coef.map((c, i) => ({ step: Math.abs(c), size: sizes[i] })).filter((t) => t.size > 1);
  terms.sort((p, q) => p.step - q.step);
  let covered = 0;
  for (const { step, size } of terms) {
    if (step <= covered) return false;
    covered += step * (size - 1);
  }
  return true;
}

const sameEverywhere = (x: Affine, y: Affine, sizes: readonly number[]): boolean =>
  x.offset === y.offset && sizes.every((size, i) => size === 1 || x.coef[i] === y.coef[i]);

/** Every access of a kernel stays inside its buffer, and every store has an element of its own for each result. */
export function verifyKernel(pass: string, kernel: Kernel): void {
  const fault = (problem: string) => new CompilerFault(pass, `kernel ${kernel.name}: ${problem}`);
  if (kernel.kind === "loop") return verifyLoop(pass, kernel, fault);
  const within = (what: string, buffer: Buffer, index: Affine, guards: readonly Guard[], extra = 0): void => {
    const range = guardedReach(index, guards, kernel.sizes);
    if (range === undefined || (range[0] >= 0 && range[1] + extra < extent(buffer))) return;
    throw fault(
      `${what} ${buffer.name} at ${range[0]} to ${range[1] + extra}, which has elements 0 to ${extent(buffer) - 1}`,
    );
  };
  const written = new Map<Buffer, Store[]>();
  for (const s of kernel.stores) written.set(s.buffer, [...(written.get(s.buffer) ?? []), s]);
  /** A kernel may read what it writes only at an element that it is about to write. */
  const alone = (buffer: Buffer, index: Affine | undefined): void => {
    const stores = written.get(buffer);
    if (stores === undefined) return;
    if (index === undefined || !stores.some((s) => sameEverywhere(index, s.index, kernel.sizes)))
      throw fault(`reads ${buffer.name} elsewhere than it writes it`);
  };
  for (const e of expressions(rootsOf(kernel))) {
    if (e.kind === "load") {
      within("reads", e.buffer, e.index, e.guards);
      alone(e.buffer, e.index);
    }
    if (e.kind === "gather") {
      within("gathers from", e.buffer, e.index, e.guards, (e.rows - 1) * e.stride);
      alone(e.buffer, undefined);
    }
  }
  if (kernel.kind === "contract") {
    for (const { buffer, index } of [kernel.a, kernel.b]) {
      within("multiplies", buffer, index, []);
      alone(buffer, undefined);
    }
  }
  for (const { buffer, index, guards, row } of kernel.stores)
    within("writes", buffer, index, guards, row === undefined ? 0 : (row.rows - 1) * row.stride);
  for (const [buffer, stores] of written) verifyStores(kernel, buffer, stores, fault);
}

/** Every buffer of a step lies in a window that stays inside its buffer at each step, and no step writes what others do. */
function verifyLoop(pass: string, { sizes: [count], steps, windows }: LoopKernel, fault: (problem: string) => Error) {
  for (const kernel of steps) {
    verifyKernel(pass, kernel);
    const written = buffersWritten(kernel);
    for (const b of buffersOf(kernel)) {
      const window = windows.get(b);
      if (window === undefined) throw fault(`${kernel.name} touches ${b.name}, which lies nowhere`);
      const { buffer, start, step, turn } = window;
      const [bytes, far] = [bytesIn(b), step * (turn === undefined ? count - 1 : 1)];
      const [low, high] = [start + Math.min(0, far), start + Math.max(0, far) + bytes];
      if (low < 0 || high > bytesIn(buffer))
        throw fault(`${b.name} lies at ${low} to ${high} of ${buffer.name}, which has ${bytesIn(buffer)} bytes`);
      if (written.has(b) && b.storage !== undefined && Math.abs(step) < bytes)
        throw fault(`${kernel.name} writes ${b.name} where another step does`);
    }
  }
}

const bytesIn = (buffer: Buffer): number => extent(buffer) * byteSize(buffer.dtype);

function verifyStores(
  { sizes, outer: count }: Kernel,
  buffer: Buffer,
  stores: readonly Store[],
  fault: (problem: string) => Error,
): void {
  const outer = sizes.slice(0, count);
  if (stores.some((s) => s.index.coef.slice(count).some((c) => c !== 0)))
    throw fault(`writes ${buffer.name} inside its sum`);
  const [{ index, guards, accumulate, row, part }] = stores;
  if (row !== undefined && accumulate === undefined) throw fault(`leaves out rows of ${buffer.name}`);
  if (accumulate !== undefined) {
    for (const axis of accumulate.exclusive)
      if (index.coef[axis] === 0) throw fault(`shares ${buffer.name} along loop ${axis}`);
    return;
  }
  const simple = stores.length === 1 && guards.length === 0;
  const once = simple
    ? (part === true || sizeOf(outer) === sizeOf(buffer.shape)) && isInjective(index, outer)
    : covers(stores, outer);
  if (!once) throw fault(`does not write each element of ${buffer.name} exactly once`);
}

/** Whether the stores together, each where its guards hold, write every element of their buffer exactly once. */
function covers(stores: readonly Store[], outer: readonly number[]): boolean {
  const { buffer } = stores[0];
  const written = new Set<number>();
  for (const { index, guards } of stores) {
    const at = outer.map(() => 0);
    const value = ({ offset, coef }: Affine): number => outer.reduce((n, _, l) => n + coef[l] * at[l], offset);
    do {
      if (!guards.every((g) => value(g.index) >= 0 && value(g.index) < g.size)) continue;
      if (written.has(value(index))) return false;
      written.add(value(index));
    } while (advance(at, outer));
  }
  return written.size === sizeOf(buffer.shape);
}

/** Counts `at` up within `sizes`, last place fastest; false when it has wrapped around. A box may be too large to list. */
function advance(at: number[], sizes: readonly number[]): boolean {
  for (let i = at.length - 1; i >= 0; i--) {
    if (++at[i] < sizes[i]) return true;
    at[i] = 0;
  }
  return false;
}

/** The expressions that a kernel evaluates. */
export const rootsOf = (kernel: Kernel): Expr[] => [
  ...kernel.stores.flatMap(storedBy),
  ...("body" in kernel ? [kernel.body] : []),
];
