// A thread that, on request, repeats a loop for a while, together with others.
import { parentPort, workerData } from "node:worker_threads";
import { MAX_PAGES } from "#tidu/codegen/wasm/assembler.js";

/** Repetitions in one call: tens of microseconds. */
const CALL = 100;

const port = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);
/** @type {{ module: WebAssembly.Module, arrived: Int32Array }} */
const { module, arrived } = workerData;
const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES });
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
const run = /** @type {(count: number) => void} */ (exports.run);

port.on("message", (/** @type {{ milliseconds: number, team: number }} */ { milliseconds, team }) => {
  // All begin at once, because threads that took turns would seem to scale.
  Atomics.add(arrived, 0, 1);
  while (Atomics.load(arrived, 0) < team);
  const start = performance.now();
  let repetitions = 0;
  let elapsed = 0;
  for (; elapsed < milliseconds; elapsed = performance.now() - start, repetitions += CALL) run(CALL);
  port.postMessage({ repetitions, elapsed });
});
