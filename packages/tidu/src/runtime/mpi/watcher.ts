// A thread that says "I am here" to the next process and listens to the one before, so that nobody waits for ever for a process
// that was stopped, cut off or killed. It runs whatever the main thread computes.

/** What a watching thread is told. The number in `state`: whether to end. */
export interface Watch {
  readonly koffi: string;
  readonly library: string;
  readonly handle: string;
  readonly world: string | number | bigint;
  readonly int: string | number | bigint;
  readonly statusIgnore: bigint;
  readonly rank: number;
  readonly hosts: readonly string[];
  /** Seconds without a sign of life after which all is ended. */
  readonly patience: number;
  readonly state: SharedArrayBuffer;
}

/** Its program. Messages are a whole number: 1 for "here", 0 for the last one. */
export const WATCHER = `
const { workerData: w } = require("node:worker_threads");
const { writeSync } = require("node:fs");
const koffi = require(w.koffi);
const library = koffi.load(w.library, { global: true });
const call = (name, args) => library.func("int MPI_" + name + "(" + args.replaceAll("H", w.handle) + ")");
const value = (v) => typeof v === "string" ? library.symbol(v, "void*") : v;
const [world, int] = [value(w.world), value(w.int)];
const Isend = call("Isend", "void*, int, H, int, int, H, void*");
const Irecv = call("Irecv", "void*, int, H, int, int, H, void*");
const Test = call("Test", "void*, void*, void*");
const Abort = call("Abort", "H, int");
const size = w.hosts.length, next = (w.rank + 1) % size, before = (w.rank + size - 1) % size, TAG = 8191;
const room = (bytes) => new SharedArrayBuffer(bytes);
const [out, into, done] = [new Int32Array(room(4)), new Int32Array(room(4)), new Int32Array(room(4))];
const [sending, getting] = [new BigInt64Array(room(8)), new BigInt64Array(room(8))];
const state = new Int32Array(w.state);
const over = (request) => (Test(request, done, w.statusIgnore), done[0] !== 0);
let busy = false, listening = false, sentLast = false, gotLast = false;
let heard = performance.now(), said = 0, looked = heard;
for (;;) {
  const now = performance.now();
  // Whoever was stopped himself has heard nobody meanwhile.
  if (now - looked > 2000) heard = now;
  looked = now;
  if (busy && over(sending)) busy = false;
  const ending = state[0] === 1;
  if (!busy && !sentLast && (ending || now - said > 400)) {
    out[0] = ending ? 0 : 1;
    Isend(out, 1, int, next, TAG, world, sending);
    [busy, said, sentLast] = [true, now, ending];
  }
  if (!listening && !gotLast) {
    Irecv(into, 1, int, before, TAG, world, getting);
    listening = true;
  }
  if (listening && over(getting)) {
    [listening, heard, gotLast] = [false, now, into[0] === 0];
  }
  if (sentLast && !busy && gotLast) break;
  if (!gotLast && now - heard > 1000 * w.patience) {
    writeSync(2, "tidu: rank " + before + " on " + w.hosts[before] + " has given no sign of life for " + w.patience +
      " s (stopped, cut off or dead); rank " + w.rank + " on " + w.hosts[w.rank] + " ends the job\\n");
    Abort.async(world, 75, () => {});
    Atomics.wait(state, 1, 0, 1500);
    process.kill(process.pid, "SIGKILL");
  }
  Atomics.wait(state, 0, ending ? 1 : 0, ending ? 2 : 100);
}
`;
