// The threads of a device, which run one program together.
import { DeviceError } from "../../base/errors.js";
import { assembleModule } from "../../codegen/wasm/assembler.js";
import { BARRIER_BYTES, emitBarrier, PATIENCE, PATIENCE_AT } from "../../codegen/wasm/barrier.js";
import { type Held, pressure, releaseWith } from "../collector.js";
import type { Thread, ThreadStarter } from "../host.js";
import type { EngineMemory, Heap } from "./heap.js";
import { threadStarter } from "./threads.js";

/** Words of the control block, through which the calling thread controls the others. */
const WORD = {
  /** Number of the step; a change starts it. */
  step: 0,
  /** What to run: the program's id, its table, and how many threads take part. */
  program: 1,
  table: 2,
  threads: 3,
  /** Threads that have started. */
  ready: 4,
  /** The place of a program's code that is new to the threads, and the id of a program that they may forget. */
  code: 5,
  codeBytes: 6,
  forget: 7,
  /** The number of a thread that failed, and its message. */
  failed: 8,
  text: 9,
} as const;
const TEXT_BYTES = 220;

/** Roughly the bytes that a thread takes beside the engine's memory. */
const THREAD_BYTES = 16 * 2 ** 20;

/** Code that threads run. */
export interface ThreadProgram {
  /** A number of its own, from 1 on. */
  readonly id: number;
  /** The code from which the other threads compile the same program. */
  readonly code: Uint8Array;
  /** A thread's part. */
  readonly main: (table: number, thread: number, threads: number) => void;
}

/** The threads that a pool started. They end with the pool, even if it is not closed. */
class Others implements Held {
  readonly threads: Thread[] = [];

  add(thread: Thread): void {
    this.threads.push(thread);
    pressure.add(THREAD_BYTES);
  }

  release(): Promise<unknown> {
    const ending = this.threads.splice(0);
    pressure.remove(ending.length * THREAD_BYTES);
    return Promise.all(ending.map((thread) => thread.terminate()));
  }
}

let warned = false;

/** Warns once why programs run on one thread although more were requested. */
function warn(reason: unknown): void {
  if (warned) return;
  warned = true;
  console.warn(`tidu: computes on one thread, since others cannot be started here or have ended: ${reason}`);
}

/**
 * Steps of loops for which other threads are started, in all or of one program: about what one thread does in the time that
 * another takes to start. Small programs are done before, and a start beside them would only hold them up.
 */
const WORTH_STARTING = 2 ** 27;

/** Makes all threads run the same program at the same time. The calling thread is thread 0. */
export class ThreadPool {
  readonly #control: number;
  readonly #words: Int32Array;
  readonly #others = new Others();
  readonly #starter: ThreadStarter;
  /** Whether the other threads have been started, or never will be. */
  #begun = false;
  #closed = false;
  /** Steps of loops that programs have run here. */
  #done = 0;
  /** Ids of the programs that the other threads have, the one that ran last at the end. */
  readonly #known = new Set<number>();
  /** Address of the block that the programs' barriers use. */
  readonly barrier: number;

  /**
   * @param wanted threads, this one included. Others are started when there is work for them.
   * @param most the number of programs that threads keep; others are sent again.
   */
  constructor(
    readonly heap: Heap,
    readonly wanted: number,
    starter: ThreadStarter = threadStarter(),
    readonly most = 64,
  ) {
    this.#starter = starter;
    this.barrier = heap.allocate(BARRIER_BYTES);
    this.#control = heap.allocate(4 * WORD.text + TEXT_BYTES);
    this.#words = new Int32Array(heap.memory.buffer, this.#control, WORD.text);
    new Uint8Array(heap.memory.buffer, this.barrier, BARRIER_BYTES).fill(0);
    new Int32Array(heap.memory.buffer, this.barrier + PATIENCE_AT, 1)[0] = PATIENCE;
    this.#words.fill(0);
  }

