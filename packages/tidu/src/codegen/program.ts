// Which kernels of a program share a function, and before which kernels threads must wait for each other; the same in
// every language.
import type { Kernel } from "../compile/kernel.js";
import { Hazards } from "../plan/hazards.js";
import { KernelKeys } from "../plan/key.js";

/** A kernel, and the number of the function that does its work. */
export interface Call {
  readonly kernel: Kernel;
  readonly body: number;
  /** Whether threads divide the work; else one of them does it all. */
  readonly shared: boolean;
}

/**
 * The functions that all kernels need, those in loops, too; kernels of one key have one function.
 *
 * @param write makes the function of a kernel, given its number and, for a loop, the calls of its steps.
 */
export function shareBodies<Body>(
  kernels: readonly Kernel[],
  write: (kernel: Kernel, number: number, steps: readonly Call[]) => { body: Body; shared: boolean },
): { bodies: Body[]; calls: Call[] } {
  const bodies: Body[] = [];
  const keys = new KernelKeys();
  const known = new Map<string, { body: number; shared: boolean }>();
  const call = (kernel: Kernel): Call => {
    const steps = kernel.kind === "loop" ? kernel.steps.map(call) : [];
    const key = keys.of(kernel);
    let code = known.get(key);
    if (code === undefined) {
      const { body, shared } = write(kernel, bodies.length, steps);
      known.set(key, (code = { body: bodies.length, shared }));
      bodies.push(body);
    }
    return { kernel, ...code };
  };
  const calls = kernels.map(call);
  return { bodies, calls };
}

/**
 * For each call whether it needs results that another thread may not have finished, so that all threads must meet
 * before it.
 */
export function meetings(calls: readonly Call[]): boolean[] {
  // What kernels have touched since threads last met: those run by one thread, and those shared by all. A single thread
  // runs its kernels in order.
  let [byOne, byAll] = [new Hazards(), new Hazards()];
  return calls.map(({ kernel, shared }) => {
    const meet = byAll.conflictsWith(kernel) || (shared && byOne.conflictsWith(kernel));
    if (meet) [byOne, byAll] = [new Hazards(), new Hazards()];
    (shared ? byAll : byOne).add(kernel);
    return meet;
  });
}
