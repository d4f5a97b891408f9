// The processes that MPI started together.
import { checkOptions, positive, refuseShape } from "../../base/check.js";
import type { DType } from "../../base/dtype.js";
import { DeviceError } from "../../base/errors.js";
import { needNodeModules } from "../../base/node.js";
import { allReduce } from "../../graph/ops/index.js";
import { checkTensor, Tensor } from "../../tensor/tensor.js";
import { type Collection, type Communicator, gatherJson } from "../collective/communicator.js";
import { Everyone } from "../collective/shards.js";
import { processors } from "../node/machine.js";
import { Calls, ENTRY, type Kind } from "./calls.js";
import { checkSame, codeOf, type Hello, processorList, threadsFor } from "./hello.js";
import { cutOff, launch } from "./launcher.js";
import { Mpi } from "./library.js";
import { PASSING_ON, WATCHED, WATCHER, type Watch } from "./watcher.js";

/** Options of `mpi`. */
export interface MpiOptions {
  /**
   * Seconds without a sign of life from a process after which the job ends. Default 6. A separate thread sends these
   * signs, so long computations do not end the job.
   */
  readonly patience?: number;
}

type Thread = InstanceType<typeof import("node:worker_threads").Worker>;

const THREAD_MULTIPLE = 3;
/** Types of which f32 does not hold every value. */
const TOO_WIDE: readonly DType[] = ["i32", "i64", "f64"];
const room = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);

/** The processes of an MPI job, seen from one of them. `mpi()` makes it. */
export class World implements Communicator {
  readonly rank: number;
  readonly size: number;
  /** The host of each process. */
  readonly hosts: readonly string[];
  /** Threads that this process should compute on: the host's processors divided among its processes. */
  readonly threads: number;
  /** The library's own version text. */
  readonly library: string;
  readonly #mpi: Mpi;
  readonly #everyone: Everyone;
  /** Those that are free. */
  readonly #requests: BigInt64Array[] = [];
  readonly #flag = new Int32Array(room(4));
  readonly #sleep = new Int32Array(room(4));
  readonly #state = room(12);
  readonly #calls = new Calls();
  #watcher: Thread | undefined;
  #sent = 0;
  #closed = false;

  /** @throws as `mpi` does. */
  constructor(options: MpiOptions = {}) {
    const started = launch();
    if (started === undefined) {
      throw new DeviceError(
        "mpi: this process was not started by MPI; start it as mpirun -np 4 node app.js, or by srun --mpi=pmix",
      );
    }
    this.#mpi = Mpi.load(started);
    const { call, version } = this.#mpi;
    this.library = version;
    call.Initialized(this.#flag);
    if (this.#flag[0] !== 0) {
      throw new DeviceError("mpi: MPI has already started in this process; call mpi() once, and pass its world on");
    }
    const lost = cutOff();
    if (lost !== undefined) throw lost;
    const [level, rank, size] = [new Int32Array(1), new Int32Array(1), new Int32Array(1)];
    this.#mpi.check("MPI_Init_thread", call.Init_thread(null, null, THREAD_MULTIPLE, level));
    const { world, errorsReturn } = this.#mpi.handles;
    call.Comm_rank(world, rank);
    call.Comm_size(world, size);
    [this.rank, this.size] = [rank[0], size[0]];
    if ((started.processes ?? this.size) !== this.size) {
      throw new DeviceError(
        `mpi: ${started.by} started ${started.processes} processes, but ${this.#mpi.path} (${version}) sees ${this.size}; use the launcher of this library, or name the launcher's library in TIDU_MPI_LIBRARY`,
      );
    }
    call.Comm_set_errhandler(world, errorsReturn);
    process.once("exit", (code) => this.#leave(code));
    const all = this.#greet();
    this.hosts = all.map(({ host }) => host);
    this.threads = threadsFor(all, this.rank, processors());
    this.#everyone = new Everyone(this.size, this);
    if (this.size > 1 && level[0] === THREAD_MULTIPLE) this.#watch(options.patience ?? 6);
  }

  /** Exchanges descriptions with all processes. */
  #greet(): Hello[] {
    const os = needNodeModules("mpi", "")("node:os");
    const mine: Hello = {
      host: os.hostname(),
      node: process.versions.node,
      code: codeOf(),
      processors: processorList(),
    };
    const all = gatherJson(this, mine);
    checkSame(all);
    return all;
  }

  #watch(patience: number): void {
    const { Worker } = needNodeModules("mpi", "")("node:worker_threads");
    const { constants, koffi, path } = this.#mpi;
    const { handle, world, int, statusIgnore } = constants;
    const { rank, hosts } = this;
    const told: Watch = {
      koffi,
      library: path,
      handle,
      world,
      int,
      statusIgnore,
      rank,
      hosts,
      patience,
      state: this.#state,
      calls: this.#calls.memory,
    };
    this.#watcher = new Worker(WATCHER, { eval: true, workerData: told });
    this.#watcher.unref();
  }

