// The thread of `workerSource`: runs the module that it is told and sends what that yields, never more than two
// deliveries ahead of what has been taken. Plain JavaScript, so that it runs from source and from the build alike.
import { parentPort, workerData } from "node:worker_threads";

/** @typedef {import("../base/dtype.js").TypedArray} TypedArray */
/** @typedef {{ input: TypedArray, target: number | ArrayLike<number> }} Sample */
/** @typedef {import("./stream-samples.js").StreamSample} Given */

const { module, epoch, data, size } = workerData;
const port = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);

/** Deliveries that may be sent. */
let free = 2;
let wake = () => {};
port.on("message", () => {
  free++;
  wake();
});

/** @param {Sample[]} samples @param {boolean} last */
async function send(samples, last) {
  while (free === 0) await new Promise((/** @type {(_: void) => void} */ done) => (wake = done));
  free--;
  const buffers = samples.map(({ input }) => /** @type {ArrayBuffer} */ (input.buffer));
  port.postMessage({ samples, last }, buffers);
}

const { slice } = Object.getPrototypeOf(Uint8Array.prototype);

/** A sample with memory of its own: its arrays may be small parts of large buffers, which would be sent whole. */
const own = async (/** @type {Given} */ { input, target }) => ({
  // Functions cannot be sent: inputs are read here, needed or not.
  input: slice.call(typeof input === "function" ? await input() : input),
  target: typeof target === "number" ? target : Float32Array.from(target),
});

const { default: source } = await import(module);
/** @type {Sample[]} */
let samples = [];
for await (const sample of source(epoch, data)) {
  samples.push(await own(sample));
  if (samples.length < size) continue;
  await send(samples, false);
  samples = [];
}
await send(samples, true);
port.close();
