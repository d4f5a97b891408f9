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
 * @param inPieces kernels whose functions are also called for pieces of their work.
 */
export function shareBodies<Body>(
  kernels: readonly Kernel[],
  write: (kernel: Kernel, number: number, steps: readonly Call[]) => { body: Body; shared: boolean },
  inPieces: ReadonlySet<Kernel> = new Set(),
): { bodies: Body[]; calls: Call[] } {
  const bodies: Body[] = [];
  const keys = new KernelKeys();
  const known = new Map<string, { body: number; shared: boolean }>();
  const call = (kernel: Kernel): Call => {
    const steps = kernel.kind === "loop" ? kernel.steps.map(call) : [];
    const key = `${inPieces.has(kernel) ? "pieces " : ""}${keys.of(kernel)}`;
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
export function meetings(calls: readonly Call[], since = new Since()): boolean[] {
  return calls.map((call) => since.meets(call));
}

/** What kernels have touched since threads last met: those run by one thread, and those shared by all. */
export class Since {
  #byOne = new Hazards();
  #byAll = new Hazards();

  /** Whether a call needs results that another thread may not have finished. A single thread runs its kernels in order. */
  waits({ kernel, shared }: Call): boolean {
    return this.#byAll.conflictsWith(kernel) || (shared && this.#byOne.conflictsWith(kernel));
  }

  meet(): void {
    [this.#byOne, this.#byAll] = [new Hazards(), new Hazards()];
  }

  add({ kernel, shared }: Call): void {
    (shared ? this.#byAll : this.#byOne).add(kernel);
  }

  /** Goes on with a call; returns whether threads meet before it. */
  meets(call: Call): boolean {
    const meet = this.waits(call);
    if (meet) this.meet();
    this.add(call);
    return meet;
  }
}