  /** Starts the other threads if a program with so many steps is worth that, or all that have run. */
  prepare(work: number): void {
    if (Math.max(work, this.#done) >= WORTH_STARTING) this.start();
  }

  /** Starts the other threads, if that has not been done. */
  start(): void {
    if (this.#begun) return;
    this.#begun = true;
    if (this.wanted === 1) return;
    const message = {
      memory: this.heap.memory,
      control: this.#control,
      word: WORD,
      textBytes: TEXT_BYTES,
      barrier: new WebAssembly.Module(assembleModule([emitBarrier()], [["run", 0]], this.heap.shared)),
      block: this.barrier,
      patience: this.barrier + PATIENCE_AT,
    };
    releaseWith(this, this.#others);
    // A thread must not refer to the pool, or the pool could never be collected.
    const pool = new WeakRef(this);
    const failed = (reason: unknown) => {
      const still = pool.deref();
      if (still !== undefined) still.#lose(reason);
    };
    try {
      for (let i = 1; i < this.wanted; i++) this.#others.add(this.#starter({ ...message, thread: i }, failed));
    } catch (error) {
      this.#lose(error);
    }
  }

  /** Goes on alone, since a thread could not be started, or has ended. */
  #lose(reason: unknown): void {
    if (!this.#closed) warn(reason);
    void this.close();
  }

  /** Threads that there are or will be, this one included: 1 where no others could be started, or they have ended. */
  get threads(): number {
    return this.#begun ? this.#others.threads.length + 1 : this.wanted;
  }

  /** Threads that can take part now. Until all have started the caller works alone; the results are the same. */
  get available(): number {
    const others = this.#others.threads.length;
    // Memory that no threads share may have moved.
    return others > 0 && Atomics.load(this.#words, WORD.ready) === others ? others + 1 : 1;
  }

  /** Starts the threads; resolves when all can take part, or it is known that they never will. */
  async ready(): Promise<void> {
    this.start();
    while (this.available < this.threads) await new Promise((done) => setTimeout(done, 1));
  }

  /**
   * Runs a program on all threads, or only on this one; returns when all are done.
   *
   * @param work steps of its loops.
   * @throws DeviceError if a thread fails. The other threads are then ended, and what the program was to store may be
   *   anything.
   */
  run(program: ThreadProgram, table: number, alone: boolean, work = 0): void {
    if (!this.#begun && !alone) {
      this.prepare(0);
      this.#done += work;
    }
    const threads = alone ? 1 : this.available;
    const code = threads > 1 ? this.#teach(program) : undefined;
    if (threads > 1) this.#begin(program.id, table, threads);
    try {
      program.main(table, 0, threads);
    } catch (cause) {
      this.#checkOthers(threads);
      this.#fail(`thread 0 of ${threads} failed: ${cause}`, cause);
    }
    if (threads > 1) this.#checkOthers(threads);
    if (code !== undefined) this.heap.free(code);
  }

  /** Places new code where the other threads find it; once they have run it, they have copied it. */
  #teach({ id, code }: ThreadProgram): number | undefined {
    const known = this.#known.delete(id);
    this.#known.add(id);
    if (known) return undefined;
    const [oldest] = this.#known;
    this.#words[WORD.forget] = this.#known.size > this.most ? oldest : 0;
    if (this.#known.size > this.most) this.#known.delete(oldest);
    const start = this.heap.allocate(code.length);
    new Uint8Array(this.heap.memory.buffer, start, code.length).set(code);
    this.#words[WORD.code] = start;
    this.#words[WORD.codeBytes] = code.length;
    return start;
  }

  #begin(id: number, table: number, threads: number): void {
    this.#words[WORD.program] = id;
    this.#words[WORD.table] = table;
    this.#words[WORD.threads] = threads;
    Atomics.add(this.#words, WORD.step, 1);
    Atomics.notify(this.#words, WORD.step);
  }

  /** What code imports. */
  get imports(): { env: { memory: EngineMemory; look: () => void } } {
    return { env: { memory: this.heap.memory, look: this.#look } };
  }

  /**
   * Called while this thread waits long for the others, which may still be working. Throws if one of them has ended,
   * whether or not it could say so.
   */
  readonly #look = (): void => {
    if (Atomics.load(this.#words, WORD.failed) === 0) {
      if (this.#others.threads.every((thread) => thread.alive?.() !== false)) return;
    }
    throw new DeviceError("another thread has ended");
  };

  #text(): Uint8Array {
    return new Uint8Array(this.heap.memory.buffer, this.#control + 4 * WORD.text, TEXT_BYTES);
  }

  #checkOthers(threads: number): void {
    const failed = Atomics.load(this.#words, WORD.failed);
    if (failed === 0) return;
    const says = new TextDecoder().decode(this.#text().slice()).replace(/\0+$/, "");
    this.#fail(`thread ${failed} of ${threads} failed: ${says || "it has ended"}`);
  }

  #fail(problem: string, cause?: unknown): never {
    void this.close();
    const mend = "values that the program was to store may be wrong; load the weights again before you continue";
    throw new DeviceError(`${problem}; ${mend}`, { cause });
  }

  /** Ends the other threads; programs then run on the calling thread alone. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#begun = true;
    await this.#others.release();
  }
}
