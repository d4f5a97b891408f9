// Puts the steps of a program in order, and lets them write in place where they can.
import { type Node, type Storage, topologicalOrder } from "../graph/node.js";
import { awaited, isStorage, stopGradient, valuesOf } from "../graph/ops/index.js";
import type { Update } from "../tensor/realizer.js";
import { readsInPlace, type Schedule, type Task } from "./schedule.js";

/** A task, or the copying of a stored value, and the storage that it writes to, if any. */
export interface Step {
  readonly task: Task;
  readonly copy: boolean;
  readonly target?: Storage;
}

/**
 * Decides which tasks write straight into the storages that they update and puts all steps into an order in which
 * every step finds its inputs, and finds them still unchanged. A value that has to reach a storage otherwise is copied
 * there by a step of its own.
 */
export function orderSteps(plan: Schedule, updates: readonly Update[]): Step[] {
  const inPlace = new Map<Node, Storage>();
  const copies: { node: Node; storage: Storage }[] = [];
  const taskOf = new Map(plan.tasks.map((t) => [t.root, t]));
  const old = new Map<Storage, Node[]>();
  for (const node of plan.stored) if (isStorage(node)) append(old, node.attrs, node);
  for (const { storage, value } of updates) {
    const task = taskOf.get(value);
    // A task may write into a storage while it runs if it reads that storage only at the element that it writes.
    // A loop writes its results before their own tasks come.
    const mayOverwrite = (t: Task) =>
      (old.get(storage) ?? []).every((node) => t.root.kind !== "part" && readsInPlace(t, node, plan.stored));
    if (task !== undefined && !inPlace.has(value) && mayOverwrite(task)) inPlace.set(value, storage);
    else copies.push({ node: value, storage });
  }
  const tasks = sparing(plan.tasks, updates);
  for (;;) {
    const steps: Step[] = tasks.map((task) => ({ task, copy: false, target: inPlace.get(task.root) }));
    for (const { node, storage } of copies) steps.push({ task: { root: node }, copy: true, target: storage });
    const { order, stuck } = sort(steps, plan);
    if (stuck.length === 0) return order;
    const culprit = stuck.find((s) => !s.copy && s.target !== undefined);
    if (culprit?.target === undefined) throw new Error("compiler: updates in a circle");
    inPlace.delete(culprit.task.root);
    copies.push({ node: culprit.task.root, storage: culprit.target });
  }
}

/**
 * The order that saves memory where reshapes wait for values: the last updates first, so that what only they need is
 * freed soon. The first updates of a training step need the gradients of all others.
 */
function sparing(tasks: readonly Task[], updates: readonly Update[]): readonly Task[] {
  const last = updates.map((u) => u.value).reverse();
  const order = topologicalOrder(last, undefined, valuesOf);
  if (!order.some(awaited)) return tasks;
  const taskOf = new Map(tasks.map((task) => [task.root, task]));
  return order.flatMap((node) => taskOf.get(node) ?? []);
}

/** Adds a value to the list of a key. */
function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Stored values that a step reads, and those that it waits for. */
function needsOf({ task: { root }, copy }: Step, { stored }: Schedule): Set<Node>[] {
  const [reads, awaits] = [new Set<Node>(), new Set<Node>()];
  const seen = new Set<Node>();
  const after: Node[] = [];
  const visit = (node: Node, found: Set<Node>): void => {
    if ((copy || node !== root) && stored.has(node)) found.add(node);
    else if (!seen.has(node)) {
      seen.add(node);
      const values = valuesOf(node);
      after.push(...node.inputs.slice(values.length));
      for (const x of values) visit(x, found);
    }
  };
  visit(root, reads);
  for (const node of after) visit(node, awaits);
  return [reads, awaits];
}

/** Stable topological order by "writes before reads" and "reads of the old value before it is overwritten". */
function sort(steps: readonly Step[], plan: Schedule): { order: Step[]; stuck: Step[] } {
  const maker = new Map(steps.map((s, i) => [s.copy ? undefined : s.task.root, i]));
  const after = steps.map(() => new Set<number>());
  const blockers = steps.map(() => 0);
  const edge = (first: number | undefined, second: number): void => {
    if (first === undefined || first === second || after[first].has(second)) return;
    after[first].add(second);
    blockers[second]++;
  };
  const readers = new Map<Storage, number[]>();
  steps.forEach((step, i) => {
    const [reads, awaits] = needsOf(step, plan);
    for (const node of awaits) edge(maker.get(node), i);
    for (const node of reads) {
      edge(maker.get(node), i);
      if (isStorage(node)) append(readers, node.attrs, i);
    }
  });
  steps.forEach((s, i) => {
    if (s.target !== undefined) for (const r of readers.get(s.target) ?? []) edge(r, i);
  });
  const order: Step[] = [];
  // The steps that may come next; the last of the list does.
  const ready = steps.flatMap((_, i) => (blockers[i] === 0 ? [i] : [])).reverse();
  while (ready.length > 0) {
    const i = ready.pop() as number;
    order.push(steps[i]);
    for (const next of after[i]) if (--blockers[next] === 0) ready.splice(placeOf(next, ready), 0, next);
  }
  return { order, stuck: steps.filter((_, i) => blockers[i] > 0) };
}

/** Where a number belongs in a descending list. */
function placeOf(number: number, falling: readonly number[]): number {
  let [low, high] = [0, falling.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (falling[middle] > number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Updates whose values are storages that change in the same program: such values are copied before they change. */
export function setAside(updates: readonly Update[]): Update[] {
  const changing = new Set(updates.map((u) => u.storage));
  return updates.map((u) =>
    isStorage(u.value) && changing.has(u.value.attrs) && u.value.attrs !== u.storage
      ? { storage: u.storage, value: stopGradient(u.value) }
      : u,
  );
}
