// A program's native code, which may still have to be compiled, and the way to run it.
import { DeviceError } from "../../base/errors.js";
import { ARENA_SLOT, FIRST_STORAGE, SCRATCH_SLOT } from "../../codegen/c/program.js";
import type { NativeStep } from "./library.js";
import type { Found, Toolchain } from "./toolchain.js";

/** Steps that took less than this many milliseconds are run at once; others let the event loop go on meanwhile. */
const AT_ONCE = 0.3;

/** C that can be compiled in so many parts at once. */
export interface Source {
  readonly text: string;
  readonly parts: number;
}

export class NativeCode {
  /** The key of its library. */
  readonly library: string;
  /** Set as soon as the code can run. */
  step: NativeStep | undefined;
  #source: Source | undefined;
  #coming: Promise<NativeStep> | undefined;

  /**
   * @param shared whether threads divide the work; else one of them does it all.
   * @param source needed where its library is not there.
   */
  constructor(
    readonly tools: Toolchain,
    readonly shared: boolean,
    { library, step }: Found,
    source?: Source,
  ) {
    this.library = library;
    this.step = step;
    this.#source = step === undefined ? source : undefined;
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
    if (this.#source !== undefined) this.step = await this.tools.make(this.#source.text, this.#source.parts);
    this.#source = undefined;
    return this.step as NativeStep;
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
