// The interface between the compiler and loops.
import type { Node, Storage } from "../graph/node.js";
import type { Buffer, Kernel, MakeBuffer } from "./kernel.js";
import type { Schedule } from "./schedule.js";
import type { Target } from "./target.js";

/** Where the program of a loop's step finds values, and leaves them: storages that are parts of the program around it. */
export interface Places {
  /**
   * Tells the strides of values in storages, and removes from `fixed` those whose strides may be chosen.
   *
   * @param targets values that are computed into storages.
   */
  know(stored: ReadonlySet<Node>, targets: ReadonlyMap<Node, Storage>, fixed: Set<Node>, known: Laid): void;
  stridesOf(storage: Storage, layouts: ReadonlyMap<Node, readonly number[]>): readonly number[] | undefined;
}

/** Strides that are decided, and values that share the strides of others. */
export interface Laid {
  readonly strides: Map<Node, readonly number[]>;
  readonly ties: Map<Node, readonly Node[]>;
}

/** The program around a loop, before its memory is laid out: a loop adds what it has decided. */
export interface Outside {
  readonly plan: Schedule;
  /** Values whose layout is decided, and strides of those that are not row-major. */
  readonly fixed: Set<Node>;
  readonly strides: Map<Node, readonly number[]>;
  readonly target: Target;
}

/** Lowers the program around a loop: see lower.ts. */
export interface Lowers {
  readonly bufferOf: (node: Node) => Buffer;
  readonly make: MakeBuffer;
  put(x: Node, name: string, buffer: Buffer, strides: readonly number[], start: number): Kernel;
}

/** Makes the kernels of a loop, and those that prepare and finish it. */
export type LowerLoop = (lowering: Lowers) => Kernel[];
export type CompileLoop = (loop: Node<"loop">, outside: Outside) => LowerLoop;
