// Chooses the order of each value's axes in memory.
import { reshapeGroups } from "../base/affine.js";
import { rowMajor, type Shape, sizeOf } from "../base/shape.js";
import { type Node, topologicalOrder } from "../graph/node.js";
import { slidesOverFew } from "./channels.js";
import { Expressor } from "./express.js";
import { type Geometry, geometryOf } from "./geometry.js";
import type { Affine, Expr } from "./kernel.js";
import type { Schedule, Task } from "./schedule.js";
import { filled, type Target } from "./target.js";

/** How much a choice gains by each value that has that order already: the kernels around it then agree. */
const SETTLED = 0.3;

/** A loop with so many of the widest vectors is as good as one that fills them all. */
const LONG = 4;

/** The value of lanes along the channels of images, relative to other loops: filtering saves more than full lanes do. */
const CHANNELS = 2;

/** The value of lanes two elements apart, relative to neighbors. */
const APART = 0.7;

/** One read of a stored value by a task: its index, in the shape it is seen in, at each point of the task's loops. */
interface Read {
  readonly node: Node;
  readonly shape: Shape;
  readonly index: readonly Affine[];
  /** Whether one axis is indexed by row numbers instead of walked. */
  readonly picked: boolean;
}

/** A task with its loops and all that it reads. */
interface Seen {
  readonly task: Task;
  readonly geometry: Geometry;
  readonly reads: readonly Read[];
}

/** How a contraction's operand walks the stored value that it is a view of. */
interface Operand {
  readonly base: Node;
  /** Where each axis of the value is at each step of the loops. */
  readonly at: readonly Affine[];
  /** Whether positions and windows meet in one place of an axis. */
  readonly windows: boolean;
  uses(loop: number): boolean;
  /** The value's axis that moves by `step`, by default 1, with a loop. */
  axisOf(loop: number, step?: number): number | undefined;
}

/** A value, and the axis that is wanted innermost: none where there is no such axis. */
type Wanted = readonly [value: Node, axis: number | undefined];

interface Contraction {
  readonly root: Node;
  readonly core: Node<"contract">;
  readonly geometry: Geometry;
  readonly operands: readonly Operand[];
}

/** What contractions of the same program have: windows anywhere, channels that should be innermost, a batch of products. */
interface Around {
  readonly windows: boolean;
  readonly channels: boolean;
  readonly batched: boolean;
}

/** What is known of memory beforehand: given strides, and values that share theirs. */
export interface Known {
  readonly strides: ReadonlyMap<Node, readonly number[]>;
  readonly ties: ReadonlyMap<Node, readonly Node[]>;
}

/**
 * Chooses, for every stored value, which axis is contiguous in memory. Kernels are fast where neighboring lanes are
 * neighbors in memory, so the contractions choose first (the largest first of all), each for itself and for the
 * values that it reads and writes; the rest follow the values around them. In training this puts the batch innermost
 * all through the network: windows, padding, strides and pooling then never cross a lane.
 *
 * @param fixed values whose layout is given or row-major, whatever would be faster: parameters, data, results.
 * @returns strides, in elements, for every stored value.
 */
export function chooseLayouts(
  plan: Schedule,
  fixed: ReadonlySet<Node>,
  target: Target,
  known: Known,
): Map<Node, readonly number[]> {
  const layout = new Layout(plan, fixed, target, known);
  const tasks: Seen[] = plan.tasks.map((task) => ({ task, geometry: geometryOf(task), reads: readsOf(task, plan) }));
  const contractions = tasks.flatMap(({ task: { root, core }, geometry }) =>
    core?.kind === "contract" ? [{ root, core, geometry, operands: layout.operandsOf(core, geometry) }] : [],
  );
  for (const seen of tasks) layout.serveParameters(seen);
  contractions.sort((p, q) => sizeOf(q.geometry.sizes) - sizeOf(p.geometry.sizes));
  // Where windows walk along axes anywhere, the batch is best innermost everywhere; or channels, if there are few images.
  const windows = contractions.some(({ operands }) => operands.some((o) => o.windows));
  const channels = target.winograd && contractions.some((c) => slidesOverFew(c, target.together));
  const batched = contractions.some(isBatched);
  for (const contraction of contractions) layout.voteByContraction(contraction, { windows, channels, batched });
  for (const seen of tasks) layout.followInputs(seen);
  for (const seen of [...tasks].reverse()) layout.guideInputs(seen);
  return new Map([...plan.stored].map((node) => [node, layout.strides(node)]));
}

