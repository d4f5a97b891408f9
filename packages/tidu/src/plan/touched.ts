// What each piece of a kernel's work touches in memory, where its loops are cut as its function divides them among threads.
import { byteSize } from "../base/dtype.js";
import { sizeOf } from "../base/shape.js";
import {
  type Affine,
  type Buffer,
  type ContractKernel,
  expressionsOf,
  extent,
  type Guard,
  isRead,
  type Kernel,
} from "../compile/kernel.js";
import type { Axis } from "./axes.js";
import { planContraction } from "./contraction.js";
import { LINE, type NestPlan, planNest } from "./nest.js";
import type { Registers } from "./registers.js";
import { dividedLoops } from "./shares.js";
import type { Loop, TilePlan } from "./tile.js";

/**
 * Bytes that piece p may touch: so many from `start + p * step` on, of which about `held` are really touched; `total` from `start` on
 * hold those of all pieces.
 */
export interface Touched {
  /** A storage, or the arena. */
  readonly space: object;
  readonly start: number;
  readonly step: number;
  readonly bytes: number;
  readonly held: number;
  readonly total: number;
  readonly written: boolean;
}

/** A loop that is counted in steps of several elements. */
interface Divided extends Axis {
  readonly count: number;
  readonly step: number;
}

/** Loops that are counted through as one and divided, outermost first, and all others. */
interface Cut {
  readonly divided: readonly Divided[];
  readonly whole: readonly Axis[];
}

/** What a kernel does at one place in memory; not at one where no index is given. */
interface Access {
  readonly buffer: Buffer;
  readonly index?: Affine;
  readonly guards: readonly Guard[];
  readonly written: boolean;
}

/** The nest's plan where it is run for pieces: a short loop has no lanes, so that it can be cut at any element. */
export function nestInPieces(plan: NestPlan): NestPlan {
  const short = !plan.shared && plan.lanes === "outer" && plan.outer.length === 1 && plan.unrolled.length === 0;
  return { ...plan, ...(short ? { lanes: "none" } : {}), shared: true };
}

/** A kernel with a single point, which runs with the first piece. */
export const isPoint = ({ kind, sizes, when }: Kernel): boolean =>
  kind === "map" && when === undefined && sizes.every((size) => size === 1);

/** How the work of one kernel can be cut. */
export class Pieces {
  /** Numbers of equal pieces that are worth a try, in rising order. */
  readonly numbers: readonly number[];
  readonly #cut: Cut | undefined;
  readonly #accesses: readonly Access[];
  readonly #touched = new Map<number, readonly Touched[] | undefined>();

  constructor(
    readonly kernel: Kernel,
    registers: Registers,
    fewest: number,
  ) {
    this.#cut = cutOf(kernel, registers);
    this.#accesses = this.#cut === undefined && !isPoint(kernel) ? [] : accessesOf(kernel);
    this.numbers = this.#cut === undefined ? [] : numbersOf(this.#cut, fewest);
  }

  /** What each of so many pieces touches; undefined where they are not possible. */
  touched(pieces: number): readonly Touched[] | undefined {
    if (!this.#touched.has(pieces)) this.#touched.set(pieces, this.#find(pieces));
    return this.#touched.get(pieces);
  }

  #find(pieces: number): readonly Touched[] | undefined {
    const touch = this.#cut === undefined ? undefined : touching(this.#cut, pieces);
    if (touch !== undefined) return this.#accesses.map(touch);
    return isPoint(this.kernel) ? this.#accesses.map(everywhere) : undefined;
  }
}

/** How a kernel's function divides its work, where it can also be called for pieces. */
function cutOf(kernel: Kernel, registers: Registers): Cut | undefined {
  if (kernel.kind === "line" || kernel.kind === "loop") return undefined;
  if (kernel.runs !== undefined || kernel.when !== undefined) return undefined;
  if (kernel.stores.some((s) => s.row !== undefined || s.accumulate !== undefined)) return undefined;
  return kernel.kind === "contract" ? cutOfContraction(kernel, registers) : cutOfNest(nestInPieces(planNest(kernel)));
}

const stepwise = ({ axis, size }: Axis): Divided => ({ axis, size, count: size, step: 1 });

function cutOfNest({ outer, inner, unrolled, lanes, divisible, inside }: NestPlan): Cut | undefined {
  const vector = lanes === "outer" ? outer.at(-1) : undefined;
  const loops = outer.filter((l) => l !== vector);
  const others = [...unrolled, ...inner];
  if (divisible > 0 && loops.length > 0) {
    const counts = loops.map((l) => l.size);
    const split = dividedLoops(counts, Math.min(divisible, loops.length));
    const whole = [...loops.slice(split), ...(vector === undefined ? [] : [vector]), ...others];
    return { divided: loops.slice(0, split).map(stepwise), whole };
  }
  // Threads divide the lanes' loop, in whole cache lines.
  if (vector === undefined || divisible === 0 || vector.size % LINE !== 0 || inside !== undefined) return undefined;
  return { divided: [{ ...vector, count: vector.size / LINE, step: LINE }], whole: others };
}

