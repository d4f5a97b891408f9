// Makes kernels of a loop: the program of a step, whose storages are windows into values of the program around it.
import { type AffineMap, composeMaps, staysInside } from "../base/affine.js";
import { byteSize } from "../base/dtype.js";
import { rowMajor, type Shape, sizeOf } from "../base/shape.js";
import {
  type Affine,
  axisAffine,
  type Buffer,
  buffersOf,
  buffersRead,
  buffersWritten,
  combineAffine,
  type Kernel,
  type LoopKernel,
  type Window,
} from "../compile/kernel.js";
import type { Laid, LowerLoop, Lowers, Outside, Places } from "../compile/loops.js";
import { compileProgram, type Program } from "../compile/program.js";
import { makeStorage, type Node, type Steps, type Storage, topologicalOrder, type Update } from "../graph/node.js";
import { fromStorage, isStorage } from "../graph/ops/index.js";
import { emitSteps } from "./emit.js";
import { behind, nodeIn, placeAfter, placeAt, placeBefore, placeOfFirst, takesRows } from "./steps.js";

/**
 * How an input lies in memory: a stored value, the view of it that the input is, and the shape under which the view
 * reads it.
 */
interface Seen {
  readonly base: Node;
  readonly map?: AffineMap;
  readonly shape: Shape;
}

/**
 * Steps read a view of a stored value in place if it moves forwards through memory along each axis but that of the
 * steps.
 */
function seenOf(x: Node, isSequence: boolean): Seen {
  let base = x;
  let map: AffineMap | undefined;
  while (base.kind === "view") {
    const own = base.attrs;
    const all = map === undefined ? own : composeMaps(map, own);
    const forwards = all.coef.every((row) => row.every((c, d) => c >= 0 || (isSequence && d === 0)));
    if (!forwards || !staysInside(own)) break;
    map = all;
    [base] = base.inputs;
  }
  const { shape } = base;
  return { base: base.kind === "reshape" ? base.inputs[0] : base, map, shape };
}

/** The stored value of each input that steps read. First states are computed where they are needed. */
const seenInputs = ({ inputs, attrs: { states, sequences } }: Node<"loop">): (Seen | undefined)[] =>
  inputs.map((x, i) => (i < states ? undefined : seenOf(x, i < states + sequences)));

export const readsOfLoop = (loop: Node<"loop">): Node[] => seenInputs(loop).flatMap((s) => s?.base ?? []);

/** Elements from one index to the next of an input, and to its first. */
function stridesThrough({ map, shape }: Seen, strides: readonly number[]): { start: number; strides: number[] } {
  if (map === undefined) return { start: 0, strides: [...strides] };
  return {
    start: map.offset.reduce((n, o, s) => n + o * strides[s], 0),
    strides: map.domain.map((_, d) => shape.reduce((n, _, s) => n + map.coef[s][d] * strides[s], 0)),
  };
}

/** Storages of a step: strides that are given (others are row-major), those that are free, and those that are the same. */
class StepPlaces implements Places {
  readonly #nodes = new Map<Storage, Node[]>();

  constructor(
    readonly given: ReadonlyMap<Storage, readonly number[]>,
    readonly free: ReadonlySet<Storage>,
    readonly ties: ReadonlyMap<Storage, Storage>,
  ) {}