  /** This process's host. */
  get host(): string {
    return this.hosts[this.rank];
  }

  get sent(): number {
    return this.#sent;
  }

  /**
   * The sum of a tensor over all processes, in f32, in the order of their ranks; every process must call it.
   *
   * @throws ShapeError for i32, i64 and f64, whose values f32 may not hold.
   */
  allReduce(x: Tensor): Tensor {
    checkTensor("allReduce", "x", x);
    if (TOO_WIDE.includes(x.dtype))
      refuseShape(
        "allReduce",
        "x",
        x,
        "of a type whose values f32 holds, since sums are f32; convert it with toFloat()",
      );
    return new Tensor(allReduce(x.toFloat().node, this.#everyone));
  }

  exchange(give: Float32Array, giveCounts: readonly number[], take: Float32Array, takeCounts: readonly number[]): void {
    const { float } = this.#mpi.handles;
    const [giving, taking] = [layout(giveCounts), layout(takeCounts)];
    this.#calls.add("a sum");
    this.#do("Ialltoallv", give, giving.counts, giving.starts, float, take, taking.counts, taking.starts, float);
    giveCounts.forEach((n, rank) => {
      if (rank !== this.rank) this.#sent += 4 * n;
    });
  }

  collect(...collections: readonly Collection[]): void {
    const { float } = this.#mpi.handles;
    this.#calls.add(
      "the end of a sum",
      collections.flatMap(({ counts }) => counts).reduce((sum, n) => sum + n, 0),
    );
    const started = collections.map(({ part, all, counts }) => {
      const to = layout(counts);
      this.#sent += 4 * part.length * (this.size - 1);
      return this.#start("Iallgatherv", part, part.length, float, all, to.counts, to.starts, float);
    });
    for (const request of started) this.#end("Iallgatherv", request);
  }

  gather(bytes: Uint8Array): Uint8Array[] {
    const { byte } = this.#mpi.handles;
    const to = layout(this.#tell("a comparison (as fit begins, or an epoch or an evaluation ends)", bytes.length));
    const [own, all] = [new Uint8Array(room(bytes.length + 1)), new Uint8Array(room(to.total + 1))];
    own.set(bytes);
    this.#do("Iallgatherv", own, bytes.length, byte, all, to.counts, to.starts, byte);
    return [...to.counts].map((n, rank) => all.slice(to.starts[rank], to.starts[rank] + n));
  }

  any(flag: boolean): boolean {
    return this.#tell("a vote (whether training stops)", flag ? 1 : 0).some((x) => x !== 0);
  }

  /** A number of every process. Throws DeviceError where they do not make the same call. */
  #tell(kind: Kind, value: number): number[] {
    const { int } = this.#mpi.handles;
    const call = [...this.#calls.add(kind)];
    const [mine, all] = [new Int32Array(room(4 * (ENTRY + 1))), new Int32Array(room(4 * (ENTRY + 1) * this.size))];
    mine.set([...call, value]);
    this.#do("Iallgather", mine, ENTRY + 1, int, all, ENTRY + 1, int);
    const each = Array.from({ length: this.size }, (_, rank) => [
      ...all.subarray((ENTRY + 1) * rank, (ENTRY + 1) * (rank + 1)),
    ]);
    const other = each.findIndex((numbers) => call.some((x, i) => x !== numbers[i]));
    if (other >= 0) {
      this.#leaveToWatchers();
      throw new DeviceError(
        `mpi: rank ${this.rank} on ${this.host} is at ${kind}, its call ${call[0]}, and rank ${other} on ${this.hosts[other]} at another call; make the same calls in all processes, in one order`,
      );
    }
    return each.map((numbers) => numbers[ENTRY]);
  }

  /** Time for the watching threads to end the job: they know which calls differ, and whose. */
  #leaveToWatchers(): void {
    Atomics.wait(this.#sleep, 0, 0, 2000);
  }

  /** Starts a collective call and waits for its end. Its buffers must be shared memory. */
  #do(name: string, ...args: unknown[]): void {
    this.#end(name, this.#start(name, ...args));
  }

  #start(name: string, ...args: unknown[]): BigInt64Array {
    if (this.#closed) throw new DeviceError("mpi: the world was closed; use it before its close()");
    const { call, handles } = this.#mpi;
    const request = this.#requests.pop() ?? new BigInt64Array(room(8));
    this.#mpi.check(`MPI_${name}`, call[name](...args, handles.world, request));
    return request;
  }

  #end(name: string, request: BigInt64Array): void {
    const { call, constants } = this.#mpi;
    const began = performance.now();
    for (let looks = 0; ; looks++) {
      const code = call.Test(request, this.#flag, constants.statusIgnore);
      if (code !== 0) this.#leaveToWatchers();
      this.#mpi.check(`MPI_${name}`, code);
      if (this.#flag[0] !== 0) return void this.#requests.push(request);
      // Other processes may need this processor to get here.
      if (looks > 20) Atomics.wait(this.#sleep, 0, 0, performance.now() - began > 20 ? 0.5 : 0.05);
    }
  }

  /**
   * Waits for all processes, and ends MPI. Each must call it, as its last call; a process that ends without it fails. If
   * the library does not finish, the process ends after 5 seconds with `process.exitCode`.
   *
   * @throws DeviceError where other processes make other calls: do not close after an error in one process alone.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#tell("close()", 0);
    this.#closed = true;
    const watcher = this.#watcher;
    const state = new Int32Array(this.#state);
    const tell = (what: number): void => {
      Atomics.store(state, 0, what);
      Atomics.notify(state, 0);
    };
    if (watcher !== undefined) {
      state[1] = Number(process.exitCode ?? 0);
      const done = new Promise((next) => watcher.once("message", next));
      watcher.ref();
      tell(WATCHED.ending);
      await done;
    }
    this.#mpi.check("MPI_Finalize", this.#mpi.call.Finalize());
    tell(WATCHED.over);
  }

  /** A process that comes to its end before `close()`, as if all were well, leaves the others' work incomplete. */
  #leave(code: number): void {
    if (this.#closed || code !== 0) return;
    console.error(
      `tidu: rank ${this.rank} on ${this.host} ended without close(), so that the job may be incomplete; await world.close() last in each process`,
    );
    process.exitCode = 1;
  }

  /** Ends all processes, this one included, with an exit code, 0.3 s after the call. */
  abort(code: number): void {
    if (this.#closed) return;
    Atomics.wait(this.#sleep, 0, 0, PASSING_ON);
    this.#mpi.call.Abort(this.#mpi.handles.world, code);
  }
}

/** The counts and starts of parts of these sizes, one after the other. */
function layout(sizes: readonly number[]): { counts: Int32Array; starts: Int32Array; total: number } {
  const [counts, starts] = [new Int32Array(room(4 * sizes.length)), new Int32Array(room(4 * sizes.length))];
  let total = 0;
  sizes.forEach((size, i) => {
    counts[i] = size;
    starts[i] = total;
    total += size;
  });
  return { counts, starts, total };
}

/**
 * The processes that MPI started together with this one: `const world = await mpi()`, in each of them, before anything
 * else.
 * Open MPI and MPICH with their relatives (Intel MPI, MVAPICH), through the package koffi.
 *
 * @throws DeviceError without an MPI library or koffi, in a process that was started alone or has started MPI before, for
 *   a launcher of another library, and where processes run different versions of Node or Tidu.
 *
 * @example
 * ```ts
 * import { isLaunched, mpi } from "tidu/mpi";
 *
 * // `mpirun -np 4 node app.js` starts four processes, of the ranks 0 to 3.
 * const world = isLaunched() ? await mpi() : undefined;
 * console.log(world === undefined ? "one process" : `process ${world.rank} of ${world.size}`); // one process
 * await world?.close();
 * ```
 */
export async function mpi(options: MpiOptions = {}): Promise<World> {
  checkOptions("mpi", options, { patience: positive });
  return new World(options);
}