function cutOfContraction(kernel: ContractKernel, registers: Registers): Cut | undefined {
  const { a, b, sizes } = kernel;
  // Only along loops that move both operands does no piece read what another has read.
  if (!sizes.some((size, axis) => size > 1 && a.index.coef[axis] !== 0 && b.index.coef[axis] !== 0)) return undefined;
  const plan = planContraction(kernel, registers);
  if (plan === undefined) return undefined;
  const loops = plan.blocks === undefined ? sharedOthers(plan.tile) : plan.blocks.both;
  const taken = new Set(loops.map((l) => l.axis));
  const whole = sizes.flatMap((size, axis) => (taken.has(axis) || size === 1 ? [] : [{ axis, size }]));
  return { divided: loops.map(stepwise), whole };
}

/** The loops that threads count through as one, without those of the tiles. */
function sharedOthers({ others, rows, columns }: TilePlan): readonly Loop[] {
  const counts = [...others.map((l) => l.size), rows.count, columns.count];
  return others.slice(0, dividedLoops(counts, counts.length));
}

/** More pieces are too many calls. */
const MOST = 1024;

function numbersOf({ divided }: Cut, fewest: number): number[] {
  const numbers: number[] = [];
  let before = 1;
  for (const { count } of divided) {
    const most = Math.min(count, MOST / before);
    for (let parts = 2; parts <= most; parts++) if (count % parts === 0) numbers.push(before * parts);
    before *= count;
  }
  return numbers.filter((n) => n >= fewest);
}

/** Everything that a kernel reads and writes, a buffer as a whole where a value picks the row. */
function accessesOf(kernel: Kernel): Access[] {
  const read = expressionsOf(kernel).flatMap((e): Access[] =>
    isRead(e) ? [{ ...e, index: e.kind === "gather" ? undefined : e.index, written: false }] : [],
  );
  const operands = kernel.kind === "contract" ? [kernel.a, kernel.b] : [];
  return [
    ...operands.map(({ buffer, index, inside }): Access => ({ buffer, index, guards: inside, written: false })),
    ...read,
    ...kernel.stores.map(({ buffer, index, guards }): Access => ({ buffer, index, guards, written: true })),
  ];
}

const ARENA = {};
const placeOf = ({ storage, offset = 0 }: Buffer) => ({ space: storage ?? ARENA, offset });

function everywhere({ buffer, written }: Access): Touched {
  const bytes = extent(buffer) * byteSize(buffer.dtype);
  const { space, offset } = placeOf(buffer);
  return { space, start: offset, step: 0, bytes, held: bytes, total: bytes, written };
}

/** What one of so many pieces touches, if the divided loops can be cut so. */
function touching({ divided, whole }: Cut, pieces: number): ((access: Access) => Touched) | undefined {
  let [left, depth] = [pieces, 0];
  while (left > 1) {
    if (depth === divided.length) return undefined;
    const { count } = divided[depth++];
    if (left > count ? left % count !== 0 : count % left !== 0) return undefined;
    left = Math.max(1, left / count);
  }
  const cut = divided.slice(0, depth);
  const last = cut[depth - 1];
  /** Steps of the last of these loops that a piece takes. */
  const steps = sizeOf(cut.map((l) => l.count)) / pieces;
  const free = [...divided.slice(depth), ...whole];
  return (access) => {
    const { buffer, index, guards, written } = access;
    if (index === undefined) return everywhere(access);
    const far = (l: Divided): number => index.coef[l.axis] * l.step;
    const size = byteSize(buffer.dtype);
    const [low, high] = reach(index, guards, free);
    const bytes = (high - low + 1 + index.coef[last.axis] * (steps * last.step - 1)) * size;
    const moving = [{ axis: last.axis, size: steps * last.step }, ...free].filter((l) => index.coef[l.axis] !== 0);
    const held = Math.min(bytes, size * sizeOf(moving.map((l) => l.size)));
    const even = cut.every((l, i) => i === 0 || far(cut[i - 1]) === far(l) * l.count);
    if (!even || far(last) < 0) return { ...everywhere(access), held };
    const { space, offset } = placeOf(buffer);
    const step = far(last) * steps * size;
    return { space, start: offset + low * size, step, bytes, held, total: step * (pieces - 1) + bytes, written };
  };
}

/** The least and the greatest index over these loops, all others at 0, where those guards hold that depend on no other. */
function reach(index: Affine, guards: readonly Guard[], loops: readonly Axis[]): readonly [number, number] {
  const open = new Map(loops.map((l) => [l.axis, l]));
  let [low, high] = [index.offset, index.offset];
  const add = (p: number, q: number): void => {
    low += Math.min(p, q);
    high += Math.max(p, q);
  };
  for (const { index: guard, size } of guards) {
    const own = guard.coef.flatMap((c, axis) => (c === 0 ? [] : [axis]));
    if (own.length === 0 || !own.every((axis) => open.has(axis))) continue;
    const factor = index.coef[own[0]] / guard.coef[own[0]];
    if (!own.every((axis) => index.coef[axis] === factor * guard.coef[axis])) continue;
    // The index moves with the guard's own integer, which is from 0 to size - 1.
    for (const axis of own) open.delete(axis);
    add(-factor * guard.offset, factor * (size - 1 - guard.offset));
  }
  for (const { axis, size } of open.values()) add(0, index.coef[axis] * (size - 1));
  return [low, high];
}
