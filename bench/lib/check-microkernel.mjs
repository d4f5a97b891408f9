import { MAX_PAGES } from "#tidu/codegen/wasm/assembler.js";
import { fill } from "../values.mjs";
import { COLUMNS, DEPTH, PANELS, ROWS } from "./loops.mjs";

/**
 * Runs the microkernel once on known panels, because the rate of a wrong kernel would mean nothing.
 *
 * @param {import("./loops.mjs").RateLoop} loop
 * @throws Error where a sum is not what it should be
 */
export function checkMicrokernel(loop) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(loop.bytes), { env: { memory } });
  const view = (/** @type {number} */ start, /** @type {number} */ size) =>
    new Float32Array(memory.buffer, start, size);
  const [left, right] = [fill(DEPTH * ROWS, 1, 1), fill(DEPTH * COLUMNS, 2, 1)];
  view(PANELS.rows, left.length).set(left);
  view(PANELS.columns, right.length).set(right);
  /** @type {(count: number) => void} */ (exports.run)(2);
  view(PANELS.sums, ROWS * COLUMNS).forEach((sum, at) => {
    const [i, j] = [Math.floor(at / COLUMNS), at % COLUMNS];
    let wanted = 0;
    for (let k = 0; k < DEPTH; k++) wanted += left[k * ROWS + i] * right[k * COLUMNS + j];
    if (!(Math.abs(sum - wanted) < 1e-4)) throw new Error(`microkernel: sum ${i}, ${j} is ${sum}, not ${wanted}`);
  });
}