  know(
    stored: ReadonlySet<Node>,
    targets: ReadonlyMap<Node, Storage>,
    fixed: Set<Node>,
    { strides, ties }: Laid,
  ): void {
    for (const node of stored) {
      const storage = isStorage(node) ? node.attrs : targets.get(node);
      if (storage === undefined) continue;
      if (this.free.has(storage)) fixed.delete(node);
      const given = this.given.get(storage);
      if (given !== undefined) strides.set(node, given);
      const like = this.ties.get(storage) ?? storage;
      this.#nodes.set(like, [...(this.#nodes.get(like) ?? []), node]);
    }
    for (const nodes of this.#nodes.values()) for (const node of nodes) ties.set(node, nodes);
  }

  stridesOf(storage: Storage, layouts: ReadonlyMap<Node, readonly number[]>): readonly number[] | undefined {
    const [node] = this.#nodes.get(this.ties.get(storage) ?? storage) ?? [];
    return node && layouts.get(node);
  }
}

/** Compiles one loop. */
class Compiling {
  readonly steps: Steps;
  readonly parts: readonly Node<"part">[];
  /** The states that the parts depend on. */
  readonly states: readonly number[];
  readonly seen: readonly (Seen | undefined)[];
  /** Stand-ins of parameters, of next states and of values that are kept of every step. */
  readonly parameters: readonly Storage[];
  readonly next = new Map<number, Storage>();
  readonly kept = new Map<Node<"part">, Storage>();
  readonly program: Program;
  readonly #buffers: ReadonlyMap<Storage | undefined, Buffer>;

  constructor(
    readonly loop: Node<"loop">,
    outside: Outside,
  ) {
    this.steps = loop.attrs;
    const { parameters, next } = this.steps;
    this.parts = outside.plan.tasks.flatMap(({ root }) =>
      root.kind === "part" && root.inputs[0] === loop ? [root] : [],
    );
    this.seen = seenInputs(loop);
    const each = this.parts.flatMap(({ attrs }) => ("each" in attrs ? [attrs.each] : []));
    const wanted = this.parts.flatMap(({ attrs }) =>
      "each" in attrs ? [] : [parameters["all" in attrs ? attrs.all : attrs.last]],
    );
    const states = new Map(parameters.slice(0, this.steps.states).map((p, k) => [p, k]));
    this.states = [...behind(states, next, [...each, ...wanted]).states].sort((p, q) => p - q);
    this.parameters = parameters.map(({ shape, dtype }, i) => makeStorage(shape, dtype, `${this.#nameOf(i)}`));
    const step = new Map(parameters.map((p, i) => [p, fromStorage(this.parameters[i])]));
    const updates: Update[] = [];
    const update = (name: string, value: Node): Storage => {
      const storage = makeStorage(value.shape, value.dtype, name);
      updates.push({ storage, value: nodeIn(value, step) });
      return storage;
    };
    for (const k of this.states) this.next.set(k, update(`next state ${k}`, next[k]));
    for (const part of this.parts)
      if ("each" in part.attrs) this.kept.set(part, update(`kept ${this.kept.size}`, part.attrs.each));
    const places = this.#places(outside);
    this.program = compileProgram(updates, { ...outside.target, winograd: false }, undefined, places).program;
    this.#buffers = new Map(this.program.buffers.map((b) => [b.storage, b]));
    this.#settle(outside, places.free);
  }

  #nameOf(i: number): string {
    const { states, sequences } = this.steps;
    return i < states
      ? `state ${i}`
      : i < states + sequences
        ? `x ${i - states}`
        : `constant ${i - states - sequences}`;
  }

  isSequence = (i: number): boolean => i < this.steps.states + this.steps.sequences;