/** Everything that a task reads from memory. */
export function readsOf(task: Task, { stored }: Schedule): Read[] {
  if (task.root.kind === "loop" || task.root.kind === "part") return [];
  const geometry = geometryOf(task);
  const reads: Read[] = [];
  const nothing: Expr = { kind: "core" };
  const note = (node: Node, shape: Shape, index: readonly Affine[], picked: boolean): Expr => {
    reads.push({ node, shape, index, picked });
    return nothing;
  };
  const writer = new Expressor({
    sizes: geometry.sizes,
    isStored: (node) => stored.has(node),
    load: (node, shape, index) => note(node, shape, index, false),
    gather: (node, shape, _axis, _row, index) => note(node, shape, index, true),
    core: (node) => (node === task.core ? nothing : undefined),
  });
  if (task.core !== undefined && task.core.kind !== "contract") {
    const { kind, inputs } = task.core;
    for (const [i, x] of (kind === "concat" ? inputs : inputs.slice(0, 1)).entries()) writer.at(x, geometry.inputs[i]);
  }
  writer.compute(task.root, geometry.root);
  return reads;
}

class Layout {
  /** The contiguous axis of each value that has one already. */
  readonly #inner = new Map<Node, number>();
  /** Axes that must stay together, in order, because a reshape merges them. */
  readonly #groups = new Map<Node, number[][]>();
  /** The axis along which tasks of a fixed order read a value. */
  readonly #wishes = new Map<Node, number>();

