// The form of every kernel's part of a shader.
import type { Buffer } from "../../compile/kernel.js";
import type { Bindings } from "./binding.js";
import type { Writer } from "./text.js";

/** Threads of a workgroup. */
export const THREADS = 256;

/** What one kernel does in its workgroups: it finds its number in `group`, a thread's in `lane`. */
export interface Body {
  readonly groups: number;
  /** Steps that a thread takes one after the other, roughly. */
  readonly steps: number;
  /** Numbers for each thread that it needs of the array `lanes`. */
  readonly lanes: number;
  /** How many vec4<f32> of the array `tile` it needs. */
  readonly tile?: number;
  /** How many vec4<f16> of the array `halves` it needs. */
  readonly halves?: number;
  /** Buffers that it would rather see by four elements. */
  readonly fours?: readonly Buffer[];
  print(w: Writer, bindings: Bindings): void;
}
