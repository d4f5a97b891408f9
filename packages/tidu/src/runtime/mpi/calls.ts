// The calls that a process has made, for others to compare with theirs: processes whose calls differ would mix up what
// they send, or wait for each other forever.

/** What processes call together, in the words of messages. */
export const KINDS = [
  "none yet",
  "a sum",
  "the end of a sum",
  "a comparison (as fit begins, or an epoch or an evaluation ends)",
  "a vote (whether training stops)",
  "close()",
] as const;
export type Kind = (typeof KINDS)[number];

/** The numbers that describe a call: which one it is, its kind, its size where all have the same, a digest of all up to it. */
export const ENTRY = 4;
/** How many of the last calls are remembered. */
export const REMEMBERED = 1024;

/** What a process has called, in memory that its watching thread reads: the number of calls, then the last ones. */
export class Calls {
  readonly memory = new SharedArrayBuffer(4 * (1 + ENTRY * REMEMBERED));
  readonly #numbers = new Int32Array(this.memory);
  #made = 0;
  #digest = 0;

  /** The entry of a new call. */
  add(kind: Kind, size = 0): Int32Array {
    const what = KINDS.indexOf(kind);
    this.#made = (this.#made + 1) & 0x7fffffff;
    for (const x of [what, size]) this.#digest = Math.imul(this.#digest ^ x, 0x01000193) ^ (this.#digest >>> 15);
    const entry = Int32Array.of(this.#made, what, size, this.#digest);
    const at = 1 + ENTRY * (this.#made % REMEMBERED);
    // A reader that finds the same first number before and after has read one entry.
    Atomics.store(this.#numbers, at, -1);
    for (let i = 1; i < ENTRY; i++) Atomics.store(this.#numbers, at + i, entry[i]);
    Atomics.store(this.#numbers, at, this.#made);
    Atomics.store(this.#numbers, 0, this.#made);
    return entry;
  }
}
