import type { TypedArray } from "../../base/dtype.js";

/**
 * What makes 256-bit instructions of pairs of 128-bit ones. WebAssembly has none of 256 bits, so that only an engine
 * that can be asked for more has one: Node's (joining.ts). Pages do without, and need not load it.
 */
export interface Joiner {
  /** Whether engine and processor can do it. */
  able(): boolean;
  /** Compiles code so that pairs are joined. */
  compile(code: Uint8Array<ArrayBuffer>): WebAssembly.Module;
  /**
   * Runs a program twice on the same data: by code that is trusted, then by code that is new. What the first left is
   * what counts.
   *
   * @param written views of all that the program writes and leaves behind; asked for anew, since memory may move.
   * @returns whether the new code left the same, bit for bit; any NaN is as good as any other.
   */
  agree(written: () => readonly TypedArray[], trusted: () => void, fresh: () => void): boolean;
}

/** The one of this process, if there is one. */
export const joiner: { here?: Joiner } = {};

/** The one of this process, if it can do it. */
export const ableJoiner = (): Joiner | undefined => (joiner.here?.able() ? joiner.here : undefined);
