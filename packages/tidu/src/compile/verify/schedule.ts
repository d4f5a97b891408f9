// Checks a schedule: everything is computed before it is used, and each stored value once.
import type { Node, Storage } from "../../graph/node.js";
import { isStorage, valuesOf } from "../../graph/ops/index.js";
import type { Step } from "../order.js";
import { isCore, readsInPlace, type Schedule, type Task } from "../schedule.js";
import { CompilerFault } from "./fault.js";

const label = (node: Node): string => `%${node.id} ${node.op.name}`;

/** What a task reads from memory; throws if it would have to compute something that an expression cannot. */
function readsOf(pass: string, task: Task, stored: ReadonlySet<Node>): Set<Node> {
  const reads = new Set<Node>();
  const seen = new Set<Node>();
  const stack = [task.root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node !== task.root && stored.has(node)) {
      reads.add(node);
      continue;
    }
    const { kind } = node;
    const fault = (problem: string) => new CompilerFault(pass, `${label(task.root)} needs ${label(node)}, ${problem}`);
    if (isCore(node) && node !== task.core) throw fault("which is neither stored nor the kernel's core");
    const [x] = node.inputs;
    if (kind === "reshape" && !stored.has(x)) throw fault("whose input is not stored");
    if (kind === "gather" && !stored.has(x) && !(x.kind === "reshape" && stored.has(x.inputs[0]))) {
      throw fault("whose table is not stored");
    }
    stack.push(...valuesOf(node));
  }
  if (task.core !== undefined && !seen.has(task.core))
    throw new CompilerFault(pass, `${label(task.root)} does not need its core`);
  return reads;
}

/** Every task computes one stored value from storages and from values of tasks before it. */
export function verifySchedule(pass: string, { tasks, stored }: Schedule): void {
  const made = new Set<Node>();
  for (const task of tasks) {
    if (!stored.has(task.root)) throw new CompilerFault(pass, `${label(task.root)} has a task but is not stored`);
    for (const node of readsOf(pass, task, stored)) {
      if (!isStorage(node) && !made.has(node))
        throw new CompilerFault(pass, `${label(task.root)} comes before ${label(node)}, which it reads`);
    }
    made.add(task.root);
  }
  for (const node of stored) {
    if (!isStorage(node) && !made.has(node))
      throw new CompilerFault(pass, `${label(node)} is stored but no task makes it`);
  }
}

/**
 * Every step finds its inputs made and still unchanged, writes each storage at most once, and overwrites what it reads
 * only element by element.
 */
export function verifySteps(pass: string, steps: readonly Step[], { stored }: Schedule): void {
  const made = new Set<Node>();
  const written = new Set<Storage>();
  for (const { task, copy, target } of steps) {
    const reads = copy ? new Set([task.root]) : readsOf(pass, task, stored);
    for (const node of reads) {
      const changed = isStorage(node) && written.has(node.attrs);
      if (changed)
        throw new CompilerFault(pass, `${label(task.root)} reads storage #${node.attrs.id} after it was overwritten`);
      if (!isStorage(node) && !made.has(node))
        throw new CompilerFault(pass, `${label(task.root)} comes before ${label(node)}, which it reads`);
      const own = isStorage(node) && node.attrs === target && !copy;
      if (own && !readsInPlace(task, node, stored)) {
        throw new CompilerFault(pass, `${label(task.root)} overwrites storage #${target.id}, which it reads elsewhere`);
      }
    }
    if (target !== undefined) {
      if (written.has(target)) throw new CompilerFault(pass, `storage #${target.id} is written twice`);
      written.add(target);
    }
    if (!copy) made.add(task.root);
  }
}