  /** The layout of storages as far as it is fixed before the step is compiled. */
  #places({ plan, fixed, strides }: Outside): StepPlaces {
    const given = new Map<Storage, readonly number[]>();
    const free = new Set<Storage>();
    const reshaped = new Set<Node>();
    for (const node of topologicalOrder(plan.tasks.map((t) => t.root)))
      if (node.kind === "reshape") reshaped.add(node.inputs[0]);
    const decided = (node: Node): boolean => fixed.has(node) || reshaped.has(node);
    const bases = this.seen.map((s) => s?.base);
    this.seen.forEach((seen, i) => {
      if (seen === undefined) return;
      const { base, map, shape } = seen;
      const plain = map === undefined || (this.isSequence(i) && takesRows(map));
      const once = bases.indexOf(base) === bases.lastIndexOf(base);
      if (plain && once && !decided(base)) free.add(this.parameters[i]);
      else {
        fixed.add(base);
        const all = stridesThrough(seen, strides.get(base) ?? rowMajor(shape)).strides;
        given.set(this.parameters[i], this.isSequence(i) ? all.slice(1) : all);
      }
    });
    const ties = new Map<Storage, Storage>();
    for (const [k, next] of this.next) {
      const before = this.parameters[k];
      ties.set(next, before);
      if (this.parts.some((part) => "all" in part.attrs && part.attrs.all === k && decided(part))) continue;
      free.add(next).add(before);
    }
    for (const [part, storage] of this.kept) if (!decided(part)) free.add(storage);
    for (const part of this.parts) if ("last" in part.attrs && decided(part)) fixed.add(part);
    return new StepPlaces(given, free, ties);
  }

  /** The strides that a storage of the step was given, if it is used. */
  stridesOf = (storage: Storage): readonly number[] => this.#buffers.get(storage)?.strides ?? rowMajor(storage.shape);
  bufferOf = (storage: Storage): Buffer | undefined => this.#buffers.get(storage);
  stateStrides = (k: number): readonly number[] => this.stridesOf(this.next.get(k) as Storage);

  /** Makes the program around the loop use the layouts that the step chose. */
  #settle({ fixed, strides }: Outside, free: ReadonlySet<Storage>): void {
    const set = (node: Node, own: readonly number[], rows: boolean): void => {
      fixed.add(node);
      strides.set(node, rows ? [sizeOf(node.shape.slice(1)), ...own] : own);
    };
    this.seen.forEach((seen, i) => {
      const storage = this.parameters[i];
      if (seen !== undefined && free.has(storage)) set(seen.base, this.stridesOf(storage), this.isSequence(i));
    });
    for (const part of this.parts) {
      const { attrs } = part;
      if ("each" in attrs) set(part, this.stridesOf(this.kept.get(part) as Storage), true);
      else if ("all" in attrs) set(part, this.stateStrides(attrs.all), true);
      else if (!fixed.has(part)) set(part, this.stateStrides(attrs.last), false);
    }
  }
}

/** Compiles a loop; the kernels are made once the memory around it is laid out. */
export function compileLoop(loop: Node<"loop">, outside: Outside): LowerLoop {
  const compiling = new Compiling(loop, outside);
  return (lowering) => lowerLoop(compiling, lowering);
}

