import type { Tensor } from "./tensor.js";

/** What is known while a function is being traced into a program. */
export interface Trace {
  /** Each random generator's state before the step. */
  readonly generators: Map<object, Tensor>;
  /** Random draws so far. */
  draws: number;
}

let current: Trace | undefined;

/** The trace under way, if any. */
export const tracing = (): Trace | undefined => current;

/** Runs `body` under a new trace. */
export function withTrace<T>(body: () => T): T {
  const outer = current;
  current = { generators: new Map(), draws: 0 };
  try {
    return body();
  } finally {
    current = outer;
  }
}
