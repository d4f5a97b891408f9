// A thread that sends signs of life to the next process and listens to the one before, so that no process waits forever
// for one that was stopped, cut off or killed, or that makes other calls. It runs whatever the main thread computes.
import { ENTRY, KINDS, REMEMBERED } from "./calls.js";

/**
 * The longest that MPI_Finalize may take, in milliseconds. With MPICH 4.0 over UCX's TCP it sometimes never ends, in C
 * programs too.
 */
const LAST = 5000;

/**
 * Milliseconds that a launcher is given to pass on what processes have written, before they are ended. A launcher that
 * is told to end a job passes on nothing more.
 */
export const PASSING_ON = 300;

/** Values of the first number of a watching thread's state. */
export const WATCHED = { running: 0, ending: 1, over: 2 } as const;

/** The input of a watching thread. The numbers in `state`: one of `WATCHED`, the exit code, and one that stays 0. */
export interface Watch {
  readonly koffi: string;
  readonly library: string;
  readonly handle: string;
  readonly world: string | number | bigint;
  readonly int: string | number | bigint;
  readonly statusIgnore: bigint;
  readonly rank: number;
  readonly hosts: readonly string[];
  /** Seconds without a sign of life after which all processes are ended. */
  readonly patience: number;
  readonly state: SharedArrayBuffer;
  /** The memory of `Calls`. */
  readonly calls: SharedArrayBuffer;
}

/**
 * Its program. A message is a whole number, 1 for "here", 0 for the last message, 2 for "end all", and the entry of the
 * last call. The thread reports when it no longer uses MPI.
 */
export const WATCHER = `
const { workerData: w, parentPort } = require("node:worker_threads");
const { writeSync } = require("node:fs");
const koffi = require(w.koffi);
// MPICH takes more of a stack than koffi gives.
koffi.config({ ...koffi.config(), async_stack_size: 1 << 20 });
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
const LENGTH = ${1 + ENTRY}, KINDS = ${JSON.stringify(KINDS)};
const [out, into, done] = [new Int32Array(room(4 * LENGTH)), new Int32Array(room(4 * LENGTH)), new Int32Array(room(4))];
const [sending, getting] = [new BigInt64Array(room(8)), new BigInt64Array(room(8))];
const state = new Int32Array(w.state), calls = new Int32Array(w.calls);
const over = (request) => (Test(request, done, w.statusIgnore), done[0] !== 0);
// A launcher that is cut off cannot end those on this side: they tell each other, and end themselves.
const endAll = () => {
  out[0] = 2;
  Isend(out, LENGTH, int, next, TAG, world, sending);
  for (const start = performance.now(); !over(sending) && performance.now() - start < 200; ) Atomics.wait(state, 2, 0, 2);
  Abort.async(world, 75, () => {});
  Atomics.wait(state, 2, 0, 1500);
  process.kill(process.pid, "SIGKILL");
};
const endWith = (text) => {
  writeSync(2, "tidu: " + text + "; rank " + w.rank + " on " + w.hosts[w.rank] + " ends the job\\n");
  Atomics.wait(state, 2, 0, ${PASSING_ON});
  endAll();
};
// The entry of a call; undefined where it is no longer, or not yet, there.
const entryOf = (n) => {
  const at = 1 + ${ENTRY} * (n % ${REMEMBERED}), before = Atomics.load(calls, at);
  const entry = calls.slice(at, at + ${ENTRY});
  return before === n && Atomics.load(calls, at) === n ? entry : undefined;
};
const describe = ([n, kind, size], rank) =>
  "call " + n + " of rank " + rank + " on " + w.hosts[rank] + " is " + KINDS[kind] + (size > 0 ? " of " + size + " numbers" : "");
const differ = (own, theirs) => endWith(describe(own, w.rank) + ", " + describe(theirs, before) +
  (own.every((x, i) => i === ${ENTRY - 1} || x === theirs[i]) ? ", and earlier ones differed" : "") +
  "; make the same calls in all processes, in one order, and let an error end its process instead of closing the world");
let theirs = new Int32Array(${ENTRY});
let busy = false, listening = false, sentLast = false, gotLast = false;
let heard = performance.now(), said = 0, looked = heard;
for (;;) {
  const now = performance.now();
  // A process that was stopped itself has heard no other meanwhile.
  if (now - looked > 2000) heard = now;
  looked = now;
  if (busy && over(sending)) busy = false;
  const ending = state[0] === ${WATCHED.ending};
  if (!busy && !sentLast && (ending || now - said > 400)) {
    const last = entryOf(Atomics.load(calls, 0));
    if (last !== undefined) {
      out.set([ending ? 0 : 1, ...last]);
      Isend(out, LENGTH, int, next, TAG, world, sending);
      [busy, said, sentLast] = [true, now, ending];
    }
  }
  if (!listening && !gotLast) {
    Irecv(into, LENGTH, int, before, TAG, world, getting);
    listening = true;
  }
  if (listening && over(getting)) {
    if (into[0] === 2) endAll();
    [listening, heard, gotLast, theirs] = [false, now, into[0] === 0, into.slice(1)];
  }
  const own = ending && gotLast ? entryOf(Atomics.load(calls, 0)) : entryOf(theirs[0]);
  if (own !== undefined && own.some((x, i) => x !== theirs[i])) differ(own, theirs);
  if (sentLast && !busy && gotLast) break;
  if (!gotLast && now - heard > 1000 * w.patience) {
    endWith("rank " + before + " on " + w.hosts[before] + " has given no sign of life for " + w.patience +
      " s (stopped, cut off or dead)");
  }
  Atomics.wait(state, 0, ending ? ${WATCHED.ending} : ${WATCHED.running}, ending ? 2 : 100);
}
parentPort.postMessage("done");
if (Atomics.wait(state, 0, ${WATCHED.ending}, ${LAST}) === "timed-out") koffi.load(null).func("void _exit(int)")(state[1]);
`;
