// A thread of the engine. It waits for a number in shared memory to change, runs its part of the program that the
// change announced, and waits again. Plain JavaScript, so that it runs from source and from the build alike.

/** @typedef {{ memory: WebAssembly.Memory, control: number, thread: number }} Start */
/** @typedef {{ id: number, module: WebAssembly.Module }} Program */

/** Words of the control block: the number of the step, the program's id, its table, the number of threads. */
const STEP = 0;
const PROGRAM = 1;
const TABLE = 2;
const THREADS = 3;
const READY = 4;

/** Looks this often before it sleeps. */
const SPINS = 20000;

/**
 * @param {Start} start
 * @param {() => Program | undefined} receive takes the next message that announces a program, at once
 */
function serve({ memory, control, thread }, receive) {
  /** @type {Map<number, (table: number, thread: number, threads: number) => void>} */
  const programs = new Map();
  const words = new Int32Array(memory.buffer, control, 16);
  const learn = () => {
    for (let message = receive(); message !== undefined; message = receive()) {
      const instance = new WebAssembly.Instance(message.module, { env: { memory } });
      programs.set(message.id, /** @type {any} */ (instance.exports.run));
    }
  };
  let step = Atomics.load(words, STEP);
  Atomics.add(words, READY, 1);
  Atomics.notify(words, READY);
  for (;;) {
    for (let i = 0; i < SPINS && Atomics.load(words, STEP) === step; i++);
    Atomics.wait(words, STEP, step);
    if (Atomics.load(words, STEP) === step) continue;
    step = Atomics.load(words, STEP);
    const id = Atomics.load(words, PROGRAM);
    if (id < 0) return;
    if (!programs.has(id)) learn();
    programs.get(id)?.(Atomics.load(words, TABLE), thread, Atomics.load(words, THREADS));
  }
}

const node = typeof process === "object" && process.versions?.node !== undefined;
if (node) {
  const { receiveMessageOnPort, workerData } = await import("node:worker_threads");
  const port = /** @type {import("node:worker_threads").MessagePort} */ (workerData.port);
  serve(workerData.start, () => receiveMessageOnPort(port)?.message);
}
