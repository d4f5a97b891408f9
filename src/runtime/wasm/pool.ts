import type { MessagePort, Worker } from "node:worker_threads";
import { BARRIER_BYTES } from "../../codegen/wasm/barrier.js";
import type { Heap } from "./heap.js";

/** Words of the control block; worker.js has the same numbers. */
const STEP = 0;
const PROGRAM = 1;
const TABLE = 2;
const THREADS = 3;
const READY = 4;

/** Makes all threads run the same program at the same time. The calling thread is thread 0. */
export class ThreadPool {
  readonly #words: Int32Array;
  readonly #control: number;
  readonly #ports: MessagePort[] = [];
  readonly #workers: Worker[] = [];
  #starting: Promise<void> | undefined;
  #failed = false;
  /** Address of the block that the programs' barriers use. */
  readonly barrier: number;

  constructor(
    readonly heap: Heap,
    /** Threads wanted, this one included. */
    readonly threads: number,
  ) {
    this.barrier = heap.allocate(BARRIER_BYTES);
    this.#control = heap.allocate(64);
    this.#words = new Int32Array(heap.memory.buffer, this.#control, 16);
    new Uint8Array(heap.memory.buffer, this.barrier, BARRIER_BYTES).fill(0);
    this.#words.fill(0);
    if (threads > 1) this.#starting = this.#start();
  }

  async #start(): Promise<void> {
    const { MessageChannel, Worker } = await import("node:worker_threads");
    for (let thread = 1; thread < this.threads; thread++) {
      const { port1, port2 } = new MessageChannel();
      const start = { memory: this.heap.memory, control: this.#control, thread };
      const worker = new Worker(new URL("./worker.js", import.meta.url), {
        workerData: { start, port: port2 },
        transferList: [port2],
      });
      worker.on("error", () => {
        this.#failed = true;
      });
      worker.unref();
      port1.unref();
      this.#ports.push(port1);
      this.#workers.push(worker);
    }
  }

  /** Threads that can take part now. Until all have started the caller works alone; the results are the same. */
  get available(): number {
    const all = this.threads > 1 && !this.#failed && Atomics.load(this.#words, READY) === this.threads - 1;
    return all ? this.threads : 1;
  }

  /** Resolves when all threads can take part. */
  async ready(): Promise<void> {
    await this.#starting;
    while (this.available < this.threads && !this.#failed) await new Promise((done) => setTimeout(done, 1));
  }

  /** Tells all threads of a program before its first run. */
  announce(id: number, module: WebAssembly.Module): void {
    const send = () => this.#ports.forEach((p) => p.postMessage({ id, module }));
    if (this.#starting !== undefined && this.#ports.length === 0) void this.#starting.then(send);
    else send();
  }

  /** Runs a program on all threads; returns when all are done. */
  run(id: number, table: number, main: (table: number, thread: number, threads: number) => void): void {
    const threads = this.available;
    if (threads > 1) {
      Atomics.store(this.#words, PROGRAM, id);
      Atomics.store(this.#words, TABLE, table);
      Atomics.store(this.#words, THREADS, threads);
      Atomics.add(this.#words, STEP, 1);
      Atomics.notify(this.#words, STEP);
    }
    main(table, 0, threads);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#starting;
    this.#failed = true;
    await Promise.all(this.#workers.map((w) => w.terminate()));
  }
}
