// The compiler as a whole: from the values of a graph to a program of kernels.
import type { DType } from "../base/dtype.js";
import { rowMajor, type Shape } from "../base/shape.js";
import type { Node, Storage } from "../graph/node.js";
import { isStorage } from "../graph/ops/index.js";
import type { Runs, Update } from "../tensor/realizer.js";
import { filtered } from "./filtering.js";
import { flattened } from "./flatten.js";
import type { Buffer, Kernel } from "./kernel.js";
import { chooseLayouts } from "./layout.js";
import type { CompileLoop, LowerLoop, Places } from "./loops.js";
import { Lowering } from "./lower.js";
import { type MemoryPlan, planMemory } from "./memory.js";
import { mergeKernels } from "./merge.js";
import { settleOperands } from "./operands.js";
import { orderSteps, type Step, setAside } from "./order.js";
import { type Schedule, schedule } from "./schedule.js";
import { simplify } from "./simplify.js";
import { PROCESSOR, type Target } from "./target.js";

/** A compiled graph, ready for code generation: kernels in order, and a plan of their memory. */
export interface Program {
  readonly kernels: readonly Kernel[];
  /** Groups of kernels that run side by side; not set if kernels run one after the other. */
  readonly groups?: readonly (readonly Kernel[])[];
  readonly buffers: readonly Buffer[];
  readonly memory: MemoryPlan;
  /** The number of runs that go through the program together; not set for one run. */
  readonly runs?: number;
}

/** What the compiler's passes make of a graph, to be printed or checked. */
export interface Stages {
  readonly simplified: readonly Node[];
  readonly settled: readonly Node[];
  readonly plan: Schedule;
  readonly steps: readonly Step[];
  readonly layouts: ReadonlyMap<Node, readonly number[]>;
  readonly program: Program;
}

/** Kernels and, of those buffers that have a value for each run, what they became. */
interface Together {
  readonly kernels: readonly Kernel[];
  readonly buffers: ReadonlyMap<Buffer, Buffer>;
}

/** Lets runs go through kernels together, if together.ts is loaded: pages do not need it. */
export const together: { of?: (kernels: readonly Kernel[], runs: Runs) => Together | undefined } = {};

/** Called after each pass with its name and its result. */
export type Observer = (pass: keyof Stages, product: Stages[keyof Stages]) => void;

/** Observers of every program that is compiled from now on, for any device. */
export const observers = new Set<Observer>();

/**
 * Runs all passes, in order: simplify, settle operands, schedule, order, lay out, lower and merge, plan memory.
 *
 * @param target the machine that the program is for.
 * @param places given for the step of a loop, whose passes are not observed.
 * @param runs those that go through the program together, if that is faster.
 */
export function compileProgram(
  updates: readonly Update[],
  target: Target = PROCESSOR,
  observe?: Observer,
  places?: Places,
  runs?: Runs,
): Stages {
  const seen = <K extends keyof Stages>(pass: K, product: Stages[K]): Stages[K] => {
    if (places === undefined)
      for (const see of observe === undefined ? observers : [...observers, observe]) see(pass, product);
    return product;
  };
  const simplified = seen(
    "simplified",
    simplify(
      updates.map((u) => u.value),
      target,
    ),
  );
  const { roots: settled, stored } = settleOperands(simplified);
  seen("settled", settled);
  const settledUpdates = setAside(settled.map((value, i) => ({ storage: updates[i].storage, value })));
  const plan = seen(
    "plan",
    schedule(
      settledUpdates.map((u) => u.value),
      stored,
      target,
    ),
  );
  const steps = seen("steps", orderSteps(plan, settledUpdates));
  const targets = new Map(steps.flatMap((s) => (s.target && !s.copy ? [[s.task.root, s.target] as const] : [])));
  const fixed = new Set<Node>([...plan.stored].filter((n) => isStorage(n) || targets.has(n)));
  const known = { strides: new Map<Node, readonly number[]>(), ties: new Map<Node, readonly Node[]>() };
  places?.know(plan.stored, targets, fixed, known);
  const loops = new Map<Node, LowerLoop>();
  for (const { root } of plan.tasks)
    if (root.kind === "loop")
      loops.set(root, (root.op.compile as CompileLoop)(root, { plan, fixed, target, ...known }));
  const layouts = seen("layouts", chooseLayouts(plan, fixed, target, known));
  const stridesOf = (storage: Storage) => places?.stridesOf(storage, layouts) ?? rowMajor(storage.shape);
  const program = seen("program", lowerAll(plan, steps, targets, layouts, stridesOf, loops, target, runs));
  return { simplified, settled, plan, steps, layouts, program };
}

function lowerAll(
  plan: Schedule,
  steps: readonly Step[],
  targets: ReadonlyMap<Node, Storage>,
  layouts: ReadonlyMap<Node, readonly number[]>,
  stridesOf: (storage: Storage) => readonly number[],
  loops: ReadonlyMap<Node, LowerLoop>,
  target: Target,
  runs: Runs | undefined,
): Program {
  const places = new Map<Storage, Buffer>();
  const buffers: Buffer[] = [];
  const make = (
    node: { shape: Node["shape"]; dtype: Node["dtype"] },
    name: string,
    strides: readonly number[],
    storage?: Storage,
  ): Buffer => {
    const buffer: Buffer = { id: buffers.length, name, shape: node.shape, dtype: node.dtype, strides, storage };
    buffers.push(buffer);
    return buffer;
  };
  const placeOf = (storage: Storage): Buffer => {
    let place = places.get(storage);
    if (place === undefined) {
      place = make(storage, storage.name ?? `storage${storage.id}`, stridesOf(storage), storage);
      places.set(storage, place);
    }
    return place;
  };
  const own = new Map<Node, Buffer>();
  const bufferOf = (node: Node): Buffer => {
    if (isStorage(node)) return placeOf(node.attrs);
    const updated = targets.get(node);
    if (updated !== undefined) return placeOf(updated);
    let buffer = own.get(node);
    if (buffer === undefined) {
      const strides = layouts.get(node) ?? rowMajor(node.shape);
      buffer = make(node, `${node.op.name}${own.size}`, strides);
      own.set(node, buffer);
    }
    return buffer;
  };
  const temporary = (name: string, shape: Shape, strides: readonly number[], dtype: DType = "f32"): Buffer =>
    make({ shape, dtype }, name, strides);
  const lowering = new Lowering(plan, bufferOf, temporary, loops, target);
  const lowered = steps.flatMap(({ task, copy, target: updated }) =>
    copy ? [lowering.copy(task.root, placeOf(updated as Storage))] : lowering.task(task),
  );
  const few = filtered(mergeKernels(lowered, target), target, temporary);
  // A device with a pass of its own divides sums along their loops as they are, and merges loops later.
  const merged = target.finish === undefined ? flattened(few) : few;
  const joined = runs && together.of?.(merged, runs);
  const groups = joined === undefined ? target.finish?.(merged, temporary) : undefined;
  const kernels = groups?.flat() ?? joined?.kernels ?? merged;
  return {
    kernels,
    groups,
    buffers: buffers.map((b) => joined?.buffers.get(b) ?? b),
    memory: planMemory(groups ?? kernels, target),
    runs: joined && runs?.count,
  };
}