function lowerLoop(compiling: Compiling, lowering: Lowers): Kernel[] {
  const { loop, steps, program } = compiling;
  const windows = new Map<Buffer, Window>();
  const [before, after]: Kernel[][] = [[], []];
  /** A window that is `rows` bytes further on for each place. */
  const along = (buffer: Buffer, row: number, shift = 0): Omit<Window, "turn"> => {
    const [first, second] = [0, 1].map((i) => (placeAt(steps, i) + shift) * row);
    return { buffer, start: first, step: second - first };
  };
  const see = (storage: Storage, window: Window): void => {
    const buffer = compiling.bufferOf(storage);
    if (buffer !== undefined) windows.set(buffer, window);
  };
  const name = `loop${loop.id}`;
  for (const k of compiling.states) {
    const { shape, dtype } = loop.inputs[k];
    const [size, strides] = [sizeOf(shape), compiling.stateStrides(k)];
    const row = size * byteSize(dtype);
    const [param, next] = [compiling.parameters[k], compiling.next.get(k) as Storage];
    const all = compiling.parts.find(({ attrs }) => "all" in attrs && attrs.all === k);
    const states =
      all === undefined
        ? lowering.make(`${name} state ${k}`, [2, ...shape], [size, ...strides], dtype)
        : lowering.bufferOf(all);
    see(
      param,
      all === undefined ? { buffer: states, start: 0, step: row, turn: 0 } : along(states, row, placeBefore(steps)),
    );
    see(
      next,
      all === undefined ? { buffer: states, start: 0, step: row, turn: 1 } : along(states, row, placeAfter(steps)),
    );
    const first = all === undefined ? 0 : placeOfFirst(steps);
    before.push(lowering.put(loop.inputs[k], `${name} first state ${k}`, states, strides, first * size));
    const end = all === undefined ? steps.length % 2 : placeAt(steps, steps.length - 1) + placeAfter(steps);
    for (const part of compiling.parts)
      if ("last" in part.attrs && part.attrs.last === k)
        after.push(copied(`${name} last state ${k}`, shape, states, strides, end * size, lowering.bufferOf(part)));
  }
  compiling.seen.forEach((seen, i) => {
    if (seen === undefined) return;
    const buffer = lowering.bufferOf(seen.base);
    const bytes = byteSize(buffer.dtype);
    const own = seen.shape === seen.base.shape ? buffer.strides : rowMajor(seen.shape);
    const { start, strides } = stridesThrough(seen, own);
    if (!compiling.isSequence(i)) return see(compiling.parameters[i], { buffer, start: start * bytes, step: 0 });
    const window = along(buffer, strides[0] * bytes);
    see(compiling.parameters[i], { ...window, start: window.start + start * bytes });
  });
  for (const [part, storage] of compiling.kept) {
    const buffer = lowering.bufferOf(part);
    see(storage, along(buffer, buffer.strides[0] * byteSize(buffer.dtype)));
  }
  const { arenaBytes } = program.memory;
  if (arenaBytes > 0) {
    const buffer = lowering.make(`${name} work`, [arenaBytes / 4], [1]);
    for (const b of program.buffers)
      if (b.storage === undefined && b.offset !== undefined) windows.set(b, { buffer, start: b.offset, step: 0 });
  }
  const kernel: LoopKernel = {
    kind: "loop",
    name,
    sizes: [steps.length],
    outer: 1,
    stores: [],
    steps: program.kernels,
    windows,
    ...touched(program.kernels, windows),
    key: (of) => keyOf(kernel, of),
    emit: emitSteps,
  };
  return [...before, kernel, ...after];
}

/** Two loops differ where their steps do, or where these find their buffers. */
function keyOf(loop: LoopKernel, of: (kernel: Kernel) => string): string {
  const outside = buffersOf(loop);
  const steps = loop.steps.map((kernel) => {
    const places = buffersOf(kernel).map((b) => {
      const { buffer, start, step, turn } = loop.windows.get(b) as Window;
      return `${outside.indexOf(buffer)}+${start}+${step}${turn ?? ""}`;
    });
    return `${of(kernel)}@${places}`;
  });
  return ["loop", loop.sizes, ...steps].join("\n");
}

/** Buffers in windows that steps read before they write them, and those that they write. */
function touched(kernels: readonly Kernel[], windows: ReadonlyMap<Buffer, Window>) {
  const [reads, writes, written] = [new Set<Buffer>(), new Set<Buffer>(), new Set<Buffer>()];
  const around = (b: Buffer): Buffer => (windows.get(b) as Window).buffer;
  for (const kernel of kernels) {
    for (const b of buffersRead(kernel)) if (!written.has(b)) reads.add(around(b));
    for (const b of buffersWritten(kernel)) {
      written.add(b);
      writes.add(around(b));
    }
  }
  return { reads, writes };
}

/** Copies a part of a buffer into another buffer. */
function copied(
  name: string,
  sizes: Shape,
  from: Buffer,
  strides: readonly number[],
  start: number,
  buffer: Buffer,
): Kernel {
  const axes = sizes.map((_, a) => axisAffine(a, sizes.length));
  const index = (by: readonly number[], offset: number): Affine => combineAffine(axes, by, offset, sizes.length);
  const value = { kind: "load", buffer: from, index: index(strides, start), guards: [] } as const;
  const store = { buffer, index: index(buffer.strides, 0), guards: [], value };
  return { kind: "map", name, sizes, outer: sizes.length, stores: [store] };
}