  constructor(
    readonly plan: Schedule,
    readonly fixed: ReadonlySet<Node>,
    readonly target: Target,
    readonly known: Known,
  ) {
    for (const node of plan.stored)
      this.#groups.set(
        node,
        node.shape.map((_, i) => [i]),
      );
    for (const node of topologicalOrder(plan.tasks.map((t) => t.root))) {
      if (node.kind === "reshape") this.#join(node.inputs[0], node.shape);
    }
  }

  /** Keeps together the axes of x that a reshape to `shape` merges. */
  #join(x: Node, shape: Shape): void {
    const groups = this.#groups.get(x);
    if (groups === undefined) return;
    let runs = groups;
    for (const { source } of reshapeGroups(x.shape, shape)) {
      const touched = runs.filter((g) => g.some((a) => source.includes(a)));
      if (touched.length > 1) {
        const merged = touched.flat().sort((p, q) => p - q);
        runs = [...runs.filter((g) => !touched.includes(g)), merged].sort((p, q) => p[0] - q[0]);
      }
    }
    this.#groups.set(x, runs);
  }

  /** The values that share the strides of this one, itself included. */
  #like(node: Node): readonly Node[] {
    return this.known.ties.get(node) ?? [node];
  }

  /** Whether the value's elements along this axis are, or can be made, neighbors in memory. */
  #canBeInner(node: Node, axis: number): boolean {
    return this.#like(node).every((n) => {
      const group = this.#groups.get(n)?.find((g) => g.includes(axis));
      if (this.fixed.has(n) || group === undefined) return axis === this.#fixedAxis(n);
      const chosen = this.#inner.get(n);
      return axis === (chosen ?? group.filter((a) => n.shape[a] > 1).at(-1));
    });
  }

  #choose(node: Node, axis: number, into = this.#inner): void {
    for (const n of this.#like(node)) if (!this.fixed.has(n) && this.#groups.has(n)) into.set(n, axis);
  }

  /** The contiguous axis of a value whose layout is fixed; -1 if it has none. */
  #fixedAxis(node: Node): number {
    const strides = this.known.strides.get(node) ?? rowMajor(node.shape);
    return strides.findLastIndex((step, axis) => step === 1 && node.shape[axis] > 1);
  }

  #innerAxis(node: Node): number | undefined {
    return this.fixed.has(node) ? this.#fixedAxis(node) : this.#inner.get(node);
  }

  /** Picks the loop whose steps become vector lanes and asks for it to be contiguous wherever it is loaded or stored. */
  voteByContraction(
    { root, core, geometry, operands: [a, b] }: Contraction,
    { windows, channels, batched }: Around,
  ): void {
    const out = (loop: number) => axisOf(geometry.root, loop);
    const { together, vector, widest } = this.target;
    // Share of the lanes that a loop of this length keeps busy: of the widest, unless windows want the batch innermost. What a long
    // one leaves idle is less than values in different orders would cost; but no lanes run along one that both operands have.
    const busy = (size: number): number => {
      if (!windows && size < widest) return size / widest;
      return size === vector || (size >= LONG * widest && !batched) ? 1 : filled(size, together);
    };
    let best = { score: 0, apply: () => {} };
    const consider = (size: number, form: number, wanted: readonly Wanted[], row = size): void => {
      if (!wanted.every(([node, axis]) => axis !== undefined && this.#canBeInner(node, axis))) return;
      const settled = wanted.filter(
        ([node, axis]) => (this.#inner.get(node) ?? this.#wishes.get(node)) === axis,
      ).length;
      const score = form * Math.min(busy(size), row < widest ? busy(row) : 1) * (1 + SETTLED * settled);
      const apply = () => wanted.forEach(([node, axis]) => this.#choose(node, axis as number));
      if (score > best.score) best = { score, apply };
    };
    geometry.sizes.forEach((size, loop) => {
      // Lanes would be separate sums, but a tree adds its terms in order; so its lanes run along the result.
      if (loop >= geometry.outer)
        return consider(core.attrs.tree ? 0 : size, 0.8, [
          [a.base, a.axisOf(loop)],
          [b.base, b.axisOf(loop)],
        ]);
      if (a.uses(loop) && b.uses(loop)) return;
      const [own, other] = a.uses(loop) ? [a, b] : [b, a];
      consider(size, 1, [
        [own.base, own.axisOf(loop)],
        [root, out(loop)],
      ]);
      const wanted = channels && other.windows ? this.#channels(root, geometry, loop, own, other) : [];
      if (wanted.length > 0) consider(size, CHANNELS, wanted);
      consider(size, APART, [
        [own.base, own.axisOf(loop, 2)],
        [root, out(loop)],
      ]);
      // A parameter's lanes, with the result in the order of the other operand.
      if (!this.fixed.has(own.base)) return;
      for (let row = 0; row < geometry.outer; row++) {
        if (row === loop || own.uses(row) || !other.uses(row) || geometry.sizes[row] % (together / 2) !== 0) continue;
        const rows: Wanted[] = [
          [other.base, other.axisOf(row)],
          [root, out(row)],
        ];
        consider(size, 1.03, [[own.base, own.axisOf(loop)], ...rows], geometry.sizes[row]);
      }
    });
    best.apply();
  }

  /**
   * The axes that are a convolution's channels: those made, in the result and the filters, and those given, in the data,
   * if they fill vectors.
   */
  #channels(root: Node, { sizes, outer, root: at }: Geometry, made: number, filter: Operand, data: Operand): Wanted[] {
    const given = sizes.findIndex(
      (size, loop) =>
        loop >= outer && size >= this.target.vector && filter.uses(loop) && data.axisOf(loop) !== undefined,
    );
    const free: Wanted[] = [
      [root, axisOf(at, made)],
      [filter.base, filter.axisOf(made)],
    ];
    return [
      ...free.filter(([value]) => !this.fixed.has(value)),
      ...(given < 0 ? [] : [[data.base, data.axisOf(given)] as const]),
    ];
  }

  operandsOf(core: Node<"contract">, { inputs, sizes }: Geometry): Operand[] {
    return core.inputs.map((x, i) => this.#operand(x, inputs[i], sizes));
  }

  #operand(x: Node, index: readonly Affine[], sizes: readonly number[]): Operand {
    let base = x;
    let at = index;
    let shape = x.shape;
    new Expressor({
      sizes: sizes.map(() => 1),
      isStored: (node) => this.plan.stored.has(node),
      load: (node, seen, inner) => {
        base = node;
        at = inner;
        shape = seen;
        return { kind: "core" };
      },
      gather: () => ({ kind: "core" }),
      core: () => undefined,
    }).at(x, index);
    return {
      base,
      at,
      windows: at.some((i) => overlaps(i, sizes)),
      uses: (loop: number) => at.some((i) => i.coef[loop] !== 0),
      axisOf: (loop: number, step = 1): number | undefined => {
        const axis = axisOf(at, loop, step);
        return axis === undefined ? undefined : storedAxis(base.shape, shape, axis);
      },
    };
  }

  /** A value without a wish of its own takes the order in which it can read its inputs contiguously. */
  followInputs({ task: { root }, geometry, reads }: Seen): void {
    if (this.fixed.has(root) || this.#inner.has(root)) return;
    const votes = new Map<number, number>();
    for (const { node, shape, index } of reads) {
      const inner = this.#innerAxis(node);
      const seen = inner === undefined ? undefined : storedAxis(shape, node.shape, inner);
      if (seen === undefined || isSmall(node, root)) continue;
      index[seen].coef.forEach((c, loop) => {
        const axis = c === 1 && loop < geometry.outer ? axisOf(geometry.root, loop) : undefined;
        if (axis !== undefined) votes.set(axis, (votes.get(axis) ?? 0) + sizeOf(node.shape));
      });
    }
    const [winner] = [...votes].filter(([axis]) => this.#canBeInner(root, axis)).sort((p, q) => q[1] - p[1]);
    if (winner !== undefined) this.#choose(root, winner[0]);
  }

  /**
   * Rows gathered from a parameter are copied whole, and values whose rows an update gathers have the order of its
   * parameter; readers that want another order transpose as they read. A gradient is best in the order of the parameter
   * that it updates: the kernel of its product can then do the update.
   */
  serveParameters(seen: Seen): void {
    const { root, core } = seen.task;
    const picking = { ...seen, reads: seen.reads.filter((r) => r.picked) };
    if (this.fixed.has(root)) {
      this.guideInputs(picking);
      if (core === undefined) this.guideInputs(seen, this.#wishes);
    } else if (core === undefined) this.followInputs(picking);
  }

  /** Values still without an order take, or wish for, the one in which their users read them. */
  guideInputs({ task: { root }, geometry, reads }: Seen, into = this.#inner): void {
    const inner = this.#innerAxis(root) ?? -1;
    if (inner < 0) return;
    const loop = geometry.root[inner].coef.indexOf(1);
    for (const { node, shape, index } of reads) {
      if (loop < 0 || this.fixed.has(node) || this.#inner.has(node) || isSmall(node, root)) continue;
      const seen = axisOf(index, loop);
      const axis = seen === undefined ? undefined : storedAxis(node.shape, shape, seen);
      if (axis !== undefined && this.#canBeInner(node, axis)) this.#choose(node, axis, into);
    }
  }

  strides(node: Node): readonly number[] {
    const inner = this.#inner.get(node);
    if (inner === undefined || this.fixed.has(node)) return this.known.strides.get(node) ?? rowMajor(node.shape);
    const groups = this.#groups.get(node) as number[][];
    const last = groups.find((g) => g.includes(inner)) as number[];
    const order = [...groups.filter((g) => g !== last), last].flat();
    const strides = new Array<number>(node.shape.length);
    let step = 1;
    for (const axis of order.reverse()) {
      strides[axis] = step;
      step *= node.shape[axis];
    }
    return strides;
  }
}

/** Whether it multiplies a batch of matrices, as attention does. */
const isBatched = ({ geometry: { sizes, outer }, operands: [a, b] }: Contraction): boolean =>
  !(a.windows || b.windows) && sizes.slice(0, outer).some((size, loop) => size > 1 && a.uses(loop) && b.uses(loop));

/** Whether several loops meet in one place of an axis, as positions and windows that overlap do. */
function overlaps({ coef }: Affine, sizes: readonly number[]): boolean {
  const moving = coef.map((c, loop) => ({ step: Math.abs(c), size: sizes[loop] })).filter((x) => x.step > 0);
  moving.sort((p, q) => p.step - q.step);
  return moving.some(({ step }, i) => i > 0 && step < moving[i - 1].step * moving[i - 1].size);
}

/** Whether a value is broadcast over a much larger one: it is read so seldom that its order does not matter. */
const isSmall = (node: Node, root: Node): boolean => 4 * sizeOf(node.shape) < sizeOf(root.shape);

/** The axis of a stored shape whose steps are those of an axis of the shape in which it is seen. */
function storedAxis(stored: Shape, seen: Shape, axis: number): number | undefined {
  const group = reshapeGroups(stored, seen).find((g) => g.domain.includes(axis));
  if (group?.domain.filter((d) => seen[d] > 1).at(-1) !== axis) return undefined;
  return group.source.filter((s) => stored[s] > 1).at(-1);
}

/** The one axis that moves by `step` with a loop. */
function axisOf(index: readonly Affine[], loop: number, step = 1): number | undefined {
  const moving = index.flatMap((a, axis) => (a.coef[loop] === 0 ? [] : [axis]));
  return moving.length === 1 && index[moving[0]].coef[loop] === step ? moving[0] : undefined;
}

/** Strides under which a stored value is seen in another shape; undefined where its memory does not allow that. */
export function stridesAs(shape: Shape, strides: readonly number[], seen: Shape): number[] | undefined {
  const out = new Array<number>(seen.length).fill(0);
  for (const { source, domain } of reshapeGroups(shape, seen)) {
    const wide = source.filter((s) => shape[s] > 1);
    for (let i = 0; i + 1 < wide.length; i++) {
      if (strides[wide[i]] !== strides[wide[i + 1]] * shape[wide[i + 1]]) return undefined;
    }
    let step = wide.length > 0 ? strides[wide[wide.length - 1]] : 0;
    for (const d of [...domain].reverse()) {
      out[d] = step;
      step *= seen[d];
    }
  }
  return out;
}
