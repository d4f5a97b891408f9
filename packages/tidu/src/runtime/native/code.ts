// A program's native code, which may still have to be compiled, and the way to run it.
import { DeviceError } from "../../base/errors.js";
import { ARENA_SLOT, type CProgram, FIRST_STORAGE, SCRATCH_SLOT } from "../../codegen/c/program.js";
import type { NativeStep } from "./library.js";
import type { Toolchain } from "./toolchain.js";

/** Steps that took less than this many milliseconds are run at once; others let the event loop go on meanwhile. */
const AT_ONCE = 0.3;

export class NativeCode {
  /** Set as soon as the code can run. */
  step: NativeStep | undefined;
  /** Whether threads divide the work; else one of them does it all. */
  readonly shared: boolean;
  #text: string;
  readonly #parts: number;
  #coming: Promise<NativeStep> | undefined;

  constructor(
    readonly tools: Toolchain,
    { text, parts, stats }: CProgram,
  ) {
    this.shared = stats.shared > 0;
    this.#parts = parts;
    this.step = tools.known(text);
    this.#text = this.step === undefined ? text : "";
  }

  /**
   * Compiles the program if that has not been done. After a failure, the next call tries again.
   *
   * @throws DeviceError where it cannot be compiled, kept or loaded.
   */
  load(): Promise<NativeStep> {
    this.#coming ??= this.#load().finally(() => {
      this.#coming = undefined;
    });
    return this.#coming;
  }

  async #load(): Promise<NativeStep> {
    if (this.step !== undefined) return this.step;
    this.step = await this.tools.make(this.#text, this.#parts);
    this.#text = "";
    return this.step;
  }
}

/** Runs a program's step repeatedly, on a table of addresses of its own. */
export class Runner {
  readonly #table: BigInt64Array;
  #took = Number.POSITIVE_INFINITY;

  /** @param scratch address of the threads' own memory. */
  constructor(
    count: number,
    scratch: bigint,
    readonly threads: number,
  ) {
    this.#table = new BigInt64Array(FIRST_STORAGE + count);
    this.#table[SCRATCH_SLOT] = scratch;
  }

  run(step: NativeStep, arena: bigint, blocks: readonly { readonly address: bigint }[]): Promise<void> | void {
    const table = this.#table;
    table[ARENA_SLOT] = arena;
    for (let i = 0; i < blocks.length; i++) table[FIRST_STORAGE + i] = blocks[i].address;
    const start = performance.now();
    const over = (): void => {
      this.#took = performance.now() - start;
    };
    if (this.#took >= AT_ONCE) return this.#beside(step).then(over);
    step(table, this.threads);
    over();
  }

  #beside(step: NativeStep): Promise<void> {
    return new Promise((done, fail) => {
      step.async(this.#table, this.threads, (error) => {
        if (error == null) done();
        else fail(new DeviceError(`native code: a step failed: ${error}`));
      });
    });
  }
}
